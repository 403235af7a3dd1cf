import time

import numpy as np
import pytest

from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.spectrogram.streaming import StreamingSynthesizer

RATE = 44100
GRID = SynthesisGrid.for_rate(RATE)


def hann_magnitudes(audio, resolution, centres):
    """True magnitudes (frames, bins) of sound around sample positions; silence outside."""
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(resolution.n_fft) / resolution.n_fft)
    positions = np.round(centres).astype(int)[:, None] + np.arange(-resolution.n_fft // 2, resolution.n_fft // 2)
    inside = (positions >= 0) & (positions < audio.size)
    frames = np.where(inside, audio[np.clip(positions, 0, audio.size - 1)], 0.0) * window
    spectrum = np.abs(np.fft.rfft(frames, axis=1)) * 2 / window.sum()
    return spectrum[:, resolution.first_bin : resolution.last_bin].astype(np.float32)


class Listening:
    """The magnitudes of given sound, at its own pace."""

    def __init__(self, audio, grid):
        self.audio, self.grid, self.position = audio, grid, 0

    def rows(self, resolution, offsets_s):
        centres = self.position + offsets_s * self.grid.sample_rate
        return hann_magnitudes(self.audio, self.grid.resolutions[resolution], centres)


def play(audio, grid=GRID, seed=0, pace=1.0):
    source = Listening(audio, grid)
    synthesizer = StreamingSynthesizer(grid, seed)
    hops = []
    while source.position < audio.size:
        hops.append(synthesizer.hop(source, pace))
        source.position += grid.hop
    return np.concatenate(hops)[: audio.size]


def pitch_and_level(sound, rate):
    """Frequency in Hz and amplitude of the strongest partial."""
    window = np.hanning(sound.size)
    spectrum = np.abs(np.fft.rfft(sound * window, 4 * sound.size))
    peak = int(spectrum.argmax())
    left, middle, right = np.log(spectrum[peak - 1 : peak + 2])
    offset = 0.5 * (left - right) / (left - 2 * middle + right)
    return (peak + offset) / (4 * sound.size) * rate, spectrum[peak] * 2 / window.sum()


def sine(frequency, seconds=1.5, rate=RATE):
    return np.sin(2 * np.pi * frequency * np.arange(int(seconds * rate)) / rate).astype(np.float32)


@pytest.mark.parametrize("frequency", [41.2, 55, 110, 300, 350, 380, 400, 420, 450, 500, 1000, 5000, 12000])
def test_a_full_scale_sine_keeps_pitch_and_level(frequency):
    sound = play(sine(frequency))[20000:-12000]
    found, level = pitch_and_level(sound, RATE)
    assert abs(1200 * np.log2(found / frequency)) < 2
    assert level == pytest.approx(1.0, abs=0.03)
    envelope = np.sqrt(np.convolve(2 * sound**2, np.full(4410, 1 / 4410), "valid"))
    assert envelope.min() > 0.95
    assert envelope.max() < 1.05


@pytest.mark.parametrize("rate", [22050, 48000, 96000])
def test_every_rate_has_the_same_pitch_and_level(rate):
    grid = SynthesisGrid.for_rate(rate)
    found, level = pitch_and_level(play(sine(400, rate=rate), grid)[rate // 2 : -rate // 4], rate)
    assert abs(1200 * np.log2(found / 400)) < 1
    assert level == pytest.approx(1.0, abs=0.03)


@pytest.mark.parametrize("pace", [2.0, 4.0])
@pytest.mark.parametrize("frequency", [55, 400, 1000])
def test_what_is_transposed_upwards_keeps_pitch_and_level(frequency, pace):
    found, level = pitch_and_level(play(sine(frequency), pace=pace)[20000:-12000], RATE)
    assert abs(1200 * np.log2(found / frequency)) < 2
    assert level == pytest.approx(1.0, abs=0.05)


def test_a_hop_costs_less_where_more_of_them_are_needed():
    noise = np.random.default_rng(0).normal(0, 0.1, RATE).astype(np.float32)
    spent = {}
    for pace in (1.0, 4.0):
        source, synthesizer, times = Listening(noise, GRID), StreamingSynthesizer(GRID), []
        while source.position < noise.size:
            before = time.perf_counter()
            synthesizer.hop(source, pace)
            times.append(time.perf_counter() - before)
            source.position += GRID.hop
        spent[pace] = np.median(times)
    assert spent[4.0] < 0.8 * spent[1.0]


def test_the_same_seed_makes_the_same_samples_and_another_does_not():
    noise = np.random.default_rng(0).normal(0, 0.1, 20000).astype(np.float32)
    assert np.array_equal(play(noise, seed=3), play(noise, seed=3))
    assert not np.array_equal(play(noise, seed=3), play(noise, seed=4))


def test_silence_is_exact_silence_again_soon_after_sound():
    sound = play(np.concatenate([sine(200, 0.5), np.zeros(RATE, np.float32)]))
    assert np.abs(sound[: RATE // 2]).max() > 0.9
    assert not sound[RATE:].any()
