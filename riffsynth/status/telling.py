"""What befalls a performance, told on the terminal and over OSC."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from riffsynth.status.terminal import Terminal
from riffsynth.timing.status import ClockStatus

CLOCK_STATUS_S = 0.1
"""How often subscribers are told how the clock is."""


class Telling:
    """Sentences for whoever plays."""

    def __init__(self, terminal: Terminal, osc: Callable[..., Any]) -> None:
        """`osc(name, *arguments)` tells subscribers under /riffsynth/name."""
        self._terminal = terminal
        self._plays = False
        self._clock_due = -math.inf
        self.osc = osc
        self.line = terminal.line
        self.progress = terminal.progress
        self.last_warning = ""

    def begins(self) -> None:
        """The performance plays: it is not refused any more, whatever comes is told at once."""
        self._plays = True
        if self.last_warning:
            self.warn(self.last_warning)

    def warn(self, text: str) -> None:
        self.last_warning = text
        if self._plays:  # before, it is either the reason not to play, or said with the first line
            self._terminal.warn(text)
        self.osc("error", text)

    def learning(self, name: str, parameter: str, state: str, *sentences: str) -> None:
        """How `learn` or `unlearn` of a parameter is getting on."""
        for sentence in sentences:
            self.line(f"{name} {parameter}: {sentence}")
        self.osc(name, parameter, state, *sentences)

    def clock_due(self, now: float) -> bool:
        """Is it time for `clock`? Ten times a second on the whole, however long the turns that ask are."""
        if now < self._clock_due:
            return False
        due = self._clock_due + CLOCK_STATUS_S
        self._clock_due = due if due > now else now + CLOCK_STATUS_S
        return True

    def clock(self, clock: ClockStatus, beat: float) -> None:
        self.osc("clock_status", clock.source, clock.state, clock.tempo, clock.phase_error_ms, clock.jitter_ms, beat)
        if self._plays:
            self._terminal.clock(f"{clock.source} {clock.state}".lstrip(), clock.line())
