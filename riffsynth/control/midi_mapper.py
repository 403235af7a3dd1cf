"""MIDI messages to values of parameters, as a preset's bindings say. Knows no ports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import mido

from riffsynth.control.mapping import Binding, Control
from riffsynth.control.midi_gesture import Controller, Gesture, GestureReader
from riffsynth.control.takeover import picked_up, scaled
from riffsynth.parameters import Kind, Value, from_text

Assignment = tuple[str, Value]
"""A parameter and what it is set to."""

PRESSED = 64
"""Controllers at or above it are switched on (MIDI 1.0, controllers 64 to 69)."""
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
    before: Value | None = None
    """The parameter's value when the button was pressed: what it goes back to."""
    coarse: int = 0
    fine_seen: bool = False


class MidiMapper:
    """Turns messages into assignments. `get` answers a parameter's present value.

    A control that was learned moves what it was learned for, and nothing that `bindings` say of it.
    """

    def __init__(
        self,
        bindings: Iterable[Binding],
        get: Callable[[str], Value],
        learned: Iterable[Binding] = (),
        gestures: GestureReader | None = None,
    ) -> None:
        self._get = get
        self._gestures = gestures or GestureReader()
        self._states: dict[tuple[Binding, str, int], _State] = defaultdict(_State)
        bindings, learned = tuple(bindings), tuple(learned)
        self._layers = (_by_control(learned), _by_control(bindings))
        self._touches = {(binding.device.lower(), binding.touch) for binding in (*bindings, *learned)}

    def handle(self, message: mido.Message, device: str = "") -> list[Assignment]:
        """What `message` from `device` sets. Every value is one that the parameter can take."""
        assignments: list[Assignment] = []
        for gesture in self._gestures.read(message, device):
            for binding in self._meant(gesture, device, message.channel):
                value = self._value(binding, gesture, self._states[binding, device, message.channel])
                if value is not None:
                    assignments.append((binding.to, value))
        if message.type == "reset" or (message.type == "control_change" and message.control in Controller.LET_GO):
            assignments += self.let_go(device)
        return assignments

    def moves_something(self, message: mido.Message, device: str) -> bool:
        """Is there a binding for the note of `message`, or is it a fader's touch sensor?"""
        return any(
            _from_here(binding, device, message.channel)
            for layer in self._layers
            for binding in layer.get(("note", message.note), ())
        ) or any(touch == message.note and name in device.lower() for name, touch in self._touches)

    def let_go(self, device: str) -> list[Assignment]:
        """Nobody holds a pad of `device` any more: all notes off, or it was unplugged."""
        assignments = []
        for (binding, where, _), state in self._states.items():
            if where == device and state.pressed:
                state.pressed = False
                value = self._released(binding, state)
                if value is not None:
                    assignments.append((binding.to, value))
        return assignments

    def _meant(self, gesture: Gesture, device: str, channel: int) -> list[Binding]:
        for layer in self._layers:
            meant = [
                binding
                for binding in layer.get(gesture.control, ())
                if _from_here(binding, device, channel) and binding.bank in (None, gesture.bank)
            ]
            if meant:
                return meant
        return []

    def _value(self, binding: Binding, gesture: Gesture, state: _State) -> Value | None:
        if _is_button(binding):
            return self._button(binding, gesture, state)
        if gesture.steps or binding.relative != "absolute":
            steps = gesture.steps or RELATIVE_STEPS[binding.relative](gesture.raw)
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
        if pressed == state.pressed and binding.program is None:  # a program is chosen, never let go
            return None
        state.pressed = pressed
        return self._pressed(binding, state) if pressed else self._released(binding, state)

    def _pressed(self, binding: Binding, state: _State) -> Value:
        wanted, current = _wanted(binding), self._get(binding.to)
        if _mode(binding) == "toggle" and current == wanted:
            if binding.value is None:
                return binding.value_at(0.0)
            return binding.parameter.default if state.before is None else state.before
        if current != wanted:
            state.before = current
        return wanted

    def _released(self, binding: Binding, state: _State) -> Value | None:
        if _mode(binding) != "gate" or binding.parameter.kind is Kind.TRIGGER:
            return None
        if binding.value is None:
            return binding.value_at(0.0)
        return state.before if self._get(binding.to) == _wanted(binding) else None

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


def _by_control(bindings: Iterable[Binding]) -> dict[Control, list[Binding]]:
    by_control: dict[Control, list[Binding]] = defaultdict(list)
    for binding in bindings:
        for control in binding.controls:
            by_control[control].append(binding)
    return dict(by_control)


def _is_button(binding: Binding) -> bool:
    return (
        binding.value is not None
        or binding.parameter.kind is Kind.TRIGGER
        or binding.mode in ("gate", "toggle", "trigger")
        or (binding.note is not None and binding.mode != "velocity" and binding.parameter.kind not in _STEPLESS)
    )


def _mode(binding: Binding) -> str:
    return binding.mode or ("toggle" if binding.parameter.kind is Kind.BOOL else "trigger")


def _wanted(binding: Binding) -> Value:
    """What pressing it sets."""
    if binding.value is not None:
        return from_text(binding.parameter, binding.value)
    return True if binding.parameter.kind is Kind.TRIGGER else binding.value_at(1.0)


def _fine(binding: Binding, gesture: Gesture, state: _State) -> float | None:
    """The position of a pair. The coarse part comes first and waits for the fine one, once that was seen to come."""
    if gesture.control[1] == binding.cc:
        state.coarse = gesture.raw
        return None if state.fine_seen else gesture.raw / 127
    state.fine_seen = True
    return (state.coarse * 128 + gesture.raw) / 16383
