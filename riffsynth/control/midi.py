"""MIDI as the control loop uses it: devices and mapping, put together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from riffsynth.control.errors import ControlError
from riffsynth.control.mapping import Binding
from riffsynth.control.midi_devices import MidiDevices, MidiSystem
from riffsynth.control.midi_feedback import MidiFeedback
from riffsynth.control.midi_mapper import MidiMapper
from riffsynth.control.midi_ports import rtmidi_system
from riffsynth.control.store import ParameterStore
from riffsynth.timing.clock import Clock
from riffsynth.timing.midi_clock import ClockMessage

NONE = "none"


class MidiInputs:
    """Moves `store` by the devices that `wanted` names, all of them where it is empty, and by none for `none`.

    Use it from the control loop alone. A machine without MIDI is announced in one line, and the instrument plays on;
    `announce` also tells of devices that come and go, `wake` is called from other threads when a poll is worth while.
    """

    def __init__(
        self,
        wanted: Sequence[str],
        store: ParameterStore,
        wake: Callable[[], Any] = lambda: None,
        announce: Callable[[str], Any] = lambda _line: None,
        clock: Clock | None = None,
        system: Callable[[], MidiSystem] = rtmidi_system,
    ) -> None:
        """Raises ControlError where `none` is named beside devices."""
        self._store = store
        self._announce = announce
        self._bindings: tuple[Binding, ...] = ()
        self._mapper = MidiMapper((), store.get)
        self._feedback = MidiFeedback((), store.get)
        store.listen(lambda change: self._feedback.changed(change))
        self._devices: MidiDevices | None = None
        if any(name.lower() == NONE for name in wanted):
            if len(wanted) > 1:
                raise ControlError("--midi none stands alone: name devices or none")
            return
        try:
            self._devices = MidiDevices(system(), wanted, wake, clock)
        except ControlError as error:
            announce(str(error))

    @property
    def devices(self) -> list[str]:
        """The names of the devices listened to."""
        return self._devices.devices if self._devices else []

    @property
    def malformed(self) -> int:
        """Messages that were no MIDI."""
        return self._devices.malformed if self._devices else 0

    def bind(self, bindings: Iterable[Binding]) -> None:
        """From now on controls move what `bindings` say; they have to be picked up anew."""
        bindings = tuple(bindings)
        if bindings != self._bindings:
            self._bindings = bindings
            self._mapper = MidiMapper(bindings, self._store.get)
            self._feedback = MidiFeedback(bindings, self._store.get)
            if self._devices:
                self._devices.answers = self._feedback.wanted

    def poll(self, now: float) -> None:
        """Applies what the devices have sent, announces what happened to them, and shows them the values."""
        if self._devices is None:
            return
        for line in self._devices.news():
            self._announce(line)
        for received in self._devices.receive():
            self._feedback.touched(received.device, received.message, now)
            with self._store.together():
                for name, value in self._mapper.handle(received.message, received.device):
                    self._store.set(name, value, f"midi:{received.device}")

        if self._feedback.wanted:
            for device, data in self._feedback.due(now, self._devices.answering):
                self._devices.send(device, data)

    def clock_messages(self) -> list[ClockMessage]:
        """The clock's messages that have arrived, in order."""
        return self._devices.clock_messages() if self._devices else []

    def close(self) -> None:
        if self._devices:
            self._devices.close()
