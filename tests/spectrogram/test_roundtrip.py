"""Sound to clip to score to sound: what a listener gets back."""

import numpy as np
import pytest

from riffsynth.spectrogram.analysis import analyse_loop
from riffsynth.spectrogram.clip import Clip
from riffsynth.spectrogram.conversion import transposed
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.spectrogram.inversion import score_of
from riffsynth.spectrogram.spec import EMBEDDED, RIFFUSION
from riffsynth.spectrogram.streaming import StreamingSynthesizer

RATE = 44100
GRID = SynthesisGrid.for_rate(RATE)
LOOP_S = 4.0
TIME = np.arange(int(LOOP_S * RATE)) / RATE


class Loop:
    def __init__(self, score):
        self.magnitudes, self.at = score.magnitudes.astype(np.float32), 0.0

    def rows(self, resolution, offsets_s):
        position = (self.at + offsets_s) * len(self.magnitudes) / LOOP_S
        below = np.floor(position).astype(int)
        part = (position - below).astype(np.float32)[:, None]
        first, second = (
            self.magnitudes[(below + step) % len(self.magnitudes), GRID.slices[resolution]] for step in (0, 1)
        )
        return np.sqrt((1 - part) * first**2 + part * second**2)


def again(audio, spec, seconds=1.7):
    return replayed(analyse_loop(audio.astype(np.float32), RATE, spec), spec, seconds)


def replayed(mel, spec, seconds=1.7):
    source = Loop(score_of(Clip(mel, spec), GRID))
    synthesizer = StreamingSynthesizer(GRID)
    hops = []
    while source.at < seconds:
        hops.append(synthesizer.hop(source))
        source.at += GRID.hop / RATE
    return np.concatenate(hops)


def cents_off(sound, pitch):
    window = np.hanning(sound.size)
    spectrum = np.log(np.abs(np.fft.rfft(sound * window, 4 * sound.size)) + 1e-12)
    bin_hz = RATE / (4 * sound.size)
    near = slice(int(0.92 * pitch / bin_hz), int(1.08 * pitch / bin_hz))
    peak = near.start + int(spectrum[near].argmax())
    left, middle, right = spectrum[peak - 1 : peak + 2]
    return 1200 * np.log2((peak + 0.5 * (left - right) / (left - 2 * middle + right)) * bin_hz / pitch)


@pytest.mark.parametrize("partials", [1, 12])
@pytest.mark.parametrize("note", [28, 33, 38, 45, 60, 67, 96])
def test_notes_come_back_in_tune(note, partials):
    pitch = round(440 * 2 ** ((note - 69) / 12) * LOOP_S) / LOOP_S  # whole periods a loop
    sound = sum(0.5 / h * np.sin(2 * np.pi * pitch * h * TIME + h * h) for h in range(1, partials + 1))
    found = again(sound, EMBEDDED)[RATE // 3 :]
    assert abs(cents_off(found, pitch)) < (30 if note < 33 else 10)


@pytest.mark.parametrize("spec", [EMBEDDED, RIFFUSION])
@pytest.mark.parametrize("frequency", [55, 250, 390, 440, 2000, 5050, 8000])
def test_a_full_scale_sine_keeps_its_level(spec, frequency):
    found = again(np.sin(2 * np.pi * frequency * TIME), spec)[RATE // 3 :]
    assert 20 * np.log10(found.std() * np.sqrt(2)) == pytest.approx(0, abs=1)


@pytest.mark.parametrize("spec", [EMBEDDED, RIFFUSION])
def test_noise_keeps_its_level_over_frequency(spec):
    noise = np.random.default_rng(0).normal(0, 0.1, TIME.size)
    found = again(noise, spec, 3.0)[RATE // 3 :]

    def power(sound, low, high):
        spectrum = np.abs(np.fft.rfft(sound)) ** 2 / sound.size**2
        frequencies = np.fft.rfftfreq(sound.size, 1 / RATE)
        return spectrum[(frequencies >= low) & (frequencies < high)].sum()

    for low, high in ((200, 600), (600, 2000), (2000, 5000), (5000, 9500)):
        assert 10 * np.log10(power(found, low, high) / power(noise, low, high)) == pytest.approx(0, abs=1)


def test_music_comes_back_near_in_the_log_spectrum():
    """Decaying notes and hits: finite, no DC, and near what went in; the published figure for 192 bands is 3.7 dB."""
    rng = np.random.default_rng(3)
    sound = np.zeros(TIME.size)
    for start in range(0, TIME.size, RATE // 4):
        t = TIME[: TIME.size - start]
        pitch = 110 * 2 ** (rng.integers(0, 24) / 12)
        sound[start:] += sum(0.2 / h * np.sin(2 * np.pi * pitch * h * t) for h in range(1, 16)) * np.exp(-4 * t)
        sound[start:] += 0.1 * rng.normal(0, 1, t.size) * np.exp(-20 * t)
    found = again(sound, EMBEDDED, LOOP_S)[: TIME.size]
    assert np.isfinite(found).all()
    assert abs(found.mean()) < 1e-3

    def log_spectrum(x):
        frames = np.lib.stride_tricks.sliding_window_view(x[RATE // 4 : -RATE // 4], 2048)[::512] * np.hanning(2048)
        magnitudes = np.abs(np.fft.rfft(frames, axis=1))[:, :700] / 512
        return 20 * np.log10(magnitudes + 1e-3)

    assert np.sqrt(np.mean((log_spectrum(found) - log_spectrum(sound)) ** 2)) < 5


@pytest.mark.parametrize("semitones", [-5, -1, 4, 6])
@pytest.mark.parametrize("note", [38, 45, 60, 81])
def test_a_transposed_measure_is_in_tune(note, semitones):
    pitch = 440 * 2 ** ((note - 69) / 12)
    pitch = round(pitch * LOOP_S) / LOOP_S
    sound = sum(0.5 / h * np.sin(2 * np.pi * pitch * h * TIME + h * h) for h in range(1, 13))
    mel = transposed(analyse_loop(sound.astype(np.float32), RATE, EMBEDDED), EMBEDDED, semitones)
    found = replayed(mel, EMBEDDED)[RATE // 3 :]
    assert abs(cents_off(found, pitch * 2 ** (semitones / 12))) < 12
