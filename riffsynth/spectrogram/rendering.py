"""Clips as closed loops for files, with all the care there is time for, at no higher rate than they need.

Riffusion's clips end at 10 kHz: made at 22.05 kHz and brought to 44.1 kHz they are the same sound in half the time.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.signal
from numpy.typing import NDArray

from riffsynth.spectrogram.clip import Clip
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.spectrogram.inversion import score_of
from riffsynth.spectrogram.looping import loop_sound
from riffsynth.spectrogram.loudness import reference_gain
from riffsynth.spectrogram.panning import mixed, panned
from riffsynth.spectrogram.refinement import refinable, refined
from riffsynth.spectrogram.spec import SpectrogramSpec
from riffsynth.spectrogram.streaming import ITERATIONS

HEADROOM = 1.05
"""How far above a clip's highest frequency the sound must reach: its windows' lobes have to fit."""
FIRST_ITERATIONS = 4
"""Of the stream, where refinement follows: half of the usual number costs 0.06 dB in the end, and saves a sixth."""


def rendered(clips: Sequence[Clip], samples: int, sample_rate: int, seed: int = 0) -> NDArray[np.float32]:
    """(samples, channels) of clips that sound together, measured alike, one a channel, at the reference loudness.

    They share their phases and their gain, so that each sound stays in its place between left and right.
    """
    whole = mixed(clips)
    rate = sufficient_rate(whole.spec, sample_rate)
    few = round(samples * rate / sample_rate)
    grid = SynthesisGrid.for_rate(rate)
    score = score_of(whole, grid)
    iterations = FIRST_ITERATIONS if refinable(whole, few, rate) else ITERATIONS
    sound = loop_sound(score, grid, few, seed, iterations)
    parts = [panned(sound, clip, whole, rate) if len(clips) > 1 else sound for clip in clips]
    sounds = [refined(part, clip, rate) for part, clip in zip(parts, clips, strict=True)]
    made = np.stack(sounds, axis=1) * np.float32(reference_gain(score, grid))
    # A whole loop is exactly its Fourier series, which further samples only read more closely.
    return made if few == samples else scipy.signal.resample(made, samples).astype(np.float32)


def sufficient_rate(spec: SpectrogramSpec, sample_rate: int) -> int:
    """`sample_rate` in Hz, halved as often as the clip's frequencies still lie below half of it."""
    while sample_rate % 2 == 0 and sample_rate / 4 > HEADROOM * spec.f_max:
        sample_rate //= 2
    return sample_rate
