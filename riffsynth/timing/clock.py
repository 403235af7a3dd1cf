"""Where `now` comes from: the system's clock on stage, a hand-turned one in tests and in virtual time."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Seconds on a scale that never runs backwards; system-wide, so that processes can compare readings."""

    def now(self) -> float: ...


class SystemClock:
    """`time.perf_counter`: one scale for all processes of the machine, and fine enough on every system."""

    def now(self) -> float:
        return time.perf_counter()


class ManualClock:
    """A clock that stands until it is moved on: an hour of music passes in milliseconds."""

    def __init__(self, now: float = 0.0) -> None:
        self._now = now

    def now(self) -> float:
        return self._now

    def advance(self, seconds: float) -> None:
        if seconds < 0:
            raise ValueError("a clock does not run backwards")
        self._now += seconds
