"""Undo and redo of what a performer moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from riffsynth.control.moves import MODULATION
from riffsynth.control.store import Change
from riffsynth.parameters import BOTH_ENDS, MOMENTARY, PARAMETERS, Kind, Value

MOST_STEPS = 200
PAUSE_S = 1.0
"""A knob that rests this long and moves again has made another step."""
ITSELF = ("drift", MODULATION, "undo", "set", "clock", "meter")
"""Sources of changes that nobody made by hand."""
WHOLE = ("preset", "snapshot")
"""Sources of changes that bring a whole state: a knob moved right after is a step of its own."""
WALKS = "morph"
"""Source of the changes that a morph makes: they belong to the move that began it, however long it takes."""
_NO_SOUND = (*BOTH_ENDS, *MOMENTARY, "setlist", "snapshot", "snapshot_store")
"""What follows from other parameters, springs back, or changes no sound by itself."""
_STEPLESS = (Kind.FLOAT, Kind.INT)


@dataclass(slots=True, eq=False)
class _Step:
    at: float
    before: dict[str, Value] = field(default_factory=dict)
    after: dict[str, Value] = field(default_factory=dict)
    whole: bool = False
    walks: bool = False


class History:
    """Hears every change and puts those together that a performer made as one.

    One step are all changes of the same moment (a preset, a bundle, a macro), the way of a knob without a pause, and a
    morph with everything it moves. Two knobs that move at the same time are two steps.
    """

    def __init__(self, values: Mapping[str, Value]) -> None:
        """`values` are those of the whole table at the beginning."""
        self._values = dict(values)
        self._done: list[_Step] = []
        self._undone: list[_Step] = []

    def changed(self, change: Change, now: float) -> None:
        """A parameter has changed at `now` seconds."""
        if change.name in _NO_SOUND or PARAMETERS[change.name].kind is Kind.TRIGGER:
            return
        if change.name == "preset" and change.source not in (*WHOLE, WALKS, *ITSELF):
            return  # it was asked for; what counts is that it opens
        before, self._values[change.name] = self._values[change.name], change.value
        if change.source == MODULATION:
            self._moved(change, before)
        if change.source in ITSELF or before == change.value:
            return
        self._undone.clear()
        step = self._step(change, now)
        if change.source != WALKS:
            step.at = now
        step.whole |= change.source in WHOLE
        step.walks |= change.name == "morph" or change.source == WALKS
        self._note(step, change, before)

    def _note(self, step: _Step, change: Change, before: Value) -> None:
        """A step may go on after others, which are taken back first: then what was before them was before it, too."""
        if change.name not in step.before:
            later = self._done[self._done.index(step) + 1 :]
            step.before[change.name] = next(
                (other.before[change.name] for other in later if change.name in other.before), before
            )
        step.after[change.name] = change.value

    def _moved(self, change: Change, before: Value) -> None:
        """What a preset's moves set belongs to the step that let them move, and goes back with it."""
        for step in reversed(self._done):
            if step.whole or MODULATION in step.after or "preset" in step.after:
                self._note(step, change, before)
                return

    def undo(self) -> dict[str, Value] | None:
        """The values to set to take the last step back; None where there is none."""
        return self._move(self._done, self._undone, "before")

    def redo(self) -> dict[str, Value] | None:
        """The values to set to take the step again that was undone last; None where there is none."""
        return self._move(self._undone, self._done, "after")

    def _move(self, source: list[_Step], target: list[_Step], side: str) -> dict[str, Value] | None:
        while source:
            step = source.pop()
            values: dict[str, Value] = getattr(step, side)
            if step.before != step.after or any(self._values[name] != value for name, value in values.items()):
                target.append(step)  # but a knob that came back has moved nothing
                return dict(values)
        return None

    def _step(self, change: Change, now: float) -> _Step:
        for step in reversed(self._done):
            if change.source == WALKS:
                if step.walks:
                    return step
                continue
            if step.at == now and step is self._done[-1]:
                return step
            if step.whole or now - step.at > PAUSE_S:
                break
            if step.walks and change.name != "morph":
                continue  # what a morph moves and a hand moves too are two things
            if change.name in step.after and PARAMETERS[change.name].kind in _STEPLESS:
                return step
        step = _Step(now)
        self._done.append(step)
        del self._done[:-MOST_STEPS]
        return step
