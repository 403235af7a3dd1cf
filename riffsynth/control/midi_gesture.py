"""What MIDI messages say about controls, whatever they will move."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import mido

from riffsynth.control.mapping import Control


class Controller:
    """Controllers with a meaning of their own (MIDI 1.0, table III)."""

    BANK, BANK_FINE = 0, 32
    DATA, DATA_FINE = 6, 38
    INCREMENT, DECREMENT = 96, 97
    NRPN, NRPN_FINE = 99, 98
    RPN, RPN_FINE = 101, 100
    LET_GO = (120, 123)
    """All sound off, all notes off."""


NO_NUMBER = 127 << 7 | 127
"""The parameter number that means none: data that follow are nobody's."""


@dataclass(frozen=True, slots=True)
class Gesture:
    """A control was moved, pressed or let go."""

    control: Control
    position: float
    """0..1; of a note its velocity, 0 when it is let go."""
    raw: int
    """A controller's 7 bits; else 127 or 0: on or off."""
    bank: int = 0
    """Of a program: the bank chosen before it, 0..16383."""
    steps: int = 0
    """Of a control that says how far it was turned, and not where it stands: 1 up, -1 down."""


@dataclass(slots=True)
class _Channel:
    """What a device has said on one channel that later messages refer to."""

    bank: int = 0
    number: int = NO_NUMBER
    data: int = 0
    fine_seen: bool = False


class GestureReader:
    """Reads messages of several devices; numbers sent in parts are kept apart by device and channel."""

    def __init__(self) -> None:
        self._channels: dict[tuple[str, int], _Channel] = defaultdict(_Channel)

    def read(self, message: mido.Message, device: str) -> list[Gesture]:
        """The gestures of a message: none for clock or system exclusive, two where it can be meant in two ways."""
        match message.type:
            case "control_change":
                plain = Gesture(("cc", message.control), message.value / 127, message.value)
                state = self._channels[device, message.channel]
                return [plain, *_number(state, message.control, message.value)]
            case "note_on":
                return [Gesture(("note", message.note), message.velocity / 127, 127 if message.velocity else 0)]
            case "note_off":
                return [Gesture(("note", message.note), 0.0, 0)]
            case "program_change":
                bank = self._channels[device, message.channel].bank
                return [Gesture(("program", message.program), 1.0, 127, bank)]
            case "pitchwheel":
                return [Gesture(("bend", 0), _bend(message.pitch), 127)]
            case "aftertouch":
                return [Gesture(("pressure", 0), message.value / 127, message.value)]
            case "polytouch":
                controls = (("pressure", 0), ("key pressure", message.note))
                return [Gesture(control, message.value / 127, message.value) for control in controls]
        return []


def _number(state: _Channel, control: int, value: int) -> list[Gesture]:
    """Follows bank and parameter numbers; the gesture of the NRPN whose data `control` carries."""
    match control:
        case Controller.BANK:
            state.bank = value << 7 | (state.bank & 127)
        case Controller.BANK_FINE:
            state.bank = (state.bank & ~127) | value
        case Controller.NRPN:
            state.number, state.fine_seen = value << 7 | (state.number & 127), False
        case Controller.NRPN_FINE:
            state.number, state.fine_seen = (state.number & ~127) | value, False
        case Controller.RPN | Controller.RPN_FINE:
            state.number = NO_NUMBER  # what follows belongs to a registered parameter
        case Controller.DATA if state.number != NO_NUMBER:
            state.data = value
            # The fine part follows, once it was seen to: half a number would be a jump.
            return [] if state.fine_seen else [Gesture(("nrpn", state.number), value / 127, value)]
        case Controller.DATA_FINE if state.number != NO_NUMBER:
            state.fine_seen = True
            return [Gesture(("nrpn", state.number), (state.data << 7 | value) / 16383, state.data)]
        case Controller.INCREMENT if state.number != NO_NUMBER:  # the value counts for nothing (MMA RP-018)
            return [Gesture(("nrpn", state.number), 1.0, 127, steps=1)]
        case Controller.DECREMENT if state.number != NO_NUMBER:
            return [Gesture(("nrpn", state.number), 0.0, 0, steps=-1)]
    return []


def _bend(pitch: int) -> float:
    """0..1 with the centre at exactly a half: the way up is a step shorter than the way down."""
    return 0.5 + pitch / (16384 if pitch < 0 else 16382)
