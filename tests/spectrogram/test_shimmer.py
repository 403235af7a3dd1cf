import numpy as np
import pytest
from scipy.signal import welch

from riffsynth.spectrogram.analysis import analyse_loop
from riffsynth.spectrogram.clip import Clip
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.spectrogram.inversion import score_of
from riffsynth.spectrogram.shimmer import tonal_part
from riffsynth.spectrogram.spec import EMBEDDED
from riffsynth.spectrogram.streaming import StreamingSynthesizer

RATE = 44100
GRID = SynthesisGrid.for_rate(RATE)


class Held:
    """One column, for ever."""

    def __init__(self, column):
        self.column = column.astype(np.float32)

    def rows(self, resolution, offsets_s):
        return np.repeat(self.column[None, GRID.slices[resolution]], offsets_s.size, axis=0)


def held(audio, seconds=3.0):
    clip = Clip(analyse_loop(audio.astype(np.float32), RATE, EMBEDDED), EMBEDDED)
    source, synthesizer = Held(score_of(clip, GRID).magnitudes[100]), StreamingSynthesizer(GRID)
    return np.concatenate([synthesizer.hop(source) for _ in range(int(seconds * RATE / GRID.hop))])[RATE // 2 :]


def flatness(sound, segment):
    frequencies, power = welch(sound, RATE, nperseg=segment)
    power = power[(frequencies > 100) & (frequencies < 12000)]
    return np.exp(np.log(power).mean()) / power.mean()


def test_frozen_noise_stays_noise_of_the_same_level():
    noise = np.random.default_rng(0).normal(0, 0.1, 4 * RATE)
    sound = held(noise)
    assert flatness(sound, 8192) > 0.7
    assert flatness(sound, sound.size) > 0.4  # white noise itself: 0.56
    expected = 0.1 * np.sqrt(EMBEDDED.f_max / (RATE / 2))
    assert 20 * np.log10(sound.std() / expected) == pytest.approx(0, abs=1.5)  # one column is a random sample


def test_frozen_tones_stay_tones():
    time = np.arange(4 * RATE) / RATE
    chord = sum(0.2 * np.sin(2 * np.pi * f * time) for f in (110, 440, 554.25, 3000))
    sound = held(chord)
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(sound.size))) ** 2
    frequencies = np.fft.rfftfreq(sound.size, 1 / RATE)
    on_tones = sum(spectrum[np.abs(frequencies - f) < 12].sum() for f in (110, 440, 554.25, 3000))
    assert on_tones > 0.98 * spectrum.sum()
    assert 20 * np.log10(sound.std() / chord.std()) == pytest.approx(0, abs=1)


def test_partials_are_told_from_noise():
    bins = np.arange(500)
    partials = sum(np.exp(-(((bins - at) / 1.2) ** 2)) for at in range(10, 500, 20)).astype(np.float32)
    assert tonal_part(partials)[10::20].all()
    assert not tonal_part(np.full(500, 0.3, np.float32)).any()
    assert not tonal_part(np.zeros(500, np.float32)).any()


def test_held_sound_repeats_with_its_seed():
    noise = np.random.default_rng(0).normal(0, 0.1, 4 * RATE)
    assert np.array_equal(held(noise, 1.0), held(noise, 1.0))
