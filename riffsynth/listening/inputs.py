"""The audio inputs that a preset's moves follow: a listening process for each, started when it is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from riffsynth.listening.input_level import Leave, Level, start_input
from riffsynth.playback.messages import Warned
from riffsynth.processes.supervision import Child, Start

END_S = 1.0
"""What a listener may take to leave its sound server: one that is killed there can cost a click."""


class AudioInputs:
    """Keeps the listeners that are wanted. Use it from the control loop alone."""

    def __init__(
        self,
        announce: Callable[[str], Any],
        wake: Callable[[], Any] = lambda: None,
        start: Callable[[str, Callable[[], Any]], Any] = start_input,
    ) -> None:
        self._announce = announce
        self._wake = wake
        self._start = start
        self._listeners: dict[str, Child] = {}
        self._leaving: list[tuple[float, Child]] = []

    def poll(self, now: float, wanted: Iterable[str]) -> dict[str, float]:
        """Listens to the inputs that are `wanted`, and to no others; those heard since the last call, with their dB."""
        wanted = set(wanted)
        for name in wanted - set(self._listeners):
            start: Start = partial(self._start, name, self._wake)
            self._listeners[name] = Child("input", start)
            self._listeners[name].start(now)
        for name in set(self._listeners) - wanted:
            listener = self._listeners.pop(name)
            listener.send(Leave())
            self._leaving.append((now + END_S, listener))
        while self._leaving and self._leaving[0][0] <= now:
            self._leaving.pop(0)[1].end(0.0)
        levels = {}
        for name, listener in self._listeners.items():
            for message in listener.receive():
                if isinstance(message, Level):
                    levels[name] = message.db
                elif isinstance(message, Warned):
                    self._announce(message.text)
                    listener.abandon()
            listener.lost(now)
            listener.revive(now)
        return levels

    def close(self) -> None:
        for listener in (*self._listeners.values(), *(leaving for _, leaving in self._leaving)):
            listener.end(END_S)
