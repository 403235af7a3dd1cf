"""Keeps the memory of processes that run for hours flat."""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Callable

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""Options of glibc's `mallopt` (malloc.h)."""
LARGE_BYTES = 128 * 1024
"""Clips (200 kB) and scores are larger, what synthesis needs in between is smaller: it would cost its time each hop."""
TRIM_S = 60.0


def keep_flat() -> None:
    """To be called before a process makes threads: what is large goes back to the system as soon as it is freed.

    glibc would otherwise raise that limit to the largest array that it has seen, and keep a heap for each thread:
    clips that come in one thread and are freed in another leave holes in all of them. Other systems are left as they
    are, and so is the worker: large arrays are what it computes with, and it would be half as fast.
    """
    with contextlib.suppress(OSError, AttributeError, TypeError):
        mallopt = ctypes.CDLL(None).mallopt
        for option, value in ((_ARENA_MAX, 1), (_MMAP_THRESHOLD, LARGE_BYTES), (_TRIM_THRESHOLD, LARGE_BYTES)):
            mallopt(option, value)


class Trimming:
    """Gives back what is free between things that are kept: pickles and messages below LARGE_BYTES leave such holes.

    It takes a millisecond or two, in which nobody else can ask for memory; so the player does without it.
    """

    def __init__(self, trim: Callable[[], object] | None = None) -> None:
        self._trim = trim or _trim
        self._next = 0.0

    def poll(self, now: float) -> None:
        """To be called often; `now` in seconds. It acts once in TRIM_S."""
        if now >= self._next:
            self._next = now + TRIM_S
            self._trim()


def _trim() -> None:
    with contextlib.suppress(OSError, AttributeError, TypeError):  # as above
        ctypes.CDLL(None).malloc_trim(0)
