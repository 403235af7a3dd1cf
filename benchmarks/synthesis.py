"""How much of a core streaming synthesis takes, how near it comes to its magnitudes, and how true its pitch is."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray
from scipy.signal import ShortTimeFFT

from riffsynth.spectrogram.analysis import analyse_loop
from riffsynth.spectrogram.clip import Clip, Score
from riffsynth.spectrogram.grid import Resolution, SynthesisGrid
from riffsynth.spectrogram.inversion import score_of
from riffsynth.spectrogram.spec import EMBEDDED
from riffsynth.spectrogram.streaming import StreamingSynthesizer

RATE = 44100
GRID = SynthesisGrid.for_rate(RATE)
MUSIC_S = 5.0
JUDGE_N_FFT = 2048
LOOP_S = 4.0
NOTES = (33, 35, 36, 38, 40, 43, 45, 48, 52, 57, 60, 67, 72, 84, 96)


def run() -> dict[str, float]:
    music = music_like(MUSIC_S)
    streamed, core_fraction = stream(music)
    notes = {note: cents_of_note(note) for note in (28, *NOTES)}
    return {
        "core_fraction": core_fraction,
        "convergence_db": convergence_db(streamed, music),
        "convergence_fgla32_db": convergence_db(fast_griffin_lim(music, 32), music),
        "cents_e1": abs(notes[28]),
        "cents_worst_from_a1": max(abs(notes[note]) for note in NOTES),
    }


def music_like(seconds: float, seed: int = 7) -> NDArray[np.float32]:
    """Kick, snare, hats, bass, chords and a lead at 120 beats a minute: always the same samples."""
    rng = np.random.default_rng(seed)
    beat_s = 0.5
    sound = np.zeros(int((seconds + 3) * RATE))

    def add(at_s: float, part: NDArray[np.float64]) -> None:
        start = int(at_s * RATE)
        sound[start : start + part.size] += part

    def note(midi: int, length_s: float, level: float) -> NDArray[np.float64]:
        t = np.arange(int(length_s * RATE)) / RATE
        pitch = 440 * 2 ** ((midi - 69) / 12)
        partials = range(1, min(20, int(12000 / pitch) + 1))
        tone = sum(np.sin(2 * np.pi * pitch * h * t + h * h) * np.exp(-t * (1.5 + 0.5 * h) - h / 6) for h in partials)
        return level * tone * np.minimum(1, t / 0.005) * np.minimum(1, (length_s - t) / 0.02)

    t = np.arange(int(0.4 * RATE)) / RATE
    kick = np.sin(2 * np.pi * (50 * t + 2 * (1 - np.exp(-30 * t)))) * np.exp(-9 * t)
    chords = ((57, 60, 64), (53, 57, 60), (60, 64, 67), (55, 59, 62))
    for beat in range(int(seconds / beat_s)):
        start = beat * beat_s
        bar = beat // 4 % 4
        add(start, 0.5 * kick)
        if beat % 2:
            add(start, 0.25 * rng.normal(0, 1, t.size) * np.exp(-18 * t))
        for half in (0.0, 0.5):
            add(start + half * beat_s, np.diff(0.12 * rng.normal(0, 1, t.size + 1)) * np.exp(-50 * t))
        add(start, note((33, 29, 36, 31)[bar], 0.9 * beat_s, 0.3))
        add(start + 0.5 * beat_s, note(72 + (0, 3, 7, 10)[beat % 4], 0.45 * beat_s, 0.1))
        if beat % 4 == 0:
            for midi in chords[bar]:
                add(start, note(midi, 3.8 * beat_s, 0.12))
    sound = sound[: int(seconds * RATE)]
    return (0.8 * sound / np.abs(sound).max()).astype(np.float32)


class TrueMagnitudes:
    """The magnitudes of given sound, measured beforehand once a hop, so that only synthesis is timed."""

    def __init__(self, sound: NDArray[np.float32]) -> None:
        self.hops = sound.size // GRID.hop
        self.at = 0
        self._rows = [self._measure(sound, resolution) for resolution in GRID.resolutions]

    def _measure(self, sound: NDArray[np.float32], resolution: Resolution) -> NDArray[np.float32]:
        padded = np.pad(sound, (0, 4 * resolution.n_fft))
        frames = np.lib.stride_tricks.sliding_window_view(padded, resolution.n_fft)[:: GRID.hop][: self.hops + 8]
        window = np.hanning(resolution.n_fft + 1)[:-1]
        spectrum = np.abs(np.fft.rfft(frames * window, axis=1)) * 2 / window.sum()
        return spectrum[:, resolution.first_bin : resolution.last_bin].astype(np.float32)

    def rows(self, resolution: int, offsets_s: NDArray[np.float64]) -> NDArray[np.float32]:
        return self._rows[resolution][self.at : self.at + offsets_s.size]


def stream(sound: NDArray[np.float32]) -> tuple[NDArray[np.float32], float]:
    """The sound made again from its magnitudes, and the median time of a hop over what the hop lasts."""
    source, synthesizer = TrueMagnitudes(sound), StreamingSynthesizer(GRID)
    hops, times = [], []
    for at in range(source.hops):
        source.at = at
        start = time.perf_counter()
        hops.append(synthesizer.hop(source))
        times.append(time.perf_counter() - start)
    return np.concatenate(hops), float(np.median(times) * RATE / GRID.hop)


def _transform() -> ShortTimeFFT:
    return ShortTimeFFT(np.hanning(JUDGE_N_FFT + 1)[:-1], GRID.hop, RATE)


def convergence_db(made: NDArray[np.float32], wanted: NDArray[np.float32]) -> float:
    """Spectral convergence |M - W| / |W| of magnitudes; the first and last 0.1 s, where windows run dry, left out."""
    size, edge = min(made.size, wanted.size), RATE // 10
    transform = _transform()
    found, target = (np.abs(transform.stft(sound[:size][edge:-edge])) for sound in (made, wanted))
    return float(20 * np.log10(np.linalg.norm(found - target) / np.linalg.norm(target)))


def fast_griffin_lim(sound: NDArray[np.float32], iterations: int, acceleration: float = 0.99) -> NDArray[np.float32]:
    """Whole-clip reference (Perraudin, Balazs and Sondergaard 2013), from random phases."""
    transform = _transform()
    magnitudes = np.abs(transform.stft(sound))
    phases = np.exp(2j * np.pi * np.random.default_rng(0).random(magnitudes.shape))
    target, before = magnitudes * phases, np.zeros_like(phases)
    for _ in range(iterations):
        imposed = magnitudes * np.exp(1j * np.angle(target))
        consistent = transform.stft(transform.istft(imposed, k1=sound.size))
        target = consistent + acceleration * (consistent - before)
        before = consistent
    return transform.istft(magnitudes * np.exp(1j * np.angle(target)), k1=sound.size).astype(np.float32)


class Loop:
    """A score played at its own pace."""

    def __init__(self, score: Score) -> None:
        self._magnitudes = score.magnitudes.astype(np.float32)
        self.position_s = 0.0

    def rows(self, resolution: int, offsets_s: NDArray[np.float64]) -> NDArray[np.float32]:
        columns = np.round((self.position_s + offsets_s) * len(self._magnitudes) / LOOP_S).astype(int)
        return self._magnitudes[columns % len(self._magnitudes), GRID.slices[resolution]]


def cents_of_note(midi: int) -> float:
    """How far a sine comes back from its own pitch after analysis, inversion and synthesis."""
    pitch = round(440 * 2 ** ((midi - 69) / 12) * LOOP_S) / LOOP_S  # whole periods a loop
    sound = np.sin(2 * np.pi * pitch * np.arange(int(LOOP_S * RATE)) / RATE).astype(np.float32)
    source = Loop(score_of(Clip(analyse_loop(sound, RATE, EMBEDDED), EMBEDDED), GRID))
    synthesizer = StreamingSynthesizer(GRID)
    hops = []
    while source.position_s < 1.6:
        hops.append(synthesizer.hop(source))
        source.position_s += GRID.hop / RATE
    made = np.concatenate(hops)[int(0.3 * RATE) :]
    spectrum = np.log(np.abs(np.fft.rfft(made * np.hanning(made.size), 4 * made.size)) + 1e-12)
    peak = int(spectrum.argmax())
    left, middle, right = spectrum[peak - 1 : peak + 2]
    found = (peak + 0.5 * (left - right) / (left - 2 * middle + right)) * RATE / (4 * made.size)
    return float(1200 * np.log2(found / pitch))
