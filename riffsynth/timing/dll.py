"""A straight line through noisy moments, kept up to date: the second-order delay-locked loop."""

from __future__ import annotations


class DelayLockedLoop:
    """Filters the times of events that should be equally spaced, like ticks, or frames of a sound card.

    Fons Adriaensen, "Using a DLL to filter time" (2005): with the error `e` of an event against the predicted time,
    `t1 += b e + e2; e2 += c e`. He derives b and c from a bandwidth; here they come from the *memory* `m`, the number
    of events that the line rests on: `b = 4 / m`, `c = 6 / (m (m + 1))`, the recursive form of the least-squares line
    through m events (E. Brookner, "Tracking and Kalman Filtering Made Easy", 1998, section 1.2.10). While m grows with
    every event, the line is the best that the events so far can give, so nothing has to settle; once m stands at
    `limit`, it is Adriaensen's loop of bandwidth B = 0.39 * rate / m and damping 0.82.

    The phase and the period have a memory each, so that a phase that is new does not unlearn a period that is known.
    """

    def __init__(self, position: float, time: float, period: float, limit: float, memory: float = 1.0) -> None:
        """The event `position` is at `time` (s), the next `period` seconds later; `memory` events speak for it."""
        self.position, self.time, self.period = position, time, period
        self.limit = limit
        self.phase_memory = self.period_memory = memory

    def time_of(self, position: float) -> float:
        """Seconds at which an event (or a place between two) is expected."""
        return self.time + (position - self.position) * self.period

    def position_at(self, time: float) -> float:
        """The event, with its fraction, that is due at `time`."""
        return self.position + (time - self.time) / self.period

    def update(self, position: float, time: float) -> float:
        """Event `position`, later than all before, came at `time`: returns how late (s), and learns from it."""
        step = position - self.position
        error = time - self.time_of(position)
        self.phase_memory = min(self.phase_memory + 1, self.limit)
        self.period_memory = min(self.period_memory + 1, self.limit)
        m = self.phase_memory
        self.time = time - error * (1 - (4 * m - 2) / (m * (m + 1)))
        self.position = position
        self.period += error / step * 6 / (self.period_memory * (self.period_memory + 1))
        return error

    def forget(self, memory: float) -> None:
        """Lets the line rest on the latest `memory` events at most: a wider loop from here on."""
        self.phase_memory = min(self.phase_memory, memory)
        self.period_memory = min(self.period_memory, memory)
