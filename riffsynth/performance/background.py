"""Work that would keep the control loop waiting, such as reading presets: done elsewhere, answered in the loop."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Protocol, TypeVar

Answer = TypeVar("Answer")


class Background(Protocol):
    """Runs jobs one after the other, in order."""

    def run(self, job: Callable[[], Answer], done: Callable[[Answer], Any]) -> None:
        """`done` gets what `job` returns; it runs in the control loop. A job answers its failures, it raises none."""
        ...


class AtOnce:
    """Runs each job when it is asked for: for virtual time."""

    def run(self, job: Callable[[], Answer], done: Callable[[Answer], Any]) -> None:
        done(job())


class BackgroundThread:
    """Runs jobs in a thread of its own. `wake` is called from there when `poll` is worth while."""

    def __init__(self, name: str, wake: Callable[[], Any]) -> None:
        self._thread = ThreadPoolExecutor(1, name)
        self._wake = wake
        self._finished: deque[Callable[[], Any]] = deque()

    def run(self, job: Callable[[], Answer], done: Callable[[Answer], Any]) -> None:
        self._thread.submit(self._run, job, done)

    def poll(self) -> None:
        """Hands over what has been answered since the last call."""
        for _ in range(len(self._finished)):
            self._finished.popleft()()

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _run(self, job: Callable[[], Any], done: Callable[[Any], Any]) -> None:
        self._finished.append(partial(done, job()))
        self._wake()
