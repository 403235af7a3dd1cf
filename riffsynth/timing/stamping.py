"""When a MIDI message arrived: the driver's own time stamps, put on the program's clock."""

from __future__ import annotations

import math

DRIFT = 200e-6
"""How far two clocks of one machine may run apart: seconds a second."""
LATE_S = 0.05
LATE_FOR_S = 1.0
"""Messages that are later than LATE_S, all of them for this long, mean that the driver's intervals missed some time."""


class ArrivalTimes:
    """Adds up the intervals that the driver stamped and anchors the sum where messages came quickest.

    A callback in Python is late by however long it waits for the interpreter, never early: the smallest distance
    between our clock and the sum is the true one. It may grow by DRIFT, for clocks that run apart, and is found anew
    where intervals went missing, as when the driver's queue ran over.
    """

    def __init__(self) -> None:
        self._sum = 0.0
        self._offset: float | None = None
        self._last = -math.inf
        self._late_since: float | None = None
        self._least_late = math.inf

    def stamp(self, delta_s: float, now: float) -> float:
        """The time in seconds of a message `delta_s` after the one before, whose callback ran at `now`.

        Never later than `now`, never before the message before.
        """
        delta_s = delta_s if delta_s > 0 and math.isfinite(delta_s) else 0.0
        self._sum += delta_s
        offset = now - self._sum
        if self._offset is None:
            self._offset = offset
        self._offset = min(offset, self._offset + DRIFT * delta_s)
        self._notice_missing_time(offset)
        self._last = min(now, max(self._last, self._sum + self._offset))
        return self._last

    def _notice_missing_time(self, offset: float) -> None:
        assert self._offset is not None
        if offset - self._offset <= LATE_S:
            self._late_since, self._least_late = None, math.inf
            return
        if self._late_since is None:
            self._late_since = self._sum
        self._least_late = min(self._least_late, offset)
        if self._sum - self._late_since >= LATE_FOR_S:
            self._offset = self._least_late
            self._late_since, self._least_late = None, math.inf
