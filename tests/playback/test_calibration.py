"""Clicks and what is heard of them."""

from __future__ import annotations

import numpy as np
import pytest

from riffsynth.playback.calibration import CLICKS, Calibration, click_times, clicks, lateness_s

RATE = 48000


def recorded(late_s: float, noise: float = 0.0, gain: float = 1.0) -> np.ndarray:
    """What an input hears that began with the clicks."""
    frames = np.arange(round((click_times()[-1] + 1.0) * RATE))
    heard = gain * clicks(frames - round(late_s * RATE), RATE)
    return (heard + np.random.default_rng(1).normal(0.0, noise, heard.size)).astype(np.float32)


@pytest.mark.parametrize("late_s", [-0.02, 0.0, 0.0123, 0.25])
@pytest.mark.parametrize("noise", [0.0, 0.01])
def test_the_lateness_is_found_to_a_tenth_of_a_millisecond(late_s: float, noise: float) -> None:
    late = lateness_s(recorded(late_s, noise, gain=0.3), RATE, click_times())
    assert late.size == CLICKS
    assert np.median(late) == pytest.approx(late_s, abs=2e-4)


def test_clicks_that_are_missing_are_not_made_up() -> None:
    heard = recorded(0.01)
    heard[: round(2.5 * RATE)] = 0.0
    late = lateness_s(heard, RATE, click_times())
    assert late.size == sum(moment + 0.01 > 2.5 for moment in click_times())
    assert late == pytest.approx(0.01, abs=2e-4)


def test_silence_and_noise_are_no_clicks() -> None:
    noise = np.random.default_rng(2).normal(0.0, 0.1, 8 * RATE).astype(np.float32)
    assert lateness_s(np.zeros(8 * RATE, np.float32), RATE, click_times()).size == 0
    assert lateness_s(noise, RATE, click_times()).size < 0.6 * CLICKS


def test_sound_that_is_late_has_to_be_sent_earlier() -> None:
    assert Calibration(12.5, 0.1, CLICKS, "out", "in").clock_offset == -12.5
