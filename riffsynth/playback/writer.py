"""A thread that writes files, so that a slow or full disk costs the file and never the sound."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Item = TypeVar("Item")


class BackgroundWriter(Generic[Item]):
    """Hands items to `write` in a thread of its own, in batches, in order; gives up at the first failure.

    `put` never waits. When the queue is full or `write` fails, `failure` tells in one line and items are dropped.
    """

    def __init__(self, write: Callable[[list[Item]], None], close: Callable[[], None], limit: int, name: str) -> None:
        self._write = write
        self._close = close
        self._items: queue.Queue[Item | None] = queue.Queue(limit)
        self._stop = threading.Event()
        self.failure: str | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def put(self, item: Item) -> None:
        if self.failure is None:
            try:
                self._items.put_nowait(item)
            except queue.Full:
                self.failure = "the disk is too slow"

    def end(self) -> None:
        """Lets the thread write what is waiting and close the file; does not wait for it."""
        self._stop.set()
        with contextlib.suppress(queue.Full):
            self._items.put_nowait(None)

    def close(self, timeout_s: float = 5.0) -> None:
        """As `end`, and waits for it, for `timeout_s` at the most."""
        self.end()
        self._thread.join(timeout_s)

    def _run(self) -> None:
        try:
            while batch := self._batch():
                if self.failure is None:
                    self._write(batch)
        except Exception as error:
            # Whatever a disk can do (full, gone, a file too long for its format): the sound must go on.
            self.failure = str(error) or type(error).__name__
        try:
            self._close()
        except Exception as error:
            self.failure = self.failure or str(error)

    def _batch(self) -> list[Item]:
        """At least one item and all that wait behind it; none when the writer is to end."""
        batch: list[Item] = []
        while not batch:
            with contextlib.suppress(queue.Empty):
                item = self._items.get(timeout=0.5)
                if item is None:
                    return batch
                batch.append(item)
                while (item := self._items.get_nowait()) is not None:
                    batch.append(item)
                self._items.put_nowait(None)
            if not batch and self._stop.is_set():
                return batch
        return batch
