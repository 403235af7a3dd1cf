"""What is told to LED rings, lit pads and motor faders. Knows no ports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product

import mido

from riffsynth.control.mapping import FINE_OFFSET, Binding, Control
from riffsynth.control.store import Change
from riffsynth.parameters import Kind, Value, from_text

FEEDBACK_INTERVAL_S = 1 / 30
TOUCH_S = 0.3
"""A control that was moved this recently is in a hand: a motor must not pull against it."""


@dataclass(slots=True)
class _Device:
    pending: set[int]
    """Bindings whose value the device has not heard."""
    told: dict[int, float] = field(default_factory=lambda: defaultdict(lambda: -1e9))
    touched: dict[tuple[Control, int], float] = field(default_factory=lambda: defaultdict(lambda: -1e9))
    held: set[int] = field(default_factory=set)
    """Notes that are down, the touch sensors' among them."""


class MidiFeedback:
    """Says which messages bring devices in step with the values, for the bindings that ask for it."""

    def __init__(self, bindings: Iterable[Binding], get: Callable[[str], Value]) -> None:
        self._get = get
        self._bindings = {
            index: binding
            for index, binding in enumerate(bindings)
            if binding.feedback and binding.parameter.kind is not Kind.TRIGGER
        }
        self._devices: dict[str, _Device] = {}

    @property
    def wanted(self) -> bool:
        return bool(self._bindings)

    def changed(self, change: Change) -> None:
        moved = {index for index, binding in self._bindings.items() if binding.to == change.name}
        for device in self._devices.values():
            device.pending |= moved

    def touched(self, name: str, message: mido.Message, now: float) -> None:
        """`message` came from device `name`: once its control is let go, it is told where the value is."""
        control = _control(message)
        if control and name in self._devices:
            device = self._devices[name]
            device.touched[control, message.channel] = now
            if message.type in ("note_on", "note_off"):
                self._sensed(device, message)
            device.pending |= {index for index, binding in self._bindings.items() if control in binding.controls}

    def _sensed(self, device: _Device, message: mido.Message) -> None:
        if message.type == "note_on" and message.velocity:
            device.held.add(message.note)
            return
        device.held.discard(message.note)
        device.pending |= {index for index, binding in self._bindings.items() if binding.touch == message.note}

    def due(self, now: float, names: Iterable[str]) -> list[tuple[str, list[int]]]:
        """(device, bytes) to be sent at `now` to the devices that are there; one that is new is told everything."""
        names = set(names)
        self._devices = {name: self._devices.get(name) or _Device(set(self._bindings)) for name in names}
        messages = []
        for name, device in self._devices.items():
            for index in sorted(device.pending):
                binding = self._bindings[index]
                moved = any(now - device.touched[place] < TOUCH_S for place in _places(binding))
                if moved or binding.touch in device.held or now - device.told[index] < FEEDBACK_INTERVAL_S:
                    continue
                device.pending.discard(index)
                device.told[index] = now
                if binding.device.lower() in name.lower():
                    messages += [(name, data) for data in told(binding, self._get(binding.to))]
        return messages


def told(binding: Binding, value: Value) -> list[list[int]]:
    """The bytes that show `value` on the binding's control."""
    channel = (binding.channel or 1) - 1
    if binding.value is not None:
        position = float(value == from_text(binding.parameter, binding.value))
    else:
        position = binding.position_of(value)
    if binding.note is not None:
        return [[0x90 | channel, binding.note, round(127 * position)]]
    if binding.bend:
        bend = round(16383 * position)
        return [[0xE0 | channel, bend & 127, bend >> 7]]
    assert binding.cc is not None
    if binding.bits == 7:
        return [[0xB0 | channel, binding.cc, round(127 * position)]]
    fine = round(16383 * position)
    return [[0xB0 | channel, binding.cc, fine >> 7], [0xB0 | channel, binding.cc + FINE_OFFSET, fine & 127]]


def _places(binding: Binding) -> Iterator[tuple[Control, int]]:
    channels = range(16) if binding.channel is None else (binding.channel - 1,)
    return product(binding.controls, channels)


def _control(message: mido.Message) -> Control | None:
    match message.type:
        case "control_change":
            return ("cc", message.control)
        case "note_on" | "note_off":
            return ("note", message.note)
        case "pitchwheel":
            return ("bend", 0)
    return None
