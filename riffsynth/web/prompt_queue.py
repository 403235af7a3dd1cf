"""Prompts that are lined up: the next one takes its end's place at a boundary, or when a hand says so."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from riffsynth.parameters import PARAMETERS, ValueRefused, coerce

MOST_WAITING = 40
MOST_BARS = 64
DEFAULT_BARS = 4


@dataclass(frozen=True, slots=True)
class Waiting:
    """A prompt and the end that it is for, `a` or `b`."""

    end: str
    text: str

    @property
    def parameter(self) -> str:
        return f"{self.end}.prompt"


class PromptQueue:
    """One queue for all who look at the page. Pages send it whole, so that two hands can't tear it."""

    def __init__(self) -> None:
        self._waiting: tuple[Waiting, ...] = ()
        self._bars = DEFAULT_BARS
        self._passed: int | None = None
        """Number of the stretch of bars that the song is in."""

    def told(self) -> dict[str, Any]:
        """Plain values: the prompts that wait, and every how many bars one goes; 0 is only when a hand says so."""
        return {"waiting": [asdict(each) for each in self._waiting], "bars": self._bars}

    def replace(self, asked: Mapping[str, Any]) -> None:
        """Takes what `told` answers, changed by a hand. Raises ValueRefused, and stays as it is."""
        try:
            waiting = tuple(Waiting(each["end"], each["text"]) for each in asked["waiting"])
            bars = int(asked["bars"])
        except (KeyError, TypeError, ValueError, OverflowError):
            raise ValueRefused("a queue has `waiting`, a list of end and text, and `bars`") from None
        if len(waiting) > MOST_WAITING or not 0 <= bars <= MOST_BARS:
            raise ValueRefused(f"a queue has at most {MOST_WAITING} prompts, and bars 0..{MOST_BARS}")
        for each in waiting:
            if each.parameter not in PARAMETERS or not each.text:
                raise ValueRefused("a prompt that waits is a text for end a or b")
            coerce(PARAMETERS[each.parameter], each.text)
        if bars != self._bars:
            self._passed = None
        self._waiting, self._bars = waiting, bars

    def take(self) -> Waiting | None:
        """The next prompt, which waits no longer."""
        if not self._waiting:
            return None
        first, *rest = self._waiting
        self._waiting = tuple(rest)
        return first

    def due(self, beat: float, meter: int) -> Waiting | None:
        """The prompt that goes now, at the song position `beat`, if the song has just passed a boundary."""
        before = self._passed
        self._passed = math.floor(beat / (self._bars * meter)) if self._bars else None
        return self.take() if None not in (before, self._passed) and before != self._passed else None
