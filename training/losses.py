"""What the autoencoder is told besides the plain difference, which alone would average cymbals and breath away."""

from __future__ import annotations

from torch import Tensor
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
