"""Clips of one model in the measure of another."""

from __future__ import annotations

from dataclasses import replace

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
    mel = np.zeros((spec.bands, clip.spec.columns), np.float32)
    centres = band_centres(spec)
    above_hz = 0.0
    for window in spec.windows:
        rows = (centres >= above_hz) & (centres < window.below_hz)
        above_hz = window.below_hz
        bin_hz = 1.0 / (spec.padding * window.window_s)
        frequencies = np.arange(int(spec.f_max / bin_hz) + 2, dtype=np.float64) * bin_hz
        split = int(np.searchsorted(frequencies, FINE_BELOW_HZ))
        shown = [
            LobeInverter(clip.spec, part, window.window_s).invert(clip.mel)
            for part in (frequencies[:split], frequencies[split:])
        ]
        filters = triangles(spec, frequencies, min_half_width_hz=bin_hz)[rows] * (bin_hz * window.window_s / 2.0)
        mel[rows] = filters @ np.concatenate(shown)
    return Clip(_columns_by_beat(mel, clip.spec.columns_per_beat, spec), spec, clip.request)


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
