"""Bundles with time tags: what counts now, what waits for its time, and what lies too far ahead to be meant."""

from __future__ import annotations

import heapq
import itertools

from riffsynth.control.osc_codec import OscBundle, OscMessage
from riffsynth.control.osc_feedback import Address

MAX_AHEAD_S = 60.0
"""A time tag further ahead is a clock that is wrong, not an intention."""
MAX_SCHEDULED = 4096


class Schedule:
    """Messages that wait for their time, with whoever has sent them. All times in seconds of the program's clock."""

    def __init__(self) -> None:
        self._waiting: list[tuple[float, int, list[OscMessage], Address]] = []
        self._order = itertools.count()

    def put(self, due: float, messages: list[OscMessage], sender: Address, now: float) -> str:
        """Keeps `messages` until `due`; a sentence that says why not where it does not."""
        if due - now > MAX_AHEAD_S:
            ahead = f"the time tag lies {due - now:.0f} s ahead, at most {MAX_AHEAD_S:.0f} s are allowed"
            return f"{ahead}: compare the clocks"
        if len(self._waiting) >= MAX_SCHEDULED:
            return f"more than {MAX_SCHEDULED} bundles wait for their time already"
        heapq.heappush(self._waiting, (due, next(self._order), messages, sender))
        return ""

    def due(self, now: float) -> list[tuple[list[OscMessage], Address]]:
        """What no longer has to wait, in the order of its times."""
        ripe = []
        while self._waiting and self._waiting[0][0] <= now:
            _, _, messages, sender = heapq.heappop(self._waiting)
            ripe.append((messages, sender))
        return ripe


def groups(bundle: OscBundle, enclosing: float | None = None) -> list[tuple[float | None, list[OscMessage]]]:
    """(time, messages) of a bundle and those inside it; an inner one never counts before the outer one."""
    times = [time for time in (bundle.time, enclosing) if time is not None]
    time = max(times) if times else None
    found = [(time, [element for element in bundle.elements if isinstance(element, OscMessage)])]
    for element in bundle.elements:
        if isinstance(element, OscBundle):
            found += groups(element, time)
    return found
