"""What is heard as columns of levels, and clips as pictures on the same scale."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riffsynth.spectrogram.clip import Score
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.web.ahead import Painter
from riffsynth.web.heard import BANDS, FLOOR_DB, HeardPicture, _edges

RATE = 44100


def sine(hz, seconds=0.5, amplitude=1.0, rate=RATE):
    return (amplitude * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def band_of(hz):
    return int(np.searchsorted(_edges(), hz) - 1)


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
@pytest.mark.parametrize("hz", [55.0, 440.0, 1000.0, 6000.0])
@pytest.mark.parametrize("decibels", [0.0, -30.0])
def test_a_sine_stands_in_its_band_at_its_level(rate, hz, decibels):
    samples = sine(hz, amplitude=10 ** (decibels / 20), rate=rate)
    _, levels = HeardPicture(rate).feed(0, samples)
    column = levels[len(levels) // 2].astype(float)
    assert abs(int(column.argmax()) - band_of(hz)) <= 1
    assert abs((column.max() / 255 - 1) * -FLOOR_DB - decibels) < 2.0


@given(st.lists(st.integers(1, 4000), min_size=1, max_size=8))
def test_columns_do_not_depend_on_how_the_samples_come(sizes):
    samples = np.random.default_rng(1).normal(0, 0.1, sum(sizes)).astype(np.float32)
    _, whole = HeardPicture(RATE).feed(0, samples)
    picture, at, columns = HeardPicture(RATE), 0, []
    for size in sizes:
        first, levels = picture.feed(at, samples[at : at + size])
        if len(levels):
            assert first == pytest.approx(picture.hop * (sum(map(len, columns)) + 1) - 2048)
        columns.append(levels)
        at += size
    assert np.array_equal(np.concatenate(columns), whole)


def test_a_column_lies_where_its_sound_is():
    samples = np.zeros(RATE, np.float32)
    samples[20000:20010] = 1.0
    picture = HeardPicture(RATE)
    first, levels = picture.feed(0, samples)
    loudest = levels.astype(float).sum(axis=1).argmax()
    assert abs(first + loudest * picture.hop - 20005) <= picture.hop


def test_a_gap_starts_anew():
    picture = HeardPicture(RATE)
    picture.feed(0, sine(440))
    _, levels = picture.feed(10**6, np.zeros(3 * picture.hop, np.float32))
    assert levels.max() == 0


@pytest.mark.parametrize("hz", [80.0, 440.0, 3000.0])
def test_a_clip_and_its_sound_have_the_same_picture(hz):
    grid = SynthesisGrid.for_rate(RATE)
    magnitudes = np.zeros((16, grid.bins), np.float32)
    for part, resolution in zip(grid.slices, grid.resolutions, strict=True):
        near = np.abs(grid.frequencies[part] - hz).argmin() + part.start
        if abs(grid.frequencies[near] - hz) < RATE / resolution.n_fft:
            magnitudes[:, near] = 0.25
    clip = Painter(RATE).picture(Score(magnitudes, 8.0)).levels[8]
    _, heard = HeardPicture(RATE).feed(0, sine(hz, amplitude=0.25))
    assert clip.shape == (BANDS,)
    assert abs(int(clip.argmax()) - int(heard[10].argmax())) <= 1
    assert abs(float(clip.max()) - float(heard[10].max())) < 6
