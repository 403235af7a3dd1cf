"""How far a clip's onsets lie beside the beats: a model that closes loops without knowing the time begins anywhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from riffsynth.spectrogram.spec import SpectrogramSpec

SMOOTHING_BEATS = 1 / 16
"""Onsets this near to each other are one."""
CLEAR = 2.0
"""Beats are clear where their onsets are this many times stronger than what rises on average."""
EQUAL = 0.8
"""Of places this near to the strongest, the one that takes the shortest roll is taken for the beat."""
_COMPRESSION = 0.5


def beat_offset(mel: NDArray[np.float32], spec: SpectrogramSpec) -> int:
    """Columns, at most half a beat either way, by which the onsets in `mel` come after the beats.

    `mel` is (bands, columns), linear magnitudes of a closed clip: rolled back by so much its onsets meet the beats. 0
    where no place of the beat stands out.
    """
    beats = round(spec.beats)
    places = int(np.ceil(spec.columns / beats))
    if beats != spec.beats or places < 4:
        return 0
    flux = onsets(mel)
    columns = np.arange(beats)[:, None] * spec.columns / beats + np.arange(places)
    # Every beat has the same say, or one loud crash would outvote the rest.
    folded = np.sqrt(np.interp(columns, np.arange(spec.columns + 1), np.append(flux, flux[0]))).mean(axis=0)
    profile = _smoothed(folded, SMOOTHING_BEATS * places)
    loudest = profile.max()
    if loudest <= CLEAR * profile.mean():
        return 0
    peaks = (profile >= np.maximum(np.roll(profile, 1), np.roll(profile, -1))) & (profile >= EQUAL * loudest)
    offsets = np.round(np.flatnonzero(peaks) + _lead_columns(spec)).astype(int)
    offsets = (offsets + places // 2) % places - places // 2
    return int(offsets[np.abs(offsets).argmin()])


def onsets(mel: NDArray[np.float32]) -> NDArray[np.float32]:
    """(columns,) spectral flux of (bands, columns) magnitudes of a loop: how much they rise from the column before.

    Half-wave rectified differences (Bello et al. 2005) of magnitudes, compressed and relative to the loudest.
    """
    loudest = mel.max(initial=0.0)
    if loudest <= 0:
        return np.zeros(mel.shape[1], np.float32)
    compressed = (mel / loudest) ** np.float32(_COMPRESSION)
    return np.maximum(0.0, compressed - np.roll(compressed, 1, axis=1)).mean(axis=0)


def _lead_columns(spec: SpectrogramSpec) -> float:
    """How far the flux peaks before the onset: a click's by a quarter of the window, a held tone's not at all."""
    if spec.seconds_per_column is None:
        return 0.5
    return 0.5 + min(window.window_s for window in spec.windows) / 8 / spec.seconds_per_column


def _smoothed(profile: NDArray[np.float64], width: float) -> NDArray[np.float64]:
    """A circular profile through a raised cosine of `width` places either side."""
    places = np.arange(profile.size)
    distance = np.minimum(places, profile.size - places) / max(1.0, width)
    kernel = np.where(distance < 1.0, 1.0 + np.cos(np.pi * distance), 0.0)
    return np.fft.irfft(np.fft.rfft(profile) * np.fft.rfft(kernel / kernel.sum()), profile.size)
