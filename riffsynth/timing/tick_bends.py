"""Whether the tempo moves: ticks that leave their line along a parabola are told from jitter, and from a step."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from riffsynth.timing.tick_fits import BEND_TICKS

BEND_STARTS = (48, 64, 96, 128, 160)
"""Of the latest BEND_TICKS, so many may lie on a parabola after a straight line: the tempo moves evenly."""
KINK_STARTS = tuple(range(8, BEND_TICKS, 8))
"""Or so many on another straight line: the tempo has stepped."""
BEND_DEVIATIONS = 3.5
"""A bend is believed when it is this many of its standard deviations, and better seen than any kink."""
_PLACES = np.arange(1.0 - BEND_TICKS, 1.0)


@dataclass(frozen=True, slots=True)
class Bend:
    """What ticks say whose tempo moves evenly."""

    time: float
    """When the latest was meant (s)."""
    period: float
    """From it to the next (s)."""
    memory: float
    """A straight line through so many ticks would be known as well."""


def tempo_bend(times: Sequence[float], jitter_s: float) -> Bend | None:
    """How the tempo moves over the latest BEND_TICKS; None where it does not, as far as their jitter shows.

    A generalised likelihood ratio, as `tempo_step` is one.
    """
    # Against a line that is nearly theirs, for whole times would cost digits.
    slope = (times[-1] - times[0]) / (BEND_TICKS - 1)
    off = np.array(times) - times[-1] - slope * _PLACES
    kinks, bends = _fits()
    sizes = np.abs(bends.size @ off)
    best = int(sizes.argmax())
    if sizes[best] < max(BEND_DEVIATIONS * jitter_s, np.abs(kinks.size @ off).max()):
        return None
    time, period = times[-1] + bends.time[best] @ off, slope + bends.slope[best] @ off
    return Bend(float(time), float(period), float(bends.memory[best]))


@dataclass(frozen=True, slots=True)
class _Fits:
    """Least-squares fits of some shapes, each a row of weights for BEND_TICKS ticks, the latest last."""

    size: NDArray[np.float64]
    """How large the kink or the bend is, in its standard deviations at a jitter of 1."""
    time: NDArray[np.float64]
    """Of the latest tick."""
    slope: NDArray[np.float64]
    """There."""
    memory: NDArray[np.float64]
    """(shapes,): a line through m ticks is known to 2 / sqrt(m) of their jitter at its end."""


@cache
def _fits() -> tuple[_Fits, _Fits]:
    """Of kinks and of bends."""
    return _fitted(KINK_STARTS, 1), _fitted(BEND_STARTS, 2)


def _fitted(starts: Sequence[int], power: int) -> _Fits:
    size, time, slope = [], [], []
    for start in starts:
        shape = np.stack([np.ones(BEND_TICKS), _PLACES, np.maximum(0.0, _PLACES + start) ** power])
        spread = np.linalg.inv(shape @ shape.T)
        weights = spread @ shape
        size.append(weights[2] / math.sqrt(spread[2, 2]))
        time.append(weights[0] + weights[2] * start**power)
        slope.append(weights[1] + weights[2] * power * start ** (power - 1))
    memory = [4.0 / (row @ row) for row in time]
    return _Fits(np.array(size), np.array(time), np.array(slope), np.array(memory))
