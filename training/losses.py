"""What the autoencoder is told besides the plain difference, which alone would average cymbals and breath away."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from training.data import from_model
from training.measures import level_db

SCALES = 3
PATCH = 16
"""Bands and columns of what one spectrum is taken of."""
FINE = 2
"""Cycles in a PATCH from which a frequency counts as grain."""
NEIGHBOURS = 3
"""Patches, overlapping by half, that are averaged: one alone says little of how strong a random grain is."""
DB_PER_UNIT = 40.0
"""Image values of -1..1 change by about so much a unit, in the middle of their range."""


def reconstruction_loss(output: Tensor, target: Tensor) -> Tensor:
    """Difference, and differences of slopes at several scales; images (B, 1, bands, columns)."""
    loss = (output - target).abs().mean()
    for scale in range(SCALES):
        for axis in (-1, -2):
            loss = loss + 0.4 * (output.diff(dim=axis) - target.diff(dim=axis)).abs().mean() / 2**scale
        output, target = functional.avg_pool2d(output, 2), functional.avg_pool2d(target, 2)
        if scale:
            loss = loss + 0.3 * (output - target).abs().mean()
    return loss


def texture_loss(output: Tensor, target: Tensor) -> Tensor:
    """The grain of each neighbourhood must be as strong and as coarse, even where the grains themselves cannot agree.

    In levels, as ears take them: most of the grain of cymbals and breath is quiet.
    """
    ours, theirs = (grain(level_db(from_model(images)) / DB_PER_UNIT) for images in (output, target))
    return (ours - theirs).abs().mean()


def grain(levels: Tensor) -> Tensor:
    """Magnitudes of the spectra of overlapping patches of `levels` (B, 1, bands, columns), in units of those.

    (B, frequencies in two dimensions, rows, columns of patches): each patch is averaged with its neighbours, and the
    lowest frequencies, which are the picture itself, are left out. A mean difference between neighbouring levels is as
    well met by a regular grid, which has all its grain at one frequency.
    """
    window = torch.hann_window(PATCH, periodic=False, device=levels.device)
    window = torch.outer(window, window)
    patches = functional.unfold(levels, PATCH, stride=PATCH // 2)
    patches = patches.transpose(1, 2).unflatten(2, (PATCH, PATCH)) * (window / window.square().mean().sqrt())
    spectra = torch.fft.rfft2(patches, norm="ortho").abs()
    across = torch.fft.fftfreq(PATCH, 1 / PATCH, device=levels.device).abs()
    along = torch.fft.rfftfreq(PATCH, 1 / PATCH, device=levels.device)
    fine = torch.maximum(across[:, None], along) >= FINE
    rows = (levels.shape[-2] - PATCH) // (PATCH // 2) + 1
    return functional.avg_pool2d(spectra[:, :, fine].transpose(1, 2).unflatten(2, (rows, -1)), NEIGHBOURS, stride=1)
