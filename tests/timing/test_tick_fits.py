"""What a handful of ticks say."""

from __future__ import annotations

import numpy as np
import pytest

from riffsynth.timing.tick_fits import BEND_TICKS, fit_line, tempo_bend, tempo_step

TICK = 60.0 / 120.0 / 24


@pytest.mark.parametrize(
    ("errors", "step"),
    [
        ([0, 0, 0, 0, 0, 0], None),
        ([0, 0, 0, -3, -6, -9], (3, -0.003)),
        ([0, 0, -1, -2, -3, -4], (4, -0.001)),
        ([0, 0, 0, 20, 20, 20], None),  # one tick lost
        ([0, 0, 0, 12, 6, 0], None),  # late, and catching up
        ([0, 3, -8, 12, 11, -5], None),
    ],
)
def test_a_step_is_errors_that_grow_evenly(errors: list[float], step: tuple[int, float] | None) -> None:
    found = tempo_step([error / 1000 for error in errors], TICK, 0.0002, 0.0003)
    assert found == (step if step is None else (step[0], pytest.approx(step[1])))


def test_a_line_and_how_far_ticks_are_off_it() -> None:
    slope, middle, off = fit_line([1.0, 1.1, 1.2, 1.3])
    assert (slope, middle, off) == (pytest.approx(0.1), pytest.approx(1.15), pytest.approx(0.0, abs=1e-9))
    assert fit_line([0.0, 0.1, 0.0, 0.1])[2] > 0.04


def ticks(power: int, start: int, change: float, jitter_s: float = 0.0, seed: int = 0) -> np.ndarray:
    """(BEND_TICKS,) s: at TICK, but the last `start` ticks leave their line by `change` s at its end."""
    places = np.arange(1.0 - BEND_TICKS, 1.0)
    noise = np.random.default_rng(seed).normal(0.0, jitter_s, BEND_TICKS)
    return 5000.0 + TICK * places + change * np.maximum(0.0, places / start + 1) ** power + noise


@pytest.mark.parametrize("start", [48, 96, 160])
@pytest.mark.parametrize("change", [0.02, -0.02])
def test_a_tempo_that_moves_is_seen_and_where_its_ticks_are_meant(start: int, change: float) -> None:
    found = [tempo_bend(ticks(2, start, change, 0.001, seed), 0.001) for seed in range(40)]
    assert all(found)
    assert np.mean([bend.time for bend in found if bend]) == pytest.approx(5000.0 + change, abs=0.0005)
    period = TICK + 2 * change / start
    assert np.mean([bend.period for bend in found if bend]) == pytest.approx(period, abs=2e-5)
    # Single ones are known as well as a line through as many ticks as it says.
    off = np.std([bend.time for bend in found if bend])
    assert off < 1.4 * 2 * 0.001 / np.sqrt(np.mean([bend.memory for bend in found if bend]))


@pytest.mark.parametrize(("power", "start", "change"), [(1, 1, 0.0), (1, 32, 0.02), (1, 80, 0.03), (1, 120, -0.03)])
def test_jitter_and_steps_are_no_bends(power: int, start: int, change: float) -> None:
    found = [tempo_bend(ticks(power, start, change, 0.001, seed), 0.001) for seed in range(200)]
    assert sum(bend is not None for bend in found) <= 2
