"""Clips that begin anywhere are rolled to the beat; clips without beats are left alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from riffsynth.diffusion.alignment import beat_offset
from riffsynth.spectrogram.analysis import analyse_loop
from riffsynth.spectrogram.spec import RIFFUSION, SpectrogramSpec

SPEC = replace(RIFFUSION, bands=96)
SECONDS = 5.12
RATE = 44100
BEATLESS = replace(SPEC, seconds_per_column=None)


def heard(sound: NDArray[np.float64], spec: SpectrogramSpec = SPEC) -> NDArray[np.float32]:
    return analyse_loop(sound.astype(np.float32), RATE, spec)


def hits(late_beats: float, every_beats: float = 1.0, decay_hz: float = 40.0, pitch_hz: float = 180.0) -> NDArray:
    """A loop of 8 beats with decaying tones, each `late_beats` behind its beat."""
    time_s = np.arange(round(SECONDS * RATE)) / RATE
    beat_s = SECONDS / 8 * every_beats
    since_s = (time_s - late_beats * SECONDS / 8) % beat_s
    return 0.3 * np.sin(2 * np.pi * pitch_hz * since_s) * np.exp(-decay_hz * since_s)


def noise(seed: int = 0) -> NDArray:
    return np.random.default_rng(seed).standard_normal(round(SECONDS * RATE))


@pytest.mark.parametrize("late_beats", [-0.4, -0.2, 0.1, 0.3, 0.45])
@pytest.mark.parametrize("decay_hz", [8.0, 40.0, 300.0])
def test_onsets_come_to_the_beat(late_beats: float, decay_hz: float) -> None:
    offset = beat_offset(heard(hits(late_beats, decay_hz=decay_hz)), SPEC)
    assert offset == pytest.approx(late_beats * 64, abs=3)


def test_rolled_back_it_lies_on_the_beat() -> None:
    mel = heard(hits(0.25))
    assert abs(beat_offset(np.roll(mel, -beat_offset(mel, SPEC), axis=1), SPEC)) <= 1


def test_what_is_on_the_beat_stays_nearly_there() -> None:
    assert abs(beat_offset(heard(hits(0.0)), SPEC)) <= 3


def test_the_stronger_of_two_places_is_the_beat() -> None:
    kick, hat = hits(0.2, pitch_hz=80.0), 0.2 * hits(0.2, every_beats=0.5, pitch_hz=5000.0, decay_hz=200.0)
    assert beat_offset(heard(kick + hat), SPEC) == pytest.approx(0.2 * 64, abs=3)


def test_of_equal_places_the_nearest_is_the_beat() -> None:
    assert beat_offset(heard(hits(0.05, every_beats=0.25)), SPEC) == pytest.approx(0.05 * 64, abs=3)
    assert beat_offset(heard(hits(-0.4, every_beats=0.5)), SPEC) == pytest.approx(0.1 * 64, abs=3)


def test_one_loud_crash_does_not_outvote_the_beat() -> None:
    time_s = np.arange(round(SECONDS * RATE)) / RATE
    crash = 0.5 * noise() * np.exp(-6 * np.abs(time_s - 1.0)) * (time_s > 1.0)
    assert beat_offset(heard(hits(0.25) + crash), SPEC) == pytest.approx(16, abs=3)


@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(44100),
        0.1 * noise(),
        0.3 * np.sin(2 * np.pi * 220 * np.arange(round(SECONDS * RATE)) / RATE),
        hits(0.1, every_beats=8 / 7),
    ],
    ids=["silence", "noise", "tone", "seven in eight"],
)
def test_without_clear_beats_nothing_moves(sound: NDArray) -> None:
    mel = heard(sound)
    assert beat_offset(mel, SPEC) == 0


def test_a_measure_without_seconds_or_whole_beats() -> None:
    mel = heard(hits(0.25))
    assert beat_offset(mel, BEATLESS) == pytest.approx(16, abs=4)
    assert beat_offset(mel, replace(SPEC, beats=7.5)) == 0


def test_beats_of_a_broken_number_of_columns() -> None:
    spec = replace(SPEC, columns=300, seconds_per_column=SECONDS / 300)
    assert beat_offset(heard(hits(0.25), spec), spec) == pytest.approx(0.25 * 37.5, abs=3)
