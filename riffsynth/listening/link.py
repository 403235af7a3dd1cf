"""Control's side of the listener, which is started when something is first to be listened to."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from riffsynth.listening.messages import FromListener, Listen
from riffsynth.listening.process import ListenerConfig, start_listener
from riffsynth.processes.supervision import Child


class ListenerLink:
    """Keeps one listener alive, once it is needed. Use it from the control loop alone."""

    def __init__(self, device: str | None, wake: Callable[[], object]) -> None:
        """`device`: an input's name or part of it; None is the system's default."""
        self._device = device
        self._wake = wake
        self._child: Child | None = None
        self.sample_rate: int | None = None
        """Of the session's synthesis grid; until it is known nothing is listened to."""

    def listen(self, asked: Listen, now: float) -> None:
        if self._child is None and self.sample_rate:
            config = ListenerConfig(self._device, self.sample_rate)
            self._child = Child("listener", partial(start_listener, config, self._wake))
            self._child.start(now)
        if self._child:
            self._child.send(asked)

    def receive(self, now: float) -> list[FromListener]:
        """What it has heard; one that has ended is started again."""
        if self._child is None:
            return []
        messages = self._child.receive()
        self._child.lost(now)
        self._child.revive(now)
        return messages

    def end(self, timeout_s: float) -> None:
        if self._child:
            self._child.end(timeout_s)
