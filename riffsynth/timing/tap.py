"""Tap tempo: the tempo a hand means."""

from __future__ import annotations

from statistics import median

from riffsynth.timing.musical import TEMPO_RANGE

RESET_S = 2.0
"""A longer pause starts a new count; so the slowest tempo that can be tapped is 30 beats a minute."""
BOUNCE_S = 60.0 / TEMPO_RANGE[1]
"""A tap sooner than a beat of the fastest tempo is the pad's bounce."""
INTERVALS = 8
NEW_TEMPO = 0.2
"""Two intervals in a row further off than this share of the median mean another tempo, not two slips."""


class TapTempo:
    """The median of the latest intervals between taps: one slip does not move it."""

    def __init__(self) -> None:
        self._last: float | None = None
        self._intervals: list[float] = []

    def tap(self, now: float) -> float | None:
        """A tap at `now` (s); returns the tempo in beats a minute from the second tap on, else None."""
        last, pause = self._last, now - self._last if self._last is not None else 0.0
        if last is None or not 0.0 <= pause <= RESET_S:
            self._last, self._intervals = now, []
            return None
        if pause < BOUNCE_S:
            return None
        self._last = now
        self._intervals = [*self._intervals[-INTERVALS + 1 :], pause]
        middle = median(self._intervals)
        if all(abs(interval - middle) > NEW_TEMPO * middle for interval in self._intervals[-2:]):
            self._intervals = self._intervals[-2:]
        return 60.0 / median(self._intervals)
