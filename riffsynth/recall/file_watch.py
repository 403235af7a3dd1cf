"""Which files have been saved: a thread that looks at their times, so that no loop waits for a disk."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

POLL_S = 0.25

_Signature = tuple[int, int]
"""Time of the last change in nanoseconds, and size."""


class FileWatch:
    """Looks every `POLL_S` and tells of a file once it has stayed the same for one look: an editor may still write.

    A file that is gone is not told of: editors that save by replacing take it away for a moment.
    """

    def __init__(self, wake: Callable[[], Any]) -> None:
        self._wake = wake
        self._files: tuple[Path, ...] = ()
        self._known: dict[Path, _Signature] = {}
        self._moving: dict[Path, _Signature] = {}
        self._changed: deque[Path] = deque()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look_on, name="file watch", daemon=True)
        self._thread.start()

    def watch(self, files: Iterable[Path]) -> None:
        """From now on these files, and folders, in place of those before."""
        self._files = tuple(dict.fromkeys(files))

    def changed(self) -> list[Path]:
        """What was saved since the last call."""
        return [self._changed.popleft() for _ in range(len(self._changed))]

    def close(self) -> None:
        self._ended.set()

    def look(self) -> None:
        """One look at all of them."""
        for file in self._files:
            signature = _signature(file)
            if signature is None:
                continue
            known = self._known.setdefault(file, signature)
            if signature == known:
                self._moving.pop(file, None)
            elif self._moving.get(file) == signature:
                self._known[file] = self._moving.pop(file)
                self._changed.append(file)
                self._wake()
            else:
                self._moving[file] = signature

    def _look_on(self) -> None:
        while not self._ended.wait(POLL_S):
            self.look()


def _signature(file: Path) -> _Signature | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
