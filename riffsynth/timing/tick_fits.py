"""What a handful of ticks say: the line they lie on, and whether the tempo has stepped among them."""

from __future__ import annotations

import math
from collections.abc import Sequence

STEP_TICKS = 3
STEP_DEVIATIONS = 7.0
STEP_SLACK = 0.15
"""A step in tempo is believed after this many ticks, when it explains them this many standard deviations better than
no step and all but this share of itself."""
STEP_MORE_TICKS = 8.0
STEP_CLEAN = 0.03
"""So many more where the period changes by its whole length, as ticks at random look like large steps now and then;
unless the step explains all but this share of itself."""
BEND_TICKS = 160
"""So many ticks in a row show whether they bend (`tick_bends.py`)."""


def tempo_step(errors: Sequence[float], period: float, jitter_s: float, deviation: float) -> tuple[int, float] | None:
    """The likeliest step in tempo among the latest ticks: how many ticks ago, and by how much (s a tick); None if none.

    A generalised likelihood ratio (Willsky and Jones 1976): after a step the errors (s) against the line grow like
    e, 2 e, 3 e, and nothing else does. `jitter_s` is what ticks are off by as a rule, `deviation` at the worst.
    """
    best, found = STEP_DEVIATIONS, None
    for ticks in range(STEP_TICKS, len(errors) + 1):
        grown = list(enumerate(errors[-ticks:], start=1))
        weight = sum(n * n for n, _ in grown)
        change = sum(n * error for n, error in grown) / weight
        left = math.sqrt(sum((error - n * change) ** 2 for n, error in grown) / ticks)
        score = abs(change) * math.sqrt(weight) / deviation
        enough = ticks >= STEP_TICKS + STEP_MORE_TICKS * abs(change) / period
        believed = left < 1.5 * jitter_s + STEP_SLACK * abs(change)
        if score > best and believed and (enough or left < STEP_CLEAN * abs(change)):
            best, found = score, (ticks, change)
    return found


def fit_line(times: Sequence[float]) -> tuple[float, float, float]:
    """The least-squares line through ticks one after another: its slope, its middle and the RMS residual, all in s."""
    count, middle = len(times), sum(times) / len(times)
    places = [i - (count - 1) / 2 for i in range(count)]
    slope = sum(n * (t - middle) for n, t in zip(places, times, strict=True)) / sum(n * n for n in places)
    squares = sum((t - middle - n * slope) ** 2 for n, t in zip(places, times, strict=True))
    return slope, middle, math.sqrt(squares / count)
