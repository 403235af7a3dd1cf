"""Frames to time, through what sound cards report and what they should not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riffsynth.timing.card_clock import CardClock

RATE = 44100
PERIOD = 1024
"""Frames between two reports."""


class Card:
    """Runs `slow` slower than it should, and reports with jitter."""

    def __init__(self, slow: float = 0.0, jitter_s: float = 0.0005, late_s: float = 0.03) -> None:
        self.frame, self.slow, self.late_s = 0, slow, late_s
        self.jitter_s = jitter_s
        self.clock = CardClock(100.0, RATE)
        self._rng = np.random.default_rng(3)

    def truth(self, frame: float) -> float:
        return 100.0 + self.late_s + frame / RATE * (1 + self.slow)

    def run(self, reports: int, lie: float | None = None) -> list[float]:
        """Errors in s one second ahead of each report; `lie` is reported in place of the time."""
        errors = []
        for _ in range(reports):
            self.frame += PERIOD
            time = self.truth(self.frame) + self._rng.normal(0, self.jitter_s)
            self.clock.report(self.frame, time if lie is None else lie)
            ahead = self.frame + RATE
            errors.append(self.clock.time_of(ahead) - self.truth(ahead))
        return errors


@pytest.mark.parametrize("slow", [-100e-6, 0.0, 100e-6])
def test_an_hour_with_a_card_that_is_off(slow: float) -> None:
    card = Card(slow)
    errors = np.array(card.run(3600 * RATE // PERIOD))
    assert np.abs(errors[430:]).max() < 0.001  # from 10 s on
    assert card.clock.drift == pytest.approx(slow, abs=3e-6)
    assert card.clock.jumps == 0


def test_without_reports_it_counts() -> None:
    clock = CardClock(7.0, RATE)
    assert clock.time_of(RATE * 60) == pytest.approx(67.0)


@pytest.mark.parametrize("lie", [0.0, -1.0, float("nan"), float("inf"), 100.5])
def test_senseless_reports_from_the_start_leave_it_counting(lie: float) -> None:
    card = Card(late_s=0.0)
    assert np.abs(card.run(500, lie)).max() < 1e-6
    assert card.clock.refused == 500


@pytest.mark.parametrize("lie", [0.0, float("nan"), 101.0, 1e9])
def test_senseless_reports_later_on_do_not_move_it(lie: float) -> None:
    card = Card(100e-6)
    card.run(3000)
    assert np.abs(card.run(3000, lie)).max() < 0.01  # a minute on the rate last known
    assert np.abs(card.run(500)[100:]).max() < 0.001


def test_single_wild_reports_are_left_out() -> None:
    card = Card()
    card.run(1000)
    for _ in range(50):
        card.run(1, card.truth(card.frame + PERIOD) + 0.3)
        assert np.abs(card.run(5)).max() < 0.001
    assert card.clock.refused >= 50


def test_a_card_that_lost_time_is_followed() -> None:
    card = Card()
    card.run(1000)
    card.late_s += 0.2
    assert abs(card.run(20)[-1]) < 0.003
    assert card.clock.jumps == 1


def test_a_missed_period_is_made_good_within_a_second() -> None:
    card = Card(100e-6, jitter_s=0.0002)
    card.run(1000)
    card.late_s += 256 / RATE
    assert abs(card.run(RATE // PERIOD)[-1]) < 0.0005
    assert card.clock.drift == pytest.approx(100e-6, abs=30e-6)
    assert card.clock.jumps == 0


@pytest.mark.parametrize("lost_s", [0.0015, 0.003, 0.006, 0.012])
@pytest.mark.parametrize("played_s", [2, 5, 10, 20])
def test_time_lost_soon_after_the_start_is_made_good_as_soon(played_s: int, lost_s: float) -> None:
    """The song may start before the card's jitter is known: its second beat comes half a second later."""
    card = Card(100e-6, jitter_s=0.0002)
    reports = RATE // PERIOD
    card.run(played_s * reports)
    card.late_s += lost_s
    assert abs(card.run(reports // 2)[-1]) < 0.001
    assert card.clock.jumps == 0


def test_a_card_that_grows_unsteady_is_not_taken_to_slip_all_the_time() -> None:
    card = Card(jitter_s=0.0001)
    card.run(1000)
    card.jitter_s = 0.004
    assert np.std(card.run(1000)[200:]) < 0.001


@given(st.lists(st.tuples(st.integers(-5, 10**7), st.floats()), max_size=60))
def test_any_reports(reports: list[tuple[int, float]]) -> None:
    clock = CardClock(0.0, RATE)
    for frame, time in reports:
        clock.report(frame, time)
        assert clock.time_of(1000) < clock.time_of(2000)
        assert abs(clock.drift) < 0.0011
