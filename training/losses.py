"""What the autoencoder is told besides the plain difference, which alone would average cymbals and breath away."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional

from training.data import from_model
from training.measures import level_db

SCALES = 3
TEXTURE_WINDOW = 8
TEXTURE_WEIGHT = 2.0
"""The decoder in the package was trained with 0.5; see docs/model.md."""
DB_PER_UNIT = 40.0
"""Image values of -1..1 change by about so much a unit, in the middle of their range."""


def reconstruction_loss(output: Tensor, target: Tensor) -> Tensor:
    """Difference, differences of slopes at several scales, and of local roughness; images (B, 1, bands, columns)."""
    loss = (output - target).abs().mean()
    loss = loss + TEXTURE_WEIGHT * texture_loss(output, target)
    for scale in range(SCALES):
        for axis in (-1, -2):
            loss = loss + 0.4 * (output.diff(dim=axis) - target.diff(dim=axis)).abs().mean() / 2**scale
        output, target = functional.avg_pool2d(output, 2), functional.avg_pool2d(target, 2)
        if scale:
            loss = loss + 0.3 * (output - target).abs().mean()
    return loss


def texture_loss(output: Tensor, target: Tensor) -> Tensor:
    """How rough each patch is must agree, even where the grains themselves cannot; in levels, as ears take them: most
    of the grain of cymbals and breath is quiet."""
    ours, theirs = (level_db(from_model(images)) / DB_PER_UNIT for images in (output, target))
    loss = output.new_zeros(())
    for axis in (-1, -2):
        rough = [functional.avg_pool2d(levels.diff(dim=axis).abs(), TEXTURE_WINDOW) for levels in (ours, theirs)]
        loss = loss + (rough[0] - rough[1]).abs().mean()
    return loss
