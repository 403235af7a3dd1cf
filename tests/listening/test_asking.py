"""Once a bar, for the eight beats before it."""

from __future__ import annotations

import pytest

from riffsynth.listening.asking import Asking
from riffsynth.listening.messages import Listen
from riffsynth.timing.timeline import Timeline

SONG = Timeline(10.0, 0.0, 2.0)


def test_each_bar_is_asked_for_once_with_its_place_in_the_loop() -> None:
    asking = Asking()
    asked = [made for i in range(100) if (made := asking.due(True, SONG, 4, 18.0 + i * 0.05))]
    assert asked == [Listen(14.0, 18.0, 0.0), Listen(16.0, 20.0, 0.5), Listen(18.0, 22.0, 0.0)]


def test_nothing_is_asked_for_while_it_is_not_wanted_or_the_song_stands() -> None:
    asking = Asking()
    assert asking.due(False, SONG, 4, 20.0) is None
    assert asking.due(True, SONG.stopped(20.0), 4, 20.0) is None
    assert asking.due(True, SONG, 3, 20.0) == Listen(pytest.approx(15.0), pytest.approx(19.0), pytest.approx(0.25))
