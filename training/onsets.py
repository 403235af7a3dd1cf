"""Onsets in a mel image, by spectral flux."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

THRESHOLD = 0.3
"""A peak counts as an onset from this fraction of the clip's strongest on."""
SILENT_FLUX = 0.02
NEIGHBOURHOOD = 3
"""Columns to each side within which one peak alone counts."""


def onsets(image: NDArray[np.float32]) -> NDArray[np.int64]:
    """Columns of a loop's onsets; image values 0..1 (bands, columns)."""
    flux = np.maximum(image - np.roll(image, 1, axis=1), 0.0).mean(axis=0)
    if flux.max() < SILENT_FLUX:
        return np.array([], np.int64)
    rivals = np.stack([np.roll(flux, shift) for shift in range(-NEIGHBOURHOOD, NEIGHBOURHOOD + 1) if shift])
    return np.flatnonzero((flux > rivals.max(axis=0)) & (flux >= THRESHOLD * flux.max()))


def beats_off(columns: NDArray[np.int64], columns_per_beat: float) -> NDArray[np.float64]:
    """Distance of each onset from the nearest beat, signed, in beats (-0.5..0.5)."""
    beats = columns / columns_per_beat
    return beats - np.round(beats)
