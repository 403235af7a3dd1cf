"""Mel scales and their triangular filters as sparse matrices.

`transformers.audio_utils.mel_filter_bank` computes the same triangles (a test compares them), but importing it takes
longer than a player has between its start and its first sound, it is dense, and it leaves narrow bands empty.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from riffsynth.spectrogram.spec import SpectrogramSpec

_SLANEY_BREAK_HZ = 1000.0
_SLANEY_HZ_PER_MEL = 200.0 / 3.0
_SLANEY_LOG_STEP = np.log(6.4) / 27.0
_HTK_CONSTANTS = {"htk": 2595.0 / np.log(10.0), "kaldi": 1127.0}


def hertz_to_mel(hz: NDArray[np.float64], scale: str = "htk") -> NDArray[np.float64]:
    """Mel numbers of frequencies in Hz, any shape (HTK: O'Shaughnessy 1987; Slaney: Auditory Toolbox 1998)."""
    hz = np.asarray(hz, dtype=np.float64)
    if scale in _HTK_CONSTANTS:
        return _HTK_CONSTANTS[scale] * np.log1p(hz / 700.0)
    linear = hz / _SLANEY_HZ_PER_MEL
    above = _SLANEY_BREAK_HZ / _SLANEY_HZ_PER_MEL + np.log(np.maximum(hz, 1.0) / _SLANEY_BREAK_HZ) / _SLANEY_LOG_STEP
    return np.where(hz < _SLANEY_BREAK_HZ, linear, above)


def mel_to_hertz(mel: NDArray[np.float64], scale: str = "htk") -> NDArray[np.float64]:
    """Frequencies in Hz of mel numbers, any shape: the inverse of `hertz_to_mel`."""
    mel = np.asarray(mel, dtype=np.float64)
    if scale in _HTK_CONSTANTS:
        return 700.0 * np.expm1(mel / _HTK_CONSTANTS[scale])
    break_mel = _SLANEY_BREAK_HZ / _SLANEY_HZ_PER_MEL
    above = _SLANEY_BREAK_HZ * np.exp(_SLANEY_LOG_STEP * (mel - break_mel))
    return np.where(mel < break_mel, mel * _SLANEY_HZ_PER_MEL, above)


@lru_cache(maxsize=16)
def _edges(bands: int, f_min: float, f_max: float, scale: str) -> NDArray[np.float64]:
    low, high = hertz_to_mel(np.array([f_min, f_max]), scale)
    return mel_to_hertz(np.linspace(low, high, bands + 2), scale)


def band_edges(spec: SpectrogramSpec) -> NDArray[np.float64]:
    """The (bands + 2,) corner frequencies in Hz: band k rises from k to its centre k + 1 and falls to k + 2."""
    return _edges(spec.bands, spec.f_min, spec.f_max, spec.scale)


def band_centres(spec: SpectrogramSpec) -> NDArray[np.float64]:
    """The (bands,) centre frequencies in Hz."""
    return band_edges(spec)[1:-1]


def triangles(spec: SpectrogramSpec, frequencies: NDArray[np.float64], min_half_width_hz: float = 0.0) -> csr_matrix:
    """The (bands, bins) weights of each band's triangle, peak 1, at `frequencies` in Hz, ascending.

    Triangles narrower than `min_half_width_hz` on a side are widened to it, so that no band is left without a bin.
    """
    edges = band_edges(spec)
    rows: list[NDArray[np.int64]] = []
    columns: list[NDArray[np.int64]] = []
    weights: list[NDArray[np.float32]] = []
    for band in range(spec.bands):
        low, centre, high = edges[band : band + 3]
        low, high = min(low, centre - min_half_width_hz), max(high, centre + min_half_width_hz)
        first, last = np.searchsorted(frequencies, [low, high])
        f = frequencies[first:last]
        weight = np.maximum(0.0, np.minimum((f - low) / (centre - low), (high - f) / (high - centre)))
        rows.append(np.full(weight.size, band))
        columns.append(np.arange(first, last))
        weights.append(weight.astype(np.float32))
    shape = (spec.bands, frequencies.size)
    return csr_matrix((np.concatenate(weights), (np.concatenate(rows), np.concatenate(columns))), shape=shape)
