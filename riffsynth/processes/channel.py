"""One end of a pipe between two processes: whole values, and neither side ever waits for the other."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

OUTBOX_LIMIT = 4096
"""Values kept for a peer that does not read; the oldest are dropped beyond it."""


class _Goodbye:
    """The last value of a direction. Closing alone would not reach a peer while a thread of ours still reads."""


class Channel:
    """Sends and receives picklable values over a connection, each direction in a thread of its own.

    A peer that hangs costs its own messages, never the caller's time: `send` and `receive` return at once.
    `on_news` is called from the reading thread when something has arrived or the peer is gone.
    """

    def __init__(
        self, connection: Connection, name: str = "channel", on_news: Callable[[], object] = lambda: None
    ) -> None:
        self._connection = connection
        self._on_news = on_news
        self._inbox: deque[Any] = deque()
        self._outbox: deque[Any] = deque(maxlen=OUTBOX_LIMIT)
        self._outgoing = threading.Semaphore(0)
        self._arrived = threading.Event()
        self._closed = threading.Event()
        self._dismissed = False
        for loop in (self._read, self._write):
            threading.Thread(target=loop, name=f"{name}{loop.__name__}", daemon=True).start()

    @property
    def closed(self) -> bool:
        """The peer has closed its end, or died. Values that arrived before can still be received."""
        return self._closed.is_set()

    @property
    def unread(self) -> bool:
        """Something has arrived that nobody has received."""
        return bool(self._inbox)

    @property
    def dismissed(self) -> bool:
        """The peer has closed its end on purpose: it did not die."""
        return self._dismissed

    def send(self, value: Any) -> None:
        self._outbox.append(value)
        self._outgoing.release()

    def receive(self) -> list[Any]:
        """All values that have arrived, in order."""
        self._arrived.clear()
        values = []
        with contextlib.suppress(IndexError):
            while True:
                values.append(self._inbox.popleft())
        return values

    def wait(self, timeout_s: float) -> bool:
        """Until something has arrived, the peer is gone, or `timeout_s` has passed; true if there is news."""
        return self._arrived.wait(timeout_s)

    def wait_closed(self, timeout_s: float) -> bool:
        """Until the peer is gone, or `timeout_s` has passed; true if it is gone."""
        return self._closed.wait(timeout_s)

    def close(self, timeout_s: float = 1.0) -> None:
        """Sends what is still waiting, for `timeout_s` at the most, and closes this end."""
        self.send(_Goodbye())
        self._closed.wait(timeout_s)
        self._end()

    def _end(self) -> None:
        self._closed.set()
        self._arrived.set()
        with contextlib.suppress(OSError):
            self._connection.close()

    def _read(self) -> None:
        # A connection that is closed while it is read raises whatever its missing handle leads to.
        with contextlib.suppress(EOFError, OSError, TypeError):
            while not isinstance(value := self._connection.recv(), _Goodbye):
                self._inbox.append(value)
                self._arrived.set()
                self._on_news()
            self._dismissed = True
        self._closed.set()
        self._arrived.set()
        self._on_news()

    def _write(self) -> None:
        with contextlib.suppress(OSError, TypeError):  # as above
            while True:
                self._outgoing.acquire()
                try:
                    value = self._outbox.popleft()
                except IndexError:
                    continue  # the limit dropped it
                self._connection.send(value)
                if isinstance(value, _Goodbye):
                    break
        self._closed.set()
