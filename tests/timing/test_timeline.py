"""The straight line that all other clocks are made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riffsynth.timing.clock import ManualClock, SystemClock
from riffsynth.timing.timeline import Timeline

times = st.floats(-1e5, 1e5)
speeds = st.floats(20 / 60, 400 / 60)


@given(times, times, speeds, times)
def test_time_at_is_the_inverse_of_beat_at(time: float, beat: float, speed: float, later: float) -> None:
    timeline = Timeline(time, beat, speed)
    assert timeline.time_at(timeline.beat_at(later)) == pytest.approx(later, abs=1e-5)


@given(times, speeds, times, times)
def test_anchoring_tells_the_same_line(time: float, speed: float, now: float, later: float) -> None:
    timeline = Timeline(time, 0.0, speed)
    assert timeline.anchored(now).beat_at(later) == pytest.approx(timeline.beat_at(later), abs=1e-4)


def test_a_stopped_song_stands_and_reaches_nothing() -> None:
    timeline = Timeline(0.0, 0.0, 2.0).stopped(3.0)
    assert [timeline.beat_at(t) for t in (3.0, 99.0)] == [6.0, 6.0]
    with pytest.raises(ValueError, match="stopped"):
        timeline.time_at(7.0)


def test_clocks_run_forward() -> None:
    clock = ManualClock(5.0)
    clock.advance(2.5)
    assert clock.now() == 7.5
    with pytest.raises(ValueError, match="backwards"):
        clock.advance(-1.0)
    system = SystemClock()
    assert system.now() <= system.now()
