"""MIDI as the control loop uses it: devices and mapping, put together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import mido

from riffsynth.control.errors import ControlError
from riffsynth.control.keyboard import Keyboard
from riffsynth.control.learned_maps import LearnedMaps
from riffsynth.control.mapping import Binding
from riffsynth.control.midi_devices import MidiDevices, MidiReceived, MidiSystem
from riffsynth.control.midi_feedback import MidiFeedback
from riffsynth.control.midi_gesture import GestureReader
from riffsynth.control.midi_learn import MidiLearn
from riffsynth.control.midi_mapper import Assignment, MidiMapper
from riffsynth.control.midi_ports import rtmidi_system
from riffsynth.control.store import ParameterStore
from riffsynth.timing.clock import Clock
from riffsynth.timing.midi_clock import ClockMessage

NONE = "none"
NOTES = ("note_on", "note_off")


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
        maps: LearnedMaps | None = None,
        tell: Callable[..., Any] = lambda *_: None,
        heard: Callable[[MidiReceived], Any] = lambda _received: None,
    ) -> None:
        """`maps` keeps what is learned, `tell` takes what all clients should hear of it; `heard` gets every message.

        Raises ControlError where `none` is named beside devices.
        """
        self._store = store
        self._announce = announce
        self._heard = heard
        self._gestures = GestureReader()
        self._learning = MidiLearn(maps, self._gestures, tell) if maps else None
        self._bindings: tuple[Binding, ...] = ()
        self._learned: tuple[Binding, ...] = ()
        self._mapper = MidiMapper((), store.get)
        self._feedback = MidiFeedback((), store.get)
        self._keyboard = Keyboard()
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
        bindings, learned = tuple(bindings), self._learning.bindings if self._learning else ()
        if (bindings, learned) != (self._bindings, self._learned):
            self._bindings, self._learned = bindings, learned
            self._mapper = MidiMapper(bindings, self._store.get, learned, self._gestures)
            self._feedback = MidiFeedback((*learned, *bindings), self._store.get)
            if self._devices:
                self._devices.answers = self._feedback.wanted

    def learn(self, args: Sequence[Any], now: float) -> tuple[Any, ...]:
        """See `MidiLearn.learn`. Raises ControlError."""
        return self._learn_from_devices().learn(args, now)

    def unlearn(self, args: Sequence[Any]) -> tuple[Any, ...]:
        """See `MidiLearn.unlearn`. Raises ControlError."""
        return self._learn_from_devices().unlearn(args)

    def _learn_from_devices(self) -> MidiLearn:
        if self._learning is None or self._devices is None:
            raise ControlError("there is no MIDI to learn from: `riffsynth devices` tells more")
        return self._learning

    def poll(self, now: float) -> None:
        """Applies what the devices have sent, announces what happened to them, and shows them the values."""
        if self._devices is None:
            return
        for line in self._devices.news():
            self._announce(line)
        for received in self._devices.receive():
            self._heard(received)
            self._feedback.touched(received.device, received.message, now)
            if self._learning and self._learning.listening and not _lets_go(received.message):
                self._learning.hear(received.message, received.device, now)
            else:
                self.play(received.message, received.device, now)
        for device in self._devices.gone():
            self._set(self._mapper.let_go(device) + self._keyboard.let_go(device), device)
        self.settle(now)
        if self._learning:
            self._learning.poll(now, self._bindings)
        if self._feedback.wanted:
            for device, data in self._feedback.due(now, self._devices.answering):
                self._devices.send(device, data)

    def settle(self, now: float) -> None:
        """Applies what waits for fingers to come to rest; `poll` does it for devices."""
        self._set(self._keyboard.due(str(self._store.get("notes")), now), "keys")

    def play(self, message: mido.Message, device: str, now: float) -> None:
        """Applies one message, as if `device` had sent it."""
        self._set(self._mapper.handle(message, device), device)
        if message.type not in NOTES or not self._mapper.moves_something(message, device):
            self._set(self._keyboard.handle(str(self._store.get("notes")), message, device, now), device)

    def _set(self, assignments: Iterable[Assignment], device: str) -> None:
        with self._store.together():
            for name, value in assignments:
                self._store.set(name, value, f"midi:{device}")

    def clock_messages(self) -> list[ClockMessage]:
        """The clock's messages that have arrived, in order."""
        return self._devices.clock_messages() if self._devices else []

    def close(self) -> None:
        if self._devices:
            self._devices.close()
        if self._learning:
            self._learning.close()


def _lets_go(message: mido.Message) -> bool:
    return message.type == "note_off" or (message.type == "note_on" and not message.velocity)
