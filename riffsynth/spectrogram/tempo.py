"""The tempo of a sound, and the part of it that is a whole number of beats: what makes a loop of a file.

The tempo is where the onsets look like themselves some beats later (autocorrelation of spectral flux, with a preference
for the middle of what people tap: Ellis 2007). A file that holds a whole number of beats is a loop already.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import scipy.fft
from numpy.typing import NDArray

ONSETS_A_SECOND = 200
SLOWEST, FASTEST = 55.0, 210.0
"""Beats a minute that are looked for."""
MIDDLE_TEMPO, TEMPO_SPREAD_OCTAVES = 105.0, 0.9
CLEAR = 0.12
CHANCE = 8.0
"""Autocorrelation below which a sound has no beats: in long ones, and what is added over the root of its frames."""
LOOP_LIKENESS = 0.8
"""A file's own length is taken for whole beats where that tempo explains the onsets this much as well as the best."""
LONGEST_LOOP_S = 45.0
_LOOP_BEATS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)
_WINDOW_S = 0.023
_BANDS, _LOWEST_HZ, _HIGHEST_HZ = 24, 40.0, 10000.0
"""Bands of equal width in octaves: a kick, which fills few bins, counts as much as a hi-hat, which fills many."""
_NAMED_TEMPO = re.compile(r"(?<![0-9.])([0-9]{2,3}(?:\.[0-9]+)?)[ _-]?bpm", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Beats:
    """Where the beats of a sound lie."""

    tempo: float
    """Beats a minute."""
    first_s: float
    """The first beat, from the sound's start."""
    whole: int | None = None
    """How many beats the sound holds, where it is a loop."""


def fitted(audio: NDArray[np.float32], rate: int, beats: int, name: str = "") -> NDArray[np.float32]:
    """`beats` beats of `audio` (samples, channels): its first ones, or all of it again and again where it has fewer.

    A sound without a beat is taken as a whole. `name` may tell the tempo, as in "dub 140 bpm".
    """
    found = find_beats(audio.mean(axis=1), rate, named_tempo(name))
    if found is None:
        return audio
    part, length = audio, round(len(audio) * beats / (found.whole or beats))
    if not found.whole:
        beat = 60.0 / found.tempo * rate
        first, length = round(found.first_s * rate), round(beats * beat)
        there = max(1, int((len(audio) - first) / beat))
        part = audio[first : first + min(length, round(there * beat))]
    return np.take(part, np.arange(length), axis=0, mode="wrap")


def named_tempo(name: str) -> float | None:
    """The beats a minute that a file's name tells, as makers of loops write them."""
    match = _NAMED_TEMPO.search(name)
    tempo = float(match[1]) if match else 0.0
    return tempo if SLOWEST <= tempo <= FASTEST else None


def find_beats(audio: NDArray[np.float32], rate: int, told: float | None = None) -> Beats | None:
    """The beats of mono `audio` (samples,); None where it has none that can be told. `told` is its tempo if known."""
    seconds = audio.size / rate
    rises = onset_envelope(audio, rate)
    if told and seconds < LONGEST_LOOP_S and _near_whole(seconds * told / 60):
        return Beats(told, 0.0, round(seconds * told / 60))
    if rises.size < 2 * ONSETS_A_SECOND * 60 / FASTEST or not rises.any():
        return None
    likeness = _autocorrelation(rises)
    tempi = told * np.ones(1) if told else np.exp(np.arange(np.log(SLOWEST), np.log(FASTEST), 0.002))
    scores = np.array([_score(likeness, tempo) for tempo in tempi])
    best = int(scores.argmax())
    # Chance alone makes short sounds look like themselves somewhere.
    if scores[best] < (CLEAR + CHANCE / np.sqrt(rises.size)) * _preference(tempi[best]):
        return None
    if seconds < LONGEST_LOOP_S and not told:
        whole = {n: 60 * n / seconds for n in _LOOP_BEATS if SLOWEST <= 60 * n / seconds <= FASTEST}
        circular = _autocorrelation(rises, circular=True)
        loops = {n: _score(circular, tempo) for n, tempo in whole.items()}
        if loops and max(loops.values()) >= LOOP_LIKENESS * scores[best]:
            n = max(loops, key=lambda key: loops[key])
            return Beats(whole[n], 0.0, n)
    tempo = told or _refined(likeness, float(tempi[best]))
    return Beats(tempo, _first_beat(rises, tempo))


def onset_envelope(audio: NDArray[np.float32], rate: int) -> NDArray[np.float64]:
    """(frames,), ONSETS_A_SECOND: how much the log spectrum rises, without its slow part."""
    size = 1 << round(np.log2(_WINDOW_S * rate))
    count = max(1, int(audio.size / rate * ONSETS_A_SECOND))
    centres = np.round((np.arange(count) + 0.5) * rate / ONSETS_A_SECOND).astype(np.int64)
    padded = np.pad(audio, size // 2)
    window = np.hanning(size).astype(np.float32)
    bands = _band_starts(size, rate)
    rises = np.zeros(count)
    last = None
    for start in range(0, count, 1000):  # in pieces: a long file's spectrogram would not fit
        frames = padded[centres[start : start + 1000, None] + np.arange(size)] * window
        magnitudes = np.abs(scipy.fft.rfft(frames, axis=1))
        level = np.log1p(1000 / size * np.maximum.reduceat(magnitudes, bands, axis=1))
        before = np.vstack([level[:1] if last is None else last, level[:-1]])
        rises[start : start + len(level)] = np.maximum(0.0, level - before).mean(axis=1)
        last = level[-1:]
    slow = np.convolve(rises, np.full(ONSETS_A_SECOND, 1 / ONSETS_A_SECOND), "same")
    rises = np.maximum(0.0, rises - slow)
    return np.convolve(rises, np.hanning(9) / np.hanning(9).sum(), "same")


def _band_starts(size: int, rate: int) -> NDArray[np.int64]:
    """The first bins of the bands, and of what lies above them."""
    edges = np.geomspace(_LOWEST_HZ, min(_HIGHEST_HZ, rate / 2.5), _BANDS + 1)
    return np.unique(np.round(edges * size / rate).astype(np.int64))


def _near_whole(beats: float) -> bool:
    return beats > 0.9 and abs(beats - round(beats)) < 0.02 * beats


def _autocorrelation(rises: NDArray[np.float64], circular: bool = False) -> NDArray[np.float64]:
    """(lags,) 1 at lag 0; each lag is weighed by how much of the sound it compares."""
    centred = rises - rises.mean()
    size = centred.size if circular else 2 * centred.size
    spectrum = np.abs(np.fft.rfft(centred, size)) ** 2
    power = np.fft.irfft(spectrum, size)[: centred.size]
    if not circular:
        power = power * centred.size / np.maximum(centred.size - np.arange(centred.size), centred.size / 8)
    return power / max(power[0], 1e-20)


def _preference(tempo: float) -> float:
    return float(np.exp(-0.5 * (np.log2(tempo / MIDDLE_TEMPO) / TEMPO_SPREAD_OCTAVES) ** 2))


def _score(likeness: NDArray[np.float64], tempo: float) -> float:
    """How well beats at `tempo` explain the onsets: their likeness 1, 2 and 4 beats later."""
    lags = ONSETS_A_SECOND * 60 / tempo * np.array([1, 2, 4])
    lags = lags[lags < 0.7 * likeness.size]
    if lags.size == 0:
        return 0.0
    return float(np.interp(lags, np.arange(likeness.size), likeness).mean()) * _preference(tempo)


def _refined(likeness: NDArray[np.float64], tempo: float) -> float:
    """The tempo by a likeness many beats later, where an error shows most."""
    for beats in (4, 8, 16, 32):
        lag = ONSETS_A_SECOND * 60 / tempo * beats
        if lag + ONSETS_A_SECOND > likeness.size * 0.8:
            break
        reach = max(2, round(0.15 * lag / beats))
        near = np.arange(round(lag) - reach, round(lag) + reach + 1)
        peak = int(near[likeness[near].argmax()])
        left, middle, right = likeness[peak - 1 : peak + 2]
        bend = left - 2 * middle + right
        offset = 0.5 * (left - right) / bend if bend < 0 else 0.0
        tempo = ONSETS_A_SECOND * 60 * beats / (peak + float(np.clip(offset, -0.5, 0.5)))
    return tempo


def _first_beat(rises: NDArray[np.float64], tempo: float) -> float:
    """Seconds from the start to the first beat: the phase at which the beats meet most onsets."""
    period = ONSETS_A_SECOND * 60 / tempo
    count = max(1, int(rises.size / period) - 1)
    phases = np.arange(int(np.ceil(period)))
    places = phases[:, None] + np.arange(count) * period
    sums = np.interp(places, np.arange(rises.size), rises).sum(axis=1)
    phase = float(phases[sums.argmax()])
    loud = rises > 0.2 * rises.max()
    sounding = int(loud.argmax())  # what comes before the first onset is silence, or noise
    beats = max(0.0, np.ceil((sounding - 0.1 * period - phase) / period))
    return float(phase + beats * period) / ONSETS_A_SECOND
