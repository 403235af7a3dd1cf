"""The limiter: nothing passes the ceiling, nothing below it is touched, and chunks make no difference."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from riffsynth.playback.limiter import CEILING, Limiter

RATE = 44100


def limited(samples: np.ndarray, sizes: list[int] | None = None) -> np.ndarray:
    """All of `samples` through a limiter in chunks of `sizes`, repeated."""
    limiter = Limiter(RATE)
    pieces, start = [], 0
    while start < samples.size:
        size = (sizes or [samples.size])[len(pieces) % len(sizes or [1])]
        pieces.append(limiter.process(samples[start : start + size]))
        start += size
    return np.concatenate(pieces)


def overdriven(seconds: float = 0.5) -> np.ndarray:
    """A sine with bursts 12 dB over full scale."""
    t = np.arange(round(seconds * RATE)) / RATE
    return (np.sin(2 * np.pi * 440 * t) * np.where((t * 8) % 1 < 0.3, 4.0, 0.5)).astype(np.float32)


@given(
    arrays.arrays(
        np.float32,
        st.integers(1, 600),
        elements=st.floats(width=32, allow_nan=True, allow_infinity=True),
    )
)
def test_any_input_stays_below_the_ceiling(samples: np.ndarray) -> None:
    out = limited(samples, [128])
    assert out.dtype == np.float32
    assert np.isfinite(out).all()
    assert np.abs(out).max() <= np.float32(CEILING) < 1.0


def test_below_the_ceiling_samples_pass_unchanged() -> None:
    limiter = Limiter(RATE)
    samples = np.random.default_rng(1).uniform(-0.96, 0.96, 4096).astype(np.float32)
    out = limiter.process(samples)
    assert np.array_equal(out[limiter.delay :], samples[: -limiter.delay])


@pytest.mark.parametrize("sizes", [[128], [1], [7, 300, 64], [5000]])
def test_chunks_of_any_size_make_the_same_sound(sizes: list[int]) -> None:
    samples = overdriven(0.2 if sizes == [1] else 0.5)
    assert np.allclose(limited(samples, sizes), limited(samples), atol=1e-6)


def test_gain_moves_smoothly_and_comes_back() -> None:
    samples = np.full(RATE, 0.5, np.float32)
    samples[10000:10010] = 4.0
    gain = limited(samples)[Limiter(RATE).delay :] / samples[: -Limiter(RATE).delay]
    assert gain[10005] == pytest.approx(CEILING / 4.0, rel=1e-3)
    assert gain[9000] == 1.0
    assert gain[-1] > 0.999
    assert np.abs(np.diff(gain)).max() < 0.05  # over 1.5 ms, not at once


def test_what_is_not_finite_is_silence_and_harms_nothing_after_it() -> None:
    samples = np.full(1024, 0.25, np.float32)
    samples[100], samples[200], samples[300] = np.nan, np.inf, -np.inf
    delay = Limiter(RATE).delay
    out = limited(samples, [128])
    assert (out[delay + np.array([100, 200, 300])] == 0).all()
    assert out[delay + 500] == np.float32(0.25)
