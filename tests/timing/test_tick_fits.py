"""What a handful of ticks say."""

from __future__ import annotations

import pytest

from riffsynth.timing.tick_fits import fit_line, tempo_step

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
