"""How long it took until a move of the hand was heard, for what acts through a new clip: measured, each time anew."""

from __future__ import annotations

from collections.abc import Mapping

from riffsynth.control.store import Change
from riffsynth.parameters import PARAMETERS, Acts

_THROUGH_CLIPS = ("preset", "next", "previous")
"""Parameters of the instrument itself whose work is done when a new clip is heard."""


class ClipLatency:
    """Follows each move to the first moment of the clip that was made for it. All times in seconds of the clock."""

    def __init__(self) -> None:
        self._measured: dict[str, float] = {}
        self._moved: dict[str, float] = {}
        self._asked: dict[str, float] = {}
        self._coming: dict[str, float] = {}

    @property
    def measured(self) -> Mapping[str, float]:
        """Seconds from the last move of a parameter before its clip was asked for, until that clip was heard."""
        return self._measured

    def changed(self, change: Change, now: float) -> None:
        """A parameter has moved."""
        if PARAMETERS[change.name].acts in (Acts.CLIP, Acts.BOTH) or change.name in _THROUGH_CLIPS:
            self._moved[change.name] = now

    def asked(self) -> None:
        """A clip has been asked for, with all moves until now."""
        self._asked |= self._moved
        self._moved = {}

    def enters(self, made_now: bool) -> None:
        """A deck was sent to the player: of a clip that has just been made, or of one that was there already."""
        if made_now:
            self._coming |= self._asked
            self._asked = {}
        else:
            self._coming |= self._moved
            self._moved = {}

    def rests(self) -> None:
        """Nothing is being made: what was moved meanwhile needed no clip."""
        self._moved, self._asked = {}, {}

    def heard(self, at: float) -> None:
        """The deck that was sent last is heard from `at` on."""
        self._measured |= {name: at - moved for name, moved in self._coming.items()}
        self._coming = {}
