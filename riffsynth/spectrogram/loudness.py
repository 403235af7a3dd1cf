"""One loudness for all clips, whoever made them: a new clip must not jump out of the music that plays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from riffsynth.spectrogram.clip import Clip, Score
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.spectrogram.inversion import score_of

REFERENCE_DB = -20.0
"""Loudness that clips are brought to, in dB full scale: room for a kick's peaks before the limiter."""
MOST_GAIN_DB = 12.0
"""What is quieter still is meant to be quiet, or silent."""
SILENCE = 1e-12
"""A power of no sound, for the logarithm."""
HANN_POWER = 3.0
"""The squared bins of a Hann window's lobe add up to 1.5 times a sine's squared amplitude: 3 times its mean square."""


def playable(clip: Clip, grid: SynthesisGrid) -> Score:
    """The clip on the player's grid, at the reference loudness."""
    score = score_of(clip, grid)
    gain = np.float32(reference_gain(score, grid))
    return Score((score.magnitudes.astype(np.float32) * gain).astype(np.float16), score.beats)


def reference_gain(score: Score, grid: SynthesisGrid) -> float:
    """What brings a score to the reference loudness, as a factor of its magnitudes."""
    return float(10 ** (min(REFERENCE_DB - loudness_db(score, grid), MOST_GAIN_DB) / 20))


def common_gain(scores: Sequence[Score], grid: SynthesisGrid) -> float:
    """What brings scores that follow each other to the reference loudness, all by one factor."""
    weights = np.array([score.columns for score in scores], np.float64)
    powers = np.array([10 ** (loudness_db(score, grid) / 10) for score in scores])
    loudness = 10 * np.log10((powers * weights).sum() / weights.sum())
    return float(10 ** (min(REFERENCE_DB - loudness, MOST_GAIN_DB) / 20))


def loudness_db(score: Score, grid: SynthesisGrid) -> float:
    """Mean loudness over the clip in dB full scale, ungated, after ITU-R BS.1770's two filters."""
    power = np.square(score.magnitudes, dtype=np.float32).mean(axis=0) * bin_weights(grid)
    return float(10 * np.log10(power.sum() / HANN_POWER + SILENCE))


def bin_weights(grid: SynthesisGrid) -> NDArray[np.float64]:
    """(bins,): how much the power of each bin counts; where the resolutions overlap each counts its share."""
    return k_weights(grid.frequencies) * grid.shares


def k_weights(frequencies: NDArray[np.float64]) -> NDArray[np.float64]:
    """Power gain at `frequencies` in Hz of BS.1770's filters: a shelf of 4 dB above 1.7 kHz, a high-pass at 38 Hz."""
    shelf = (frequencies / 1682.0) ** 2
    below = (frequencies / 38.1) ** 2
    high_pass = below**2 / ((1 - below) ** 2 + 4 * below)
    return (1 + 10**0.4 * shelf) / (1 + shelf) * high_pass
