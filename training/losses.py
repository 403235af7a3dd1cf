"""What the autoencoder is told besides the plain difference, which alone would average cymbals and breath away."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

SCALES = 3
TEXTURE_WINDOW = 8


def reconstruction_loss(output: Tensor, target: Tensor) -> Tensor:
    """Difference, differences of slopes at several scales, and of local roughness; images (B, 1, bands, columns)."""
    loss = (output - target).abs().mean()
    loss = loss + 0.5 * texture_loss(output, target)
    for scale in range(SCALES):
        for axis in (-1, -2):
            loss = loss + 0.4 * (output.diff(dim=axis) - target.diff(dim=axis)).abs().mean() / 2**scale
        output, target = functional.avg_pool2d(output, 2), functional.avg_pool2d(target, 2)
        if scale:
            loss = loss + 0.3 * (output - target).abs().mean()
    return loss


def texture_loss(output: Tensor, target: Tensor) -> Tensor:
    """How rough each patch is must agree, even where the grains themselves cannot."""
    loss = output.new_zeros(())
    for axis in (-1, -2):
        ours = functional.avg_pool2d(output.diff(dim=axis).abs(), TEXTURE_WINDOW)
        theirs = functional.avg_pool2d(target.diff(dim=axis).abs(), TEXTURE_WINDOW)
        loss = loss + (ours - theirs).abs().mean()
    return loss


class PatchDiscriminator(nn.Module):
    """Judges patches of an image as real or made (Isola et al. 2017), small."""

    def __init__(self, width: int = 24) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            [
                nn.Conv2d(1, width, 4, 2, 1),
                nn.Conv2d(width, 2 * width, 4, 2, 1),
                nn.Conv2d(2 * width, 3 * width, 4, 2, 1),
                nn.Conv2d(3 * width, 1, 3, 1, 1),
            ]
        )

    def forward(self, images: Tensor) -> list[Tensor]:
        """Features of each layer; the last are the scores (B, 1, bands / 8, columns / 8)."""
        features = []
        for layer in self.layers:
            images = layer(functional.leaky_relu(images, 0.2) if features else images)
            features.append(images)
        return features


def judge_loss(real: Tensor, made: Tensor) -> Tensor:
    """Hinge loss of the discriminator's scores."""
    return functional.relu(1.0 - real).mean() + functional.relu(1.0 + made).mean()


def feature_distance(made: list[Tensor], real: list[Tensor]) -> Tensor:
    """Mean distance of the discriminator's inner features, each layer by its own size."""
    pairs = list(zip(made, real, strict=True))[:-1]
    distances = [(a - b.detach()).abs().mean() / (b.detach().abs().mean() + 1e-4) for a, b in pairs]
    return torch.stack(distances).mean()
