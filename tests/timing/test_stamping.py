"""The driver's intervals, put on our clock."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riffsynth.timing.stamping import ArrivalTimes

TICK = 60.0 / 120.0 / 24


def errors(truth: np.ndarray, lateness: np.ndarray, drift: float = 0.0) -> np.ndarray:
    """(messages,) s between stamp and true arrival; the driver's clock runs `drift` fast, callbacks are late."""
    times = ArrivalTimes()
    deltas = np.diff(truth, prepend=truth[0]) * (1 + drift)
    return np.array([times.stamp(float(d), float(t + w)) - t for d, t, w in zip(deltas, truth, lateness, strict=True)])


def test_late_callbacks_do_not_make_late_stamps() -> None:
    rng = np.random.default_rng(0)
    lateness = rng.exponential(0.004, 2000)
    lateness[500:520] = 0.3  # something held the interpreter
    stamps = errors(100 + TICK * np.arange(2000), lateness)
    assert np.abs(stamps[200:]).max() < 0.001


@pytest.mark.parametrize("drift", [-100e-6, 100e-6])
def test_clocks_that_run_apart_stay_together_for_an_hour(drift: float) -> None:
    count = round(3600 / TICK)
    lateness = np.random.default_rng(1).exponential(0.002, count)
    assert np.abs(errors(5 + TICK * np.arange(count), lateness, drift)[200:]).max() < 0.001


def test_time_that_the_driver_missed_is_found_again() -> None:
    times = ArrivalTimes()
    now = 10.0
    for tick in range(400):
        now += TICK
        stamp = times.stamp(TICK, now if tick < 100 else now + 5.0)
    assert stamp == pytest.approx(now + 5.0, abs=0.001)


@given(st.lists(st.tuples(st.floats(allow_nan=True), st.floats(0, 10)), max_size=50))
def test_stamps_run_forward_and_lie_in_the_past(messages: list[tuple[float, float]]) -> None:
    times, now, last = ArrivalTimes(), 1.0, -1e9
    for delta, wait in messages:
        now += wait
        stamp = times.stamp(delta, now)
        assert last <= stamp <= now
        last = stamp
