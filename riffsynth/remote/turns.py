"""Whose turn it is where instruments share workers: in the order in which they asked, one waiting request each."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass

MOST_INSTRUMENTS = 64


class Overtaken(Exception):
    """A newer request of the same instrument has taken the place."""


class Crowded(Exception):
    """Too many instruments wait already."""


@dataclass(eq=False, slots=True)
class Job:
    """A request as it came, and its answer; who asked and has gone has cancelled the answer."""

    body: bytes
    answer: asyncio.Future[bytes]


class Turns:
    """Requests that wait, at most one of each instrument."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, Job] = OrderedDict()
        self._news = asyncio.Event()

    def ask(self, instrument: str, body: bytes) -> Job:
        """A newer request keeps the older one's place, and the older one is Overtaken. Raises Crowded."""
        before = self._waiting.get(instrument)
        if before is None and len(self._waiting) >= MOST_INSTRUMENTS:
            raise Crowded
        job = self._waiting[instrument] = Job(body, asyncio.get_running_loop().create_future())
        if before and not before.answer.done():
            before.answer.set_exception(Overtaken())
        self._news.set()
        return job

    async def next(self) -> Job:
        """The one whose turn it is; waits for it."""
        while True:
            while self._waiting:
                job = self._waiting.popitem(last=False)[1]
                if not job.answer.done():
                    return job
            self._news.clear()
            await self._news.wait()
