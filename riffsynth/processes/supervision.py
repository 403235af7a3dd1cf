"""A child process with its channel, started again when it ends or hangs."""

from __future__ import annotations

import contextlib
import math
import os
import signal
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from typing import Any

from riffsynth.processes.channel import Channel

FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 10.0
"""Between two starts of a child that keeps ending; the pause doubles from the first to this."""
STEADY_S = 20.0
"""A child that has lived this long starts without a pause again."""
LAST_WORDS_S = 0.5
"""A process that has ended may have left this for the pipe's end to be seen."""

Start = Callable[[], tuple[BaseProcess, Channel]]


def kill(pid: int) -> None:
    """Ends the process `pid` at once, if it is there."""
    with contextlib.suppress(OSError):
        os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))  # Windows has the one, and means the other by it


class Adopted:
    """A process that somebody else has started: whether it lives, its channel tells."""

    def __init__(self, pid: int, channel: Channel) -> None:
        self.pid = pid
        self._channel = channel

    def is_alive(self) -> bool:
        return not self._channel.closed

    def kill(self) -> None:
        kill(self.pid)

    def join(self, timeout_s: float) -> None:
        self._channel.wait_closed(timeout_s)


class Child:
    """Keeps one process alive. Messages for a process that is away are dropped: a new one is told everything anew."""

    def __init__(self, name: str, start: Start, silent_s: float = math.inf, starting_s: float = math.inf) -> None:
        """It hangs when it has said nothing for `silent_s`, or `starting_s` until its owner has called it `ready`."""
        self.name = name
        self._start = start
        self._silent_s, self._starting_s = silent_s, starting_s
        self._process: BaseProcess | Adopted | None = None
        self._channel: Channel | None = None
        self._started_at = self._heard_at = 0.0
        self._start_at: float | None = None
        self._pause_s = FIRST_PAUSE_S
        self._dead_since = 0.0
        self._spoke = False
        self.starts = 0
        self.ready = False

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self, now: float) -> None:
        self._process, self._channel = self._start()
        self._begin(now)
        self.starts += 1

    def adopt(self, pid: int, channel: Channel, starts: int, now: float) -> None:
        """Takes over a process that was started by another one's `starts`th start."""
        self._process, self._channel, self.starts = Adopted(pid, channel), channel, starts
        self._begin(now)

    def _begin(self, now: float) -> None:
        self._started_at = self._heard_at = self._dead_since = now
        self._start_at, self.ready = None, False

    def send(self, message: Any) -> None:
        if self._channel:
            self._channel.send(message)

    def receive(self) -> list[Any]:
        messages = self._channel.receive() if self._channel else []
        self._spoke = self._spoke or bool(messages)
        return messages

    def hung(self, now: float) -> bool:
        """It lives, and has said nothing for too long; to be asked often."""
        if self._spoke:
            self._heard_at, self._spoke = now, False
        limit = self._silent_s if self.ready else self._starting_s
        return self._process is not None and now - self._heard_at > limit

    def lost(self, now: float) -> bool:
        """True once for each time the process has ended; `revive` starts it again after a pause."""
        if self._process is None or not self._ended(now):
            return False
        self._drop()
        if now - self._started_at > STEADY_S:
            self._pause_s = FIRST_PAUSE_S
        self._start_at = now + self._pause_s
        self._pause_s = min(LONGEST_PAUSE_S, 2 * self._pause_s)
        return True

    def _ended(self, now: float) -> bool:
        """It is gone, and everything that it said has been received: a child tells why it ends just before."""
        assert self._process
        if self._channel and self._channel.closed:
            return not self._channel.unread
        if self._process.is_alive():
            self._dead_since = now
        return now - self._dead_since > LAST_WORDS_S

    def revive(self, now: float) -> bool:
        """Starts the process again if its pause is over; true if it did."""
        if self._start_at is None or now < self._start_at:
            return False
        self.start(now)
        return True

    def kill(self) -> None:
        """Ends a process that no longer answers; `lost` tells of it, as of any other end."""
        if self._process:
            self._process.kill()
            self._spoke = True  # its end is near: it has the whole time once more

    def abandon(self) -> None:
        """Leaves it ended: it said that it cannot work."""
        self._drop()
        self._start_at = None

    def end(self, timeout_s: float) -> None:
        """Closes the channel, which ends the child; kills what has not ended after `timeout_s` seconds."""
        process = self._process
        if self._channel:
            self._channel.close()
        if process:
            process.join(timeout_s)
        self._drop()

    def join(self, timeout_s: float) -> bool:
        """Waits until the process has taken its leave by itself; true if it has. What drivers do then is not waited
        for."""
        return self._channel is None or self._channel.wait_closed(timeout_s)

    def _drop(self) -> None:
        if self._channel:
            self._channel.close(timeout_s=0.0)
        if self._process:
            with contextlib.suppress(ValueError, OSError):
                if self._process.is_alive():
                    self._process.kill()
                self._process.join(1.0)
        self._process = self._channel = None
