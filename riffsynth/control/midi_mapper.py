"""MIDI messages to values of parameters, as a preset's bindings say. Knows no ports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import mido

from riffsynth.control.mapping import Binding
from riffsynth.control.midi_gesture import Gesture, GestureReader
from riffsynth.control.takeover import picked_up, scaled
from riffsynth.parameters import Kind, Value, from_text

Assignment = tuple[str, Value]
"""A parameter and what it is set to."""

PRESSED = 64
"""Controllers at or above it are switched on (MIDI 1.0, controllers 64 to 69)."""
FINE_OFFSET = 32
"""The fine part of controller n is controller n + 32 (MIDI 1.0)."""
RELATIVE_STEPS: dict[str, Callable[[int], int]] = {
    "twos": lambda value: value - 128 if value >= 64 else value,
    "offset": lambda value: value - 64,
    "sign": lambda value: 64 - value if value >= 64 else value,
}
_STEPLESS = (Kind.FLOAT, Kind.INT)


@dataclass(slots=True)
class _State:
    """Of one binding on one device and channel."""

    last: float | None = None
    """The knob's position."""
    taken: bool = False
    """It has been picked up."""
    value: Value | None = None
    """What this binding set last: while the parameter still has it, nobody else has moved it."""
    way: float = 0.0
    """The position that `value` stands for, without its rounding."""
    pressed: bool = False
    coarse: int = 0
    fine_seen: bool = False


class MidiMapper:
    """Turns messages into assignments. `get` answers a parameter's present value."""

    def __init__(self, bindings: Iterable[Binding], get: Callable[[str], Value]) -> None:
        self._get = get
        self._gestures = GestureReader()
        self._bindings: dict[tuple[str, int], list[tuple[int, Binding]]] = defaultdict(list)
        self._states: dict[tuple[int, str, int], _State] = defaultdict(_State)
        for index, binding in enumerate(bindings):
            for control in _controls(binding):
                self._bindings[control].append((index, binding))

    def handle(self, message: mido.Message, device: str = "") -> list[Assignment]:
        """What `message` from `device` sets. Every value is one that the parameter can take."""
        assignments: list[Assignment] = []
        for gesture in self._gestures.read(message, device):
            for index, binding in self._bindings.get(gesture.control, ()):
                if not _from_here(binding, device, message.channel) or binding.bank not in (None, gesture.bank):
                    continue
                value = self._value(binding, gesture, self._states[index, device, message.channel])
                if value is not None:
                    assignments.append((binding.to, value))
        return assignments

    def _value(self, binding: Binding, gesture: Gesture, state: _State) -> Value | None:
        if _is_button(binding):
            return self._button(binding, gesture, state)
        if binding.relative != "absolute":
            steps = RELATIVE_STEPS[binding.relative](gesture.raw)
            return self._move(binding, state, self._way(binding, state) + steps * binding.step)
        if binding.note is not None and not gesture.raw:
            return None  # letting go is no velocity
        position = gesture.position if binding.bits == 7 else _fine(binding, gesture, state)
        if position is None:
            return None
        last, state.last = state.last, position
        if binding.note is not None or binding.parameter.kind not in _STEPLESS:
            return self._move(binding, state, position)
        return self._take_over(binding, state, last, position)

    def _take_over(self, binding: Binding, state: _State, last: float | None, position: float) -> Value | None:
        if binding.takeover == "scale":
            way = scaled(last, position, self._way(binding, state))
            return None if last is None and way != position else self._move(binding, state, way)
        if binding.takeover == "pickup":
            current = self._get(binding.to)
            state.taken = (state.taken and current == state.value) or picked_up(
                last, position, binding.position_of(current)
            )
            if not state.taken:
                return None
        return self._move(binding, state, position)

    def _button(self, binding: Binding, gesture: Gesture, state: _State) -> Value | None:
        pressed = gesture.raw >= PRESSED
        changed, state.pressed = pressed != state.pressed, pressed
        mode = binding.mode or _usual_mode(binding)
        if gesture.control[0] == "program":
            changed = True  # a program is chosen, never let go
        if not changed:
            return None
        if mode == "gate" and binding.value is None and binding.parameter.kind is not Kind.TRIGGER:
            return binding.value_at(float(pressed))
        if not pressed:
            return None
        if binding.value is not None:
            return from_text(binding.parameter, binding.value)
        if binding.parameter.kind is Kind.TRIGGER:
            return True
        if mode == "toggle" and self._get(binding.to) == binding.value_at(1.0):
            return binding.value_at(0.0)
        return binding.value_at(1.0)

    def _way(self, binding: Binding, state: _State) -> float:
        """The parameter's present position, as exactly as this binding knows it."""
        current = self._get(binding.to)
        return state.way if state.value is not None and state.value == current else binding.position_of(current)

    def _move(self, binding: Binding, state: _State, way: float) -> Value:
        state.way = min(1.0, max(0.0, way))
        state.value = binding.value_at(state.way)
        return state.value


def _from_here(binding: Binding, device: str, channel: int) -> bool:
    return binding.channel in (None, channel + 1) and binding.device.lower() in device.lower()


def _controls(binding: Binding) -> list[tuple[str, int]]:
    if binding.cc is not None:
        return [("cc", binding.cc)] + ([("cc", binding.cc + FINE_OFFSET)] if binding.bits == 14 else [])
    for kind in ("nrpn", "note", "program"):
        number = getattr(binding, kind)
        if number is not None:
            return [(kind, number)]
    return [("bend", 0) if binding.bend else ("pressure", 0)]


def _is_button(binding: Binding) -> bool:
    return (
        binding.value is not None
        or binding.parameter.kind is Kind.TRIGGER
        or binding.mode in ("gate", "toggle", "trigger")
        or (binding.note is not None and binding.mode != "velocity" and binding.parameter.kind not in _STEPLESS)
    )


def _usual_mode(binding: Binding) -> str:
    return "toggle" if binding.parameter.kind is Kind.BOOL else "trigger"


def _fine(binding: Binding, gesture: Gesture, state: _State) -> float | None:
    """The position of a pair. The coarse part comes first and waits for the fine one, once that was seen to come."""
    if gesture.control[1] == binding.cc:
        state.coarse = gesture.raw
        return None if state.fine_seen else gesture.raw / 127
    state.fine_seen = True
    return (state.coarse * 128 + gesture.raw) / 16383
