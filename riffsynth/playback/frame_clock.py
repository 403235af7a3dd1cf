"""When a frame leaves the speaker, on the program's clock."""

from __future__ import annotations

from typing import Protocol


class FrameClock(Protocol):
    """Maps frames sent since the start to readings of the program's clock in seconds."""

    def time_of(self, frame: int) -> float: ...


class CountingClock:
    """The sound card's frame counter is the clock: `start + frame / rate`, no loop, exactly repeatable."""

    def __init__(self, start: float, sample_rate: int) -> None:
        self.start = start
        self.sample_rate = sample_rate

    def time_of(self, frame: int) -> float:
        return self.start + frame / self.sample_rate
