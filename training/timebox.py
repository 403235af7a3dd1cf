"""A run's share of the clock: learning rates follow it, and an interrupted run goes on where it was."""

from __future__ import annotations

import math
import time


class TimeBox:
    """`minutes` of wall clock, of which `spent_s` seconds were used by earlier runs."""

    def __init__(self, minutes: float, spent_s: float = 0.0) -> None:
        self.total_s = max(60.0 * minutes, 1e-6)
        self._start = time.monotonic() - spent_s
        self._marks: dict[str, float] = {}

    @property
    def spent_s(self) -> float:
        return time.monotonic() - self._start

    @property
    def fraction(self) -> float:
        """0 at the beginning, 1 when the time is up."""
        return min(1.0, self.spent_s / self.total_s)

    def due(self, name: str, every_s: float) -> bool:
        """True when `every_s` seconds have gone by since this name was last due."""
        now = time.monotonic()
        if now - self._marks.setdefault(name, now) < every_s:
            return False
        self._marks[name] = now
        return True


def warm_cosine(fraction: float, warm: float = 0.03, floor: float = 0.02) -> float:
    """Learning rate factor: a linear rise over `warm`, then half a cosine down to `floor`."""
    if fraction < warm:
        return fraction / warm + 1e-3
    return floor + (1.0 - floor) * 0.5 * (1.0 + math.cos(math.pi * (fraction - warm) / (1.0 - warm)))
