"""What was heard is found again by its time, and becomes a loop whose beats lie on the beat."""

from __future__ import annotations

import math

import numpy as np
import pytest

from riffsynth.listening.memory import SoundMemory
from riffsynth.listening.messages import Deaf, Early, Heard, Listen
from riffsynth.listening.process import answered
from riffsynth.spectrogram.spec import EMBEDDED

RATE = 22050


def filled(sound: np.ndarray, start: float, late_s: float = 0.0, seconds: float = 45.0) -> SoundMemory:
    """A memory that heard `sound` from `start` on, its blocks reported up to `late_s` late."""
    memory, rng = SoundMemory(RATE, seconds), np.random.default_rng(0)
    for at in range(0, sound.size, 512):
        memory.put(sound[at : at + 512].astype(np.float32), start + at / RATE + late_s * rng.random())
    return memory


def test_samples_are_found_by_their_time_however_late_they_were_told() -> None:
    sound = np.arange(5 * RATE) / RATE
    memory = filled(sound, 100.0, late_s=0.01)
    found = memory.between(101.0, 103.0)
    assert found is not None and found.size == 2 * RATE
    assert found[0] == pytest.approx(1.0, abs=0.002)
    assert memory.heard_until == pytest.approx(105.0, abs=0.002)


def test_what_is_gone_or_still_to_come_is_not_made_up() -> None:
    memory = filled(np.ones(5 * RATE), 0.0, seconds=2.0)
    assert memory.between(3.5, 4.5) is not None
    assert memory.between(1.0, 2.0) is None and memory.between(4.5, 5.5) is None and memory.between(4.0, 4.0) is None
    assert SoundMemory(RATE, 1.0).between(0.0, 0.5) is None and SoundMemory(RATE, 1.0).heard_until == -math.inf


@pytest.mark.parametrize("lost_s", [0.05, 3.0])
def test_lost_samples_put_the_later_ones_at_their_time_again(lost_s: float) -> None:
    memory, late = SoundMemory(RATE, 45.0), np.random.default_rng(0)
    blocks = [(at, at / RATE + (lost_s if at > 2 * RATE else 0.0)) for at in range(0, 5 * RATE, 512)]
    for _, time in blocks:
        sound = (time + np.arange(512) / RATE).astype(np.float32)
        memory.put(sound, 100.0 + time + 0.008 * late.random())
    end = 100.0 + blocks[-1][1]
    assert memory.heard_until == pytest.approx(end + 512 / RATE, abs=0.002)
    found = memory.between(end - 1.0, end)
    assert found is not None and found[0] == pytest.approx(end - 101.0, abs=0.002)


@pytest.mark.parametrize("first_beat", [0, 4, 6])
def test_the_last_eight_beats_are_a_loop_on_the_beat(first_beat: int) -> None:
    """A click on the song's downbeat (beat 0 of 8) comes out in column 0, wherever listening began."""
    beat_s = 0.5
    time = np.arange(int(8 * beat_s * RATE)) / RATE
    downbeat = (-first_beat * beat_s) % (8 * beat_s)
    since = time - downbeat
    sound = np.where(since >= 0, np.sin(2 * np.pi * 800 * since) * np.exp(-60 * np.maximum(since, 0)), 0.0)
    heard = answered(filled(sound, 10.0), Listen(10.0, 10.0 + 8 * beat_s - 1e-3, first_beat / 8), 44100)
    assert isinstance(heard, Heard)
    loudest = int(heard.clip.mel.sum(axis=0).argmax())
    assert min(loudest, EMBEDDED.columns - loudest) <= 2
    assert heard.score.columns == EMBEDDED.columns


def test_silence_is_told() -> None:
    assert answered(filled(np.zeros(5 * RATE), 0.0), Listen(0.0, 4.0, 0.0), 44100) == Deaf(
        "the input is silent: is it connected?"
    )


def test_eight_beats_that_began_before_listening_did_are_early_and_no_fault() -> None:
    assert answered(filled(np.ones(RATE), 0.0), Listen(-3.0, 1.0 - 1e-3, 0.0), 44100) == Early()


@pytest.mark.parametrize(("asked", "why"), [((0.5, 1.5), "no sound any more"), ((-2.0, 0.9), "play faster")])
def test_an_input_that_has_stopped_and_a_song_that_is_too_slow_are_told(asked: tuple[float, float], why: str) -> None:
    heard = answered(filled(np.ones(RATE), 0.0, seconds=0.5), Listen(*asked, 0.0), 44100)
    assert isinstance(heard, Deaf) and why in heard.text
