"""Ticks whose tempo moves, and ticks that only look like it."""

from __future__ import annotations

import numpy as np
import pytest

from riffsynth.timing.tick_bends import tempo_bend
from riffsynth.timing.tick_fits import BEND_TICKS

TICK = 60.0 / 120.0 / 24


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
