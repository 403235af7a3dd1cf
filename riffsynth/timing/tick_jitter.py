"""How far single ticks lie off their line, measured without a line."""

from __future__ import annotations

import math
from collections.abc import Sequence

FIRST_S = 0.001
"""Assumed before ticks show theirs, as if FIRST_TICKS had shown it."""
FIRST_TICKS = 4
FAST_TICKS, SLOW_TICKS = 8, 64


class TickJitter:
    """From second differences, which see neither tempo nor phase: of white jitter s they have variance 6 s^2."""

    def __init__(self) -> None:
        self._fast = self._slow = FIRST_S**2
        self._heard = FIRST_TICKS
        self._calm = self._fast, self._slow
        """Before the latest strays: where the tempo steps, one bend is the step and no jitter."""

    @property
    def usual_s(self) -> float:
        """Standard deviation of single ticks."""
        return math.sqrt(self._slow)

    @property
    def now_s(self) -> float:
        """The same, but at once larger where they grow unsteady."""
        return math.sqrt(max(self._fast, self._slow))

    def hear(self, times: Sequence[float], period: float, calm: bool) -> None:
        """The last of `times` (s) has come; `calm` when it comes after no strays."""
        if len(times) < 3:
            return
        if calm:
            self._calm = self._fast, self._slow
        bend = min(abs(times[-1] - 2 * times[-2] + times[-3]), period)
        self._heard += 1
        self._fast += (bend**2 / 6 - self._fast) / min(self._heard, FAST_TICKS)
        self._slow += (bend**2 / 6 - self._slow) / min(self._heard, SLOW_TICKS)

    def forget_strays(self) -> None:
        self._fast, self._slow = self._calm
