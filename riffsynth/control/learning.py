"""MIDI learn: which control a performer means by moving it, and what kind of control it is. Knows no ports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import mido
from pydantic import ValidationError

from riffsynth.control.errors import ControlError
from riffsynth.control.mapping import FINE_OFFSET, Binding, Control
from riffsynth.control.midi_gesture import Controller, Gesture, GestureReader
from riffsynth.control.midi_mapper import RELATIVE_STEPS
from riffsynth.parameters import PARAMETERS, Kind

QUIET_S = 0.7
"""A hand that has rested for this long has shown what it means."""
WINDOW_S = 5.0
"""The longest that a hand is watched."""
PATIENCE_S = 20.0
"""After which nobody will move anything any more."""
LEAST_TRAVEL = 6
"""Of 127: a knob that shivers by less is not meant."""
PRESS_TRAVEL = 24
"""What a key or a program counts for: a fader's touch sensor must not win against the fader."""
MOST_VALUES = 512
"""Kept of one control."""

UP, DOWN = range(1, 17), range(112, 128)
ABOVE, BELOW = range(65, 81), range(48, 64)
ENCODINGS = {"twos": (UP, DOWN), "offset": (ABOVE, BELOW), "sign": (UP, ABOVE)}
"""What an endless encoder sends for up to 16 steps up, and down. One that was turned one way only can be two of them;
the first is the likelier one."""
LEAST_EVIDENCE = 2
"""Times that a value stood still or changed sides: a knob that has ends sends no value twice."""

_NUMBERS = (Controller.NRPN, Controller.NRPN_FINE, Controller.RPN, Controller.RPN_FINE)
_DATA = (Controller.DATA, Controller.DATA_FINE, Controller.INCREMENT, Controller.DECREMENT)
_BANKS = (Controller.BANK, Controller.BANK_FINE)
_CHANNEL_MODE = range(120, 128)
"""Messages to a whole synthesiser, as all notes off (MIDI 1.0)."""


@dataclass(slots=True)
class _Heard:
    """What one control has said."""

    raw: list[int] = field(default_factory=list)
    lowest: float = 1.0
    highest: float = 0.0
    bank: int = 0
    steps: int = 0
    """Up or down, of a control that tells steps."""
    paired: int = 0
    """Of a fine part: how often it came right behind its coarse part."""


@dataclass(frozen=True, slots=True)
class _Place:
    device: str
    channel: int


class Learner:
    """Watches one hand. `hear` takes what the devices send, `learned` answers once it is clear what was meant."""

    def __init__(self, to: str, gestures: GestureReader, now: float, value: str | None = None) -> None:
        """`value`: what the control sets, where it shall not move the parameter through its range.

        `gestures` has read what came before: numbers that are sent once count for all data that follow. ControlError.
        """
        if to not in PARAMETERS:
            raise ControlError(f"there is no parameter {to} to learn")
        if value is None and PARAMETERS[to].kind is Kind.TEXT:
            raise ControlError(f"{to} is text: say what the control sets it to, learn {to} TEXT")
        self.to = to
        self._value = value
        self._began = now
        self._first: float | None = None
        self._last = now
        self._gestures = gestures
        self._heard: dict[_Place, dict[Control, _Heard]] = defaultdict(lambda: defaultdict(_Heard))
        self._before: dict[_Place, Control] = {}

    def hear(self, message: mido.Message, device: str, now: float) -> None:
        gestures = self._gestures.read(message, device)
        if not gestures:
            return
        place = _Place(device, message.channel)
        for gesture in gestures:
            self._take(self._heard[place], self._before.get(place), gesture)
        self._before[place] = gestures[0].control
        if self._pick():
            self._first = now if self._first is None else self._first
            self._last = now

    def learned(self, now: float) -> Binding | None:
        """The binding that was shown, or None as long as the hand moves or has not begun. Raises ControlError."""
        if self._first is None:
            return None
        if now - self._last < QUIET_S and now - self._first < WINDOW_S:
            return None
        picked = self._pick()
        return self._binding(*picked) if picked else None

    def expired(self, now: float) -> bool:
        return self._first is None and now - self._began > PATIENCE_S

    def _take(self, controls: dict[Control, _Heard], before: Control | None, gesture: Gesture) -> None:
        if gesture.control[0] == "note" and not gesture.raw:
            return  # let go
        heard = controls[gesture.control]
        if len(heard.raw) < MOST_VALUES:
            heard.raw.append(gesture.raw)
        heard.steps += abs(gesture.steps)
        if not gesture.steps:
            heard.lowest = min(heard.lowest, gesture.position)
            heard.highest = max(heard.highest, gesture.position)
        heard.bank = gesture.bank
        kind, number = gesture.control
        heard.paired += kind == "cc" and before == (kind, number - FINE_OFFSET)

    def _pick(self) -> tuple[_Place, Control] | None:
        """The control that has moved most, if one has moved enough."""
        travels = {
            (place, control): self._travel(controls, control)
            for place, controls in self._heard.items()
            for control in controls
            if self._can_be_meant(controls, control)
        }
        most = max(travels, key=lambda which: travels[which], default=None)
        return most if most and travels[most] >= LEAST_TRAVEL else None

    def _can_be_meant(self, controls: dict[Control, _Heard], control: Control) -> bool:
        kind, number = control
        kinds = {kind for kind, _ in controls}
        match kind:
            case "cc":
                helper = number in _NUMBERS or number in _CHANNEL_MODE
                carrier = (number in _DATA and "nrpn" in kinds) or (number in _BANKS and "program" in kinds)
                return not (helper or carrier or _is_pair(controls, number - FINE_OFFSET))
            case "program":
                return self._value is not None
            case "pressure":
                return "note" not in kinds  # a key that is hit is pressed, too
            case "key pressure":
                return False
        return True

    def _travel(self, controls: dict[Control, _Heard], control: Control) -> float:
        heard = controls[control]
        if control[0] in ("note", "program"):
            return PRESS_TRAVEL
        if heard.steps:
            return float(heard.steps)
        encoding = "absolute" if control[0] != "cc" or _is_pair(controls, control[1]) else encoding_of(heard.raw)
        if encoding == "button":
            return PRESS_TRAVEL
        if encoding == "absolute":
            return 127 * (heard.highest - heard.lowest)
        return float(sum(_steps(encoding, value) for value in heard.raw))

    def _binding(self, place: _Place, control: Control) -> Binding:
        kind, number = control
        controls = self._heard[place]
        said: dict[str, Any] = {"to": self.to, "device": place.device, "channel": place.channel + 1}
        said[kind] = True if kind in ("bend", "pressure") else number
        if kind == "program" and any(("cc", bank) in controls for bank in _BANKS):
            said["bank"] = controls[control].bank
        if kind == "cc" and _is_pair(controls, number):
            said["bits"] = 14
        elif kind == "cc":
            encoding = encoding_of(controls[control].raw)
            if encoding == "button" and self._value is None and _has_a_range(self.to):
                said["mode"] = "gate"
            elif encoding in ENCODINGS and self._value is None:
                said["relative"] = encoding
        if self._value is not None:
            said["value"] = self._value
        try:
            return Binding(**said)
        except ValidationError as faults:
            raise ControlError(faults.errors()[0]["msg"].removeprefix("Value error, ")) from None


def encoding_of(values: Sequence[int]) -> str:
    """How a controller with these 7-bit values counts: `button`, `absolute`, or one of `ENCODINGS`."""
    if set(values) <= {0, 127}:
        return "button"
    for encoding, (up, down) in ENCODINGS.items():
        if all(value in up or value in down for value in values):
            still = sum(a == b for a, b in pairwise(values))
            turns = sum((a in up) != (b in up) for a, b in pairwise(values))
            return encoding if still + turns >= LEAST_EVIDENCE else "absolute"
    return "absolute"


def _steps(encoding: str, value: int) -> int:
    """How many steps `value` is, up or down."""
    return abs(RELATIVE_STEPS[encoding](value))


def _is_pair(controls: dict[Control, _Heard], coarse: int) -> bool:
    """Are controller `coarse` and its fine part one control of 14 bits?"""
    fine = controls.get(("cc", coarse + FINE_OFFSET))
    if not 0 <= coarse < FINE_OFFSET or fine is None or ("cc", coarse) not in controls:
        return False
    return fine.paired >= LEAST_EVIDENCE and 2 * fine.paired >= len(fine.raw)


def _has_a_range(name: str) -> bool:
    return PARAMETERS[name].kind in (Kind.FLOAT, Kind.INT)


# What a learned control means for others


def same_control(one: Binding, other: Binding) -> bool:
    """Can one movement of a hand reach both?"""
    return (
        bool({*one.controls} & {*other.controls})
        and (one.channel is None or other.channel is None or one.channel == other.channel)
        and (one.bank is None or other.bank is None or one.bank == other.bank)
        and _same_device(one, other)
    )


def merged(bindings: Sequence[Binding], new: Binding) -> tuple[Binding, ...]:
    """A device's `bindings` after `new` was learned: its control and its parameter are free for it."""
    kept = [binding for binding in bindings if not same_control(binding, new) and not _same_place(binding, new)]
    return (*kept, new)


def _same_place(one: Binding, other: Binding) -> bool:
    """Do they do the same, but by another control?"""
    return (one.to, one.value) == (other.to, other.value) and _same_device(one, other)


def _same_device(one: Binding, other: Binding) -> bool:
    names = one.device.lower(), other.device.lower()
    return names[0] in names[1] or names[1] in names[0]


def named(binding: Binding) -> str:
    """A control for a sentence: "cc 7, channel 1, of nanoKONTROL2"."""
    kind, number = binding.controls[0]
    what = kind if kind in ("bend", "pressure") else f"{kind} {number}"
    fine = f" with {kind} {number + FINE_OFFSET}" if binding.bits == 14 else ""
    channel = f", channel {binding.channel}" if binding.channel else ""
    return f"{what}{fine}{channel}, of {binding.device or 'any device'}"
