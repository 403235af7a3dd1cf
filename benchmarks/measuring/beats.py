"""A clip whose beats can be told apart, and where they lie in a recording, by cross-correlation."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.signal import correlate, fftconvolve

from riffsynth.playback.core import PlayerCore
from riffsynth.playback.messages import AddScore, Deck, Enter, SetTimeline
from riffsynth.spectrogram.analysis import analyse_loop
from riffsynth.spectrogram.clip import Clip
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.spectrogram.inversion import score_of
from riffsynth.spectrogram.spec import EMBEDDED
from riffsynth.timing.timeline import Timeline

BEATS = 8
TEMPO = 120.0
BED_HZ = 150.0
"""Sounds all the time, so that silence is heard as such."""
PITCHES_HZ = tuple(400.0 * 2.0 ** (3 * beat / 8) for beat in range(BEATS))
"""A different one on each beat."""
SMOOTHING_S = 0.02
SILENT = 1e-4
RENDERINGS = 8
"""The phase reconstruction, and where the beats lie between hops, scatter the power of an attack over some
milliseconds, differently in each rendering. Such curves of single renderings put a beat at its place within 1 ms; those
of power, over 2 ms, were 6 off now and then."""
BEFORE_S, AFTER_S = 0.08, 0.25
"""The stretch around a beat that is compared."""
REACH_S = 0.1
"""How far off a beat is looked for."""

Sound = NDArray[np.float64]


def beats_clip() -> Clip:
    """Decaying bursts of tone and noise on the beat over a quiet tone."""
    rate = EMBEDDED.sample_rate
    time_s = np.arange(round(BEATS * 60 / TEMPO * rate)) / rate
    beat, within = np.divmod(time_s * TEMPO / 60, 1.0)
    pitch = np.array(PITCHES_HZ)[beat.astype(int)]
    noise = np.random.default_rng(0).normal(0.0, 0.3, time_s.size)
    burst = (np.sin(2 * np.pi * pitch * time_s) + noise) * np.exp(-10 * within)
    sound = 0.25 * burst + 0.03 * np.sin(2 * np.pi * BED_HZ * time_s)
    return Clip(analyse_loop(sound.astype(np.float32), rate, EMBEDDED), EMBEDDED)


def rendering(clip: Clip, rate: int, tempo: float, seed: int = 0, late: int = 0) -> Sound:
    """The clip once and a beat more at both ends, offline: sample `late` is beat -1."""
    grid = SynthesisGrid.for_rate(rate)
    core = PlayerCore(grid, seed)
    core.apply(SetTimeline(Timeline(late / rate, -1.0, tempo / 60)))
    core.apply(AddScore(1, score_of(clip, grid)))
    core.apply(Enter(Deck(1, ((0.0, 1),)), 0.0, 0.0))
    blocks = math.ceil(((BEATS + 2) * 60 / tempo * rate + late) / core.block_size)
    return np.concatenate([core.block(i * core.block_size / rate) for i in range(blocks)]).astype(np.float64)


def reference(clip: Clip, rate: int, tempo: float) -> Sound:
    """What beats sound like on average: the mean curve of RENDERINGS offline, their hops at places of their own.

    Sample 0 is beat -1.
    """
    hop = SynthesisGrid.for_rate(rate).hop
    lates = [round(number * hop / RENDERINGS) for number in range(RENDERINGS)]
    curves = [curve(rendering(clip, rate, tempo, seed, late), rate)[late:] for seed, late in enumerate(lates, 1)]
    size = min(each.size for each in curves)
    return np.asarray(np.mean([each[:size] for each in curves], axis=0))


def curve(sound: Sound, rate: int) -> Sound:
    """How loud it is from sample to sample: the amplitude of its power over SMOOTHING_S."""
    window = np.hanning(round(SMOOTHING_S * rate) | 1)
    return np.sqrt(np.maximum(0.0, fftconvolve(np.square(sound), window / window.sum(), "same")))


def lag_s(heard: Sound, at: float, wanted: Sound, beat: int, tempo: float, rate: int) -> float:
    """How much later than sample `at` the clip's `beat` begins; NaN where nothing is alike.

    `heard` is the curve of a recording, `wanted` the reference at this tempo.
    """
    middle = (1 + beat % BEATS) * 60 / tempo * rate
    reach = round(REACH_S * rate)
    expected, found = _stretch(wanted, middle, rate, 0), _stretch(heard, at, rate, reach)
    if expected.size == 0 or found.size == 0 or found.max() < SILENT:
        return float("nan")
    alike = correlate(found - found.mean(), expected - expected.mean(), "valid", "fft")
    peak = int(alike.argmax())
    if 0 < peak < alike.size - 1:
        left, centre, right = alike[peak - 1 : peak + 2]
        bend = left - 2 * centre + right
        offset = (left - right) / (2 * bend) if bend else 0.0
    else:
        return float("nan")
    # Both stretches begin at a whole sample before their place.
    fraction = (at % 1.0) - (middle % 1.0)
    return (peak + offset - reach - fraction) / rate


def beat_heard(sound: Sound, at: float, rate: int) -> int:
    """Which beat of the clip begins near sample `at`, by its pitch."""
    start = round(at)
    size = round(0.2 * rate)
    spectrum = np.abs(np.fft.rfft(sound[start : start + size] * np.hanning(size), 4 * size))
    bins = [round(pitch * 4 * size / rate) for pitch in PITCHES_HZ]
    return int(np.argmax([spectrum[k - 6 : k + 7].max() for k in bins]))


def _stretch(sound: Sound, at: float, rate: int, more: int) -> Sound:
    """What lies around sample `at`, `more` samples longer at both ends; empty where the sound ends."""
    start, end = int(at) - round(BEFORE_S * rate) - more, int(at) + round(AFTER_S * rate) + more
    return sound[start:end] if start >= 0 and end <= sound.size else np.zeros(0)
