"""From sound to mel magnitudes: columns at exact fractions of a loop, so that a loop needs no resampling."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import scipy.fft
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from riffsynth.spectrogram.mel import band_centres, triangles
from riffsynth.spectrogram.spec import SpectrogramSpec

_COLUMNS_AT_ONCE = 512
"""A long file's padded spectra would not fit into memory."""


def analyse_loop(audio: NDArray[np.float32], sample_rate: int, spec: SpectrogramSpec) -> NDArray[np.float32]:
    """Mel magnitudes (bands, columns) of one whole loop, mono audio (samples,) with 1.0 as full scale.

    Column i is centred on the fraction i / columns of the loop, so column 0 is centred on the first beat. Windows
    that pass the end read on from the start. The loop may last any time and have any sample rate.
    """
    if audio.ndim != 1 or audio.size == 0:
        raise ValueError(f"one channel of sound is needed, found an array of shape {audio.shape}")
    centres = np.round(np.arange(spec.columns) * audio.size / spec.columns).astype(np.int64)
    mel = np.zeros((spec.bands, spec.columns), np.float32)
    for index in range(len(spec.windows)):
        window, filters, first, last = _measure(spec, sample_rate, index)
        offsets = np.arange(window.size) - window.size // 2
        for start in range(0, spec.columns, _COLUMNS_AT_ONCE):
            part = slice(start, start + _COLUMNS_AT_ONCE)
            frames = audio[(centres[part, None] + offsets) % audio.size] * window
            spectrum = np.abs(scipy.fft.rfft(frames, spec.padding * window.size, axis=1))
            mel[first:last, part] = filters @ spectrum.T.astype(np.float32)
    return mel


@lru_cache(maxsize=8)
def _measure(spec: SpectrogramSpec, sample_rate: int, index: int) -> tuple[NDArray[np.float32], csr_matrix, int, int]:
    """Window, scaled filters, and the range of bands that window `index` of the spec measures."""
    size = round(spec.windows[index].window_s * sample_rate)
    # scipy.signal has it too; importing that would cost a third of the time to the first sound.
    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)).astype(np.float32)
    bin_hz = sample_rate / (spec.padding * size)
    frequencies = np.arange(spec.padding * size // 2 + 1, dtype=np.float64) * bin_hz
    limits = [0.0, *(w.below_hz for w in spec.windows[:-1]), np.inf]
    first, last = np.searchsorted(band_centres(spec), [limits[index], limits[index + 1]])
    # A sine of amplitude 1 reads sum(window) / 2, and its lobe adds up to 2 / (bin_hz * window_s) times its peak.
    scale = (2.0 / window.sum()) * (bin_hz * size / sample_rate / 2.0)
    filters = triangles(spec, frequencies, min_half_width_hz=bin_hz)[first:last] * scale
    return window, csr_matrix(filters, dtype=np.float32), int(first), int(last)


def to_image(mel: NDArray[np.float32], spec: SpectrogramSpec) -> NDArray[np.float32]:
    """Mel magnitudes of any shape as image values 0..1 (float); magnitudes above `full_scale` are held at 1."""
    return np.clip(mel / spec.full_scale, 0.0, 1.0) ** np.float32(spec.power)


def from_image(image: NDArray[np.float32], spec: SpectrogramSpec) -> NDArray[np.float32]:
    """Image values 0..1 of any shape as mel magnitudes: the inverse of `to_image`."""
    return np.clip(image, 0.0, 1.0) ** np.float32(1.0 / spec.power) * np.float32(spec.full_scale)
