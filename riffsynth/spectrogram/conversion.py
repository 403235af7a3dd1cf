"""Clips of one model in the measure of another."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from riffsynth.spectrogram.clip import Clip
from riffsynth.spectrogram.inversion import FINE_BELOW_HZ, LobeInverter
from riffsynth.spectrogram.mel import band_centres, triangles
from riffsynth.spectrogram.spec import SpectrogramSpec


def convert(clip: Clip, spec: SpectrogramSpec) -> Clip:
    """The clip as another model would have measured it: bands by frequency, columns by beat.

    A longer target repeats the clip, a shorter one takes its first beats.
    """
    if clip.spec == spec:
        return clip
    if replace(clip.spec, full_scale=spec.full_scale) == spec:  # it says only how an image is painted
        return Clip(clip.mel, spec, clip.request)
    mel = _remeasurer(clip.spec, spec)(clip.mel)
    return Clip(_columns_by_beat(mel, clip.spec.columns_per_beat, spec), spec, clip.request)


def transposed(mel: NDArray[np.float32], spec: SpectrogramSpec, semitones: int) -> NDArray[np.float32]:
    """(bands, columns) magnitudes of `spec` as they would have been measured had the music been so much higher."""
    return _remeasurer(spec, spec, semitones)(mel)


class _Remeasurer:
    """What one spec measured, measured by another, and higher by `semitones`; built in tens of milliseconds."""

    def __init__(self, source: SpectrogramSpec, target: SpectrogramSpec, semitones: int) -> None:
        self._bands = target.bands
        self._parts = []
        centres = band_centres(target)
        above_hz = 0.0
        for window in target.windows:
            rows = (centres >= above_hz) & (centres < window.below_hz)
            above_hz = window.below_hz
            bin_hz = 1.0 / (target.padding * window.window_s)
            frequencies = np.arange(int(target.f_max / bin_hz) + 2, dtype=np.float64) * bin_hz
            filters = triangles(target, frequencies, min_half_width_hz=bin_hz)[rows] * (bin_hz * window.window_s / 2.0)
            used = np.unique(filters.indices)
            split = int(np.searchsorted(frequencies, FINE_BELOW_HZ))
            bins = [
                part for part in (np.arange(used[0], split), np.arange(max(split, used[0]), used[-1] + 1)) if part.size
            ]
            inverters = [LobeInverter(source, frequencies[part], window.window_s, semitones) for part in bins]
            self._parts.append((rows, inverters, filters[:, np.concatenate(bins)]))

    def __call__(self, mel: NDArray[np.float32]) -> NDArray[np.float32]:
        """(target bands, columns) of (source bands, columns)."""
        out = np.zeros((self._bands, mel.shape[1]), np.float32)
        for rows, inverters, filters in self._parts:
            out[rows] = filters @ np.concatenate([inverter.invert(mel) for inverter in inverters])
        return out


@lru_cache(maxsize=16)
def _remeasurer(source: SpectrogramSpec, target: SpectrogramSpec, semitones: int = 0) -> _Remeasurer:
    return _Remeasurer(source, target, semitones)


def _columns_by_beat(mel: NDArray[np.float32], columns_per_beat: float, spec: SpectrogramSpec) -> NDArray[np.float32]:
    """(bands, spec.columns): powers between neighbouring columns; averaged where the target is coarser."""
    ratio = columns_per_beat / spec.columns_per_beat
    finer = max(1, int(np.ceil(ratio)))
    offsets = (np.arange(finer) - (finer - 1) / 2) / finer
    position = (np.arange(spec.columns)[:, None] + offsets).ravel() * ratio
    below = np.floor(position).astype(int)
    part = (position - below).astype(np.float32)
    power = mel * mel
    first, second = power[:, below % mel.shape[1]], power[:, (below + 1) % mel.shape[1]]
    between = first + part * (second - first)
    return np.sqrt(between.reshape(mel.shape[0], spec.columns, finer).mean(axis=2))
