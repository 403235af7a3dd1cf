"""When a frame leaves the speaker, from what the sound card reports: the frame clock's second loop."""

from __future__ import annotations

import math
from dataclasses import dataclass

from riffsynth.timing.dll import DelayLockedLoop

MEMORY_REPORTS = 1000.0
KNOWN_PERIOD = 100.0
"""Reports that the nominal rate is worth: it is off by a ten-thousandth at the most, a report by a millisecond."""
SMOOTHING_REPORTS = 4.0
"""Over which errors are averaged to see whether the card has slipped."""
SLIP_DEVIATIONS = 5.0
LEAST_DEVIATION_S = 0.0001
FIRST_JITTER_S = 0.001
FIRST_REPORTS = 4
"""Assumed before reports show their jitter, as if so many had shown it: also what is lost early on is noticed."""
JITTER_REPORTS = 64
"""Over which the jitter is averaged."""
WILD_DEVIATIONS = 4.0
"""An error counts as so many deviations of the jitter at the most: a slip says nothing about it."""
LEAST_MEMORY = 3.0
"""An average error above SLIP_DEVIATIONS of its own deviations is a slip, as after a missed period: the phase is found
anew from this many reports, while the rate stays known."""
OFF_S = 0.02
"""A report further off than this is not believed."""
FIRST_OFF_S = 2.0
"""Nor the first ones, compared to when the stream began."""
AGREEING_REPORTS = 8
"""So many reports that are off, but agree among each other, mean that the card has lost time, and are believed."""
RATE_TOLERANCE = 1e-3
"""The largest share that a card's rate may be off; what reports say beyond it is a fault of theirs."""


@dataclass(frozen=True, slots=True)
class FrameLine:
    """When each frame leaves the speaker: frame number `frame` at `time` (s), the next one `period` seconds later."""

    frame: float
    time: float
    period: float

    @classmethod
    def counting(cls, start: float, sample_rate: int) -> FrameLine:
        """By the card's nominal rate: frame 0 is at `start`."""
        return cls(0.0, start, 1.0 / sample_rate)

    def time_of(self, frame: float) -> float:
        return self.time + (frame - self.frame) * self.period


class CardClock:
    """`time_of(frame)` from (frame, time) reports, like a `FrameLine`, but true to a card whose rate is not exact.

    Reports that are zero, stuck, or jump are left out; while none can be believed it counts frames on at the rate last
    known, so it is never worse than counting.
    """

    def __init__(self, start: float, sample_rate: int) -> None:
        """Frame 0 is expected at `start` (s)."""
        self.sample_rate = sample_rate
        self._line = DelayLockedLoop(0.0, start, 1.0 / sample_rate, MEMORY_REPORTS, KNOWN_PERIOD)
        self._anchored = False
        self._doubtful: list[tuple[int, float]] = []
        self._latest: tuple[int, float] | None = None
        self._error = 0.0
        """Mean of the latest errors (s)."""
        self._square, self._weighed = FIRST_JITTER_S**2, FIRST_REPORTS
        """Their mean square (s^2), and how many it rests on."""
        self.refused = 0
        """Reports that were not believed."""
        self.jumps = 0
        """How often the card was found to have lost time."""

    def time_of(self, frame: float) -> float:
        """Seconds of the program's clock."""
        return self._line.time_of(frame)

    @property
    def line(self) -> FrameLine:
        """What it knows now."""
        return FrameLine(self._line.position, self._line.time, self._line.period)

    @property
    def drift(self) -> float:
        """How much slower than its nominal rate the card runs, as a share: 1e-4 is 100 ppm."""
        return self._line.period * self.sample_rate - 1.0

    def report(self, frame: int, time: float) -> bool:
        """The card says that `frame` leaves the speaker at `time` (s). Returns whether it is believed."""
        latest = self._latest
        if not math.isfinite(time) or (latest is not None and (frame <= latest[0] or time <= latest[1])):
            self.refused += 1
            self._doubtful.clear()
            return False
        off = time - self.time_of(frame)
        if self._anchored and abs(off) <= OFF_S and frame > self._line.position:
            self._doubtful.clear()
            self._learn(frame, time)
            return True
        return self._doubt(frame, time, off)

    def _learn(self, frame: int, time: float) -> None:
        self._latest = (frame, time)
        line, nominal = self._line, 1.0 / self.sample_rate
        self._notice_slip(line.update(frame, time))
        line.period = min(nominal * (1 + RATE_TOLERANCE), max(nominal * (1 - RATE_TOLERANCE), line.period))

    def _notice_slip(self, error: float) -> None:
        self._error += (error - self._error) / SMOOTHING_REPORTS
        deviation = max(LEAST_DEVIATION_S, math.sqrt(self._square) / math.sqrt(2 * SMOOTHING_REPORTS - 1))
        if abs(self._error) > SLIP_DEVIATIONS * deviation:
            self._line.phase_memory = min(self._line.phase_memory, LEAST_MEMORY)
        self._weighed = min(self._weighed + 1, JITTER_REPORTS)
        most = WILD_DEVIATIONS**2 * max(self._square, LEAST_DEVIATION_S**2)
        self._square += (min(error**2, most) - self._square) / self._weighed

    def _doubt(self, frame: int, time: float, off: float) -> bool:
        self._doubtful = [*self._doubtful[1 - AGREEING_REPORTS :], (frame, time)]
        if len(self._doubtful) < AGREEING_REPORTS or abs(off) > FIRST_OFF_S or not self._agree():
            self.refused += 1
            return False
        self.jumps += self._anchored
        self._anchored = True
        # The line is set to the first of them and learns from the rest.
        (first, at), *rest = self._doubtful
        self._line.position, self._line.time, self._line.phase_memory = float(first), at, 1.0
        for report in rest:
            self._learn(*report)
        self._doubtful.clear()
        return True

    def _agree(self) -> bool:
        """They run at the card's rate, forwards."""
        (first, at), *rest = self._doubtful
        previous = (first, at)
        for frame, time in rest:
            if frame <= previous[0] or time <= previous[1]:
                return False
            if abs(time - at - (frame - first) / self.sample_rate) > OFF_S / 2:
                return False
            previous = (frame, time)
        return True
