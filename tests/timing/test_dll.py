"""The loop is the least-squares line while it fills, and Adriaensen's loop after that."""

from __future__ import annotations

import numpy as np
import pytest

from riffsynth.timing.dll import DelayLockedLoop


def test_while_it_fills_it_is_the_least_squares_line() -> None:
    times = 0.02 * np.arange(40) + np.random.default_rng(1).normal(0, 0.002, 40)
    loop = DelayLockedLoop(1.0, float(times[1]), float(times[1] - times[0]), limit=1000, memory=2)
    for tick in range(2, 40):
        loop.update(tick, float(times[tick]))
        slope, start = np.polyfit(np.arange(tick + 1), times[: tick + 1], 1)
        assert loop.period == pytest.approx(slope)
        assert loop.time == pytest.approx(start + slope * tick)


def test_at_its_limit_it_is_adriaensens_loop() -> None:
    memory = 50.0
    b, c = 4 / memory, 6 / (memory * (memory + 1))
    times = 0.02 * np.arange(200) + np.random.default_rng(2).normal(0, 0.002, 200)
    loop = DelayLockedLoop(0.0, 0.0, 0.02, memory, memory)
    t1, e2 = 0.02, 0.02
    for tick in range(1, 200):
        e = float(times[tick]) - t1
        t1 += b * e + e2
        e2 += c * e
        loop.update(tick, float(times[tick]))
        assert loop.time_of(tick + 1) == pytest.approx(t1)


def test_a_missing_event_is_no_error() -> None:
    loop = DelayLockedLoop(0.0, 0.0, 0.02, 20, 20)
    assert loop.update(3, 0.06) == pytest.approx(0.0, abs=1e-12)
    assert loop.position_at(0.07) == pytest.approx(3.5)


def test_forgetting_the_phase_keeps_the_period() -> None:
    loop = DelayLockedLoop(0.0, 0.0, 0.02, 96, 96)
    loop.phase_memory = 1.0
    loop.update(1, 0.03)
    assert loop.time == pytest.approx(0.03)
    assert loop.period == pytest.approx(0.02, rel=1e-3)
