"""The instrument's own clock: what moves the beat, and what never does."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riffsynth.timing.internal import InternalClock
from riffsynth.timing.musical import TEMPO_RANGE
from riffsynth.timing.tap import TapTempo


def test_moments_of_a_set() -> None:
    clock = InternalClock(100.0, 120.0)
    set_list = [
        (101.0, 2.0, lambda now: clock.set_tempo(now, 60.0)),
        (103.0, 4.0, clock.stop),
        (110.0, 4.0, clock.resume),
        (111.0, 5.0, clock.resume),  # plays already
        (112.0, 6.0, lambda now: clock.locate(now, 64.0)),
        (113.0, 65.0, clock.start),
        (114.5, 1.5, clock.stop),
    ]
    for now, beat, action in set_list:
        assert clock.timeline.beat_at(now) == pytest.approx(beat)
        action(now)
    assert clock.timeline.beat_at(200.0) == pytest.approx(1.5)


@given(st.lists(st.tuples(st.floats(0.0, 10.0), st.floats(*TEMPO_RANGE)), max_size=30))
def test_a_tempo_never_moves_the_beat(changes: list[tuple[float, float]]) -> None:
    now, clock = 0.0, InternalClock(0.0)
    for wait, tempo in changes:
        now += wait
        before = clock.timeline.beat_at(now)
        assert clock.set_tempo(now, tempo).beat_at(now) == pytest.approx(before)
        assert clock.timeline.tempo == pytest.approx(tempo)


@pytest.mark.parametrize("tempo", [0.0, -120.0, 10.0, 2000.0, math.nan, math.inf])
def test_an_impossible_tempo_is_refused_and_the_old_one_holds(tempo: float) -> None:
    clock = InternalClock(0.0, 93.0)
    with pytest.raises(ValueError, match=r"20\.\.400"):
        clock.set_tempo(1.0, tempo)
    assert clock.timeline.tempo == pytest.approx(93.0)


def test_nudge_makes_beats_later_or_earlier() -> None:
    clock = InternalClock(0.0, 120.0)
    clock.nudge(1.0, 10.0)
    assert clock.timeline.time_at(4.0) == pytest.approx(2.010)
    clock.nudge(1.5, -15.0)
    assert clock.timeline.time_at(4.0) == pytest.approx(1.995)


def test_it_tells_its_state() -> None:
    clock = InternalClock(0.0, 93.75)
    assert (clock.status().state, clock.status().line()) == ("locked", "internal locked 93.8 bpm")
    clock.stop(1.0)
    assert clock.status().state == "stopped"


@pytest.mark.parametrize(
    ("taps", "tempos"),
    [
        ([0.0, 0.5, 1.0], [None, 120.0, 120.0]),
        ([0.0, 0.5, 1.0, 1.62, 2.0, 2.5], [None, 120.0, 120.0, 120.0, 120.0, 120.0]),  # one slip
        ([0.0, 0.5, 0.51, 1.0], [None, 120.0, None, 120.0]),  # the pad bounces
        ([0.0, 0.5, 3.0, 3.4], [None, 120.0, None, 150.0]),  # a pause starts anew
        ([0.0, 0.5, 1.0, 1.5, 2.0, 2.35, 2.7], [None, 120.0, 120.0, 120.0, 120.0, 120.0, 60 / 0.35]),  # another tempo
    ],
)
def test_taps(taps: list[float], tempos: list[float | None]) -> None:
    tap = TapTempo()
    assert [tap.tap(now) for now in taps] == [t if t is None else pytest.approx(t) for t in tempos]


@given(st.lists(st.floats(0.0, 5.0), max_size=50))
def test_whatever_is_tapped_the_clock_can_run_at_it(waits: list[float]) -> None:
    now, clock = 0.0, InternalClock(0.0)
    for wait in waits:
        now += wait
        assert TEMPO_RANGE[0] <= clock.tap(now).tempo <= TEMPO_RANGE[1] + 1e-9
