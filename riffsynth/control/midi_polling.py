"""Fetches messages from RtMidi's own queues, so that a sound server's thread never waits for Python."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol

from riffsynth.control.midi_devices import RawListener

POLL_S = 0.001
QUEUED = 4096
"""Messages that a queue holds; a burst beyond it is lost."""


class Queue(Protocol):
    """RtMidi's input without a callback."""

    def get_message(self) -> tuple[list[int], float] | None:
        """Bytes and the seconds since the message before; None where nothing waits."""


class Polling:
    """Asks every POLL_S, in a thread that lives while there is something to ask.

    RtMidi would call from the thread in which a JACK server makes everybody's sound. That call waits until this process
    lets go of the interpreter, 5 ms while it computes: more than a short period, which the whole server loses.
    """

    def __init__(self) -> None:
        self._inputs: tuple[tuple[Queue, RawListener], ...] = ()
        self._asking = threading.Lock()
        self._thread: threading.Thread | None = None

    def add(self, queue: Queue, listener: RawListener) -> Callable[[], None]:
        """The answer leaves it off: once that has returned the queue is not touched any more."""
        added = (queue, listener)
        with self._asking:
            self._inputs = (*self._inputs, added)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="midi polling", daemon=True)
                self._thread.start()

        def leave_off() -> None:
            with self._asking:
                self._inputs = tuple(each for each in self._inputs if each is not added)

        return leave_off

    def _run(self) -> None:
        while True:
            with self._asking:
                if not self._inputs:
                    self._thread = None
                    return
                for queue, listener in self._inputs:
                    while (message := queue.get_message()) is not None:
                        listener(*message)
            time.sleep(POLL_S)
