"""How a process that outlived the one it talked to is found again: it keeps a door open, and the new one knocks."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections import deque
from multiprocessing import current_process
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path


def door_address(folder: Path, name: str) -> str:
    """Where the door `name` of the performance that owns `folder` is, in the form that this system has."""
    return rf"\\.\pipe\{folder.name}-{name}" if sys.platform == "win32" else str(folder / name)


def knock(address: str) -> Connection:
    """A connection through the door at `address`. Raises OSError or EOFError where nobody is behind it."""
    return Client(address, authkey=current_process().authkey)


class Door:
    """Lets in who knows the key, which all processes of one performance inherit.

    Raises OSError where it cannot open.
    """

    def __init__(self, address: str) -> None:
        self._listener = Listener(address, authkey=current_process().authkey)
        self._visitors: deque[Connection] = deque()
        self._closed = False
        threading.Thread(target=self._welcome, name="door", daemon=True).start()

    def visitor(self) -> Connection | None:
        """The next one who has come in; never waits."""
        return self._visitors.popleft() if self._visitors else None

    def close(self) -> None:
        self._closed = True
        with contextlib.suppress(OSError):
            self._listener.close()

    def _welcome(self) -> None:
        while not self._closed:
            # Whoever knocks without the key, or leaves half-way, is none of our business.
            with contextlib.suppress(Exception):
                self._visitors.append(self._listener.accept())
