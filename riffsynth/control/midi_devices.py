"""The MIDI devices: every wanted one, plugged in whenever, and one queue of what they say."""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol, TypeVar

import mido

from riffsynth.timing.clock import Clock, SystemClock
from riffsynth.timing.midi_clock import ClockKind, ClockMessage
from riffsynth.timing.stamping import ArrivalTimes

POLL_S = 1.0
"""No driver tells that a device was plugged in or out: its list of ports is read this often."""
CLOSE_S = 2.0
"""What closing may take; a JACK server that waits for a dead client takes a minute."""
QUEUE_LIMIT = 20_000
"""Messages that wait for the control loop; the oldest are dropped beyond it."""
VIRTUAL_PORT = "riffsynth"
_OURS = re.compile(r"riffsynth|midi through", re.IGNORECASE)
"""Ports that would send us our own messages."""
_ALSA_NUMBERS = re.compile(r" \d+:\d+$")

CLOCK_KINDS: dict[int, ClockKind] = {0xF8: "tick", 0xFA: "start", 0xFB: "continue", 0xFC: "stop", 0xF2: "songpos"}
"""By status byte (MIDI 1.0)."""

_Item = TypeVar("_Item")


class RawListener(Protocol):
    """Takes what a port says."""

    def __call__(self, data: Sequence[int], delta_s: float, time_s: float | None = None) -> None:
        """A message's bytes, the seconds since the one before, and when it came, where the system knows exactly."""


class MidiOutput(Protocol):
    """A port that messages can be sent to."""

    def send(self, data: Sequence[int]) -> None:
        """Raises OSError where the device is gone."""

    def close(self) -> None: ...


class MidiSystem(Protocol):
    """A machine's MIDI ports."""

    def names(self) -> list[str]:
        """The inputs that are there now. Raises OSError."""

    def open(self, name: str, listener: RawListener) -> Callable[[], None]:
        """Listens to an input from now on; the answer closes it. Raises OSError where it is gone or taken."""

    def output_names(self) -> list[str]:
        """The outputs that are there now. Raises OSError."""

    def open_output(self, name: str) -> MidiOutput:
        """Raises OSError where it is gone or taken."""

    def open_virtual(self, name: str, listener: RawListener) -> Callable[[], None]:
        """Makes an input that other programs can connect to. Raises OSError where the system has no such thing."""


@dataclass(frozen=True, slots=True)
class MidiReceived:
    """A message, the device it came from, and when, in seconds of the program's clock."""

    message: mido.Message
    device: str
    time_s: float


class MidiDevices:
    """Listens to the devices whose names contain one of `wanted`, to all of them where nothing is wanted by name.

    A thread of its own looks for devices each second and opens and closes them, so that a slow driver never holds up
    the control loop, which calls `receive`, `clock_messages` and `news`. `wake` is called from other threads.
    """

    def __init__(
        self,
        system: MidiSystem,
        wanted: Sequence[str] = (),
        wake: Callable[[], None] = lambda: None,
        clock: Clock | None = None,
        watch: bool = True,
    ) -> None:
        self.malformed = 0
        self.answers = False
        """Set it, and from the next look on the devices can be sent to as well."""
        self._system = system
        self._wanted = tuple(wanted)
        self._wake = wake
        self._clock = clock or SystemClock()
        self._received: deque[MidiReceived] = deque(maxlen=QUEUE_LIMIT)
        self._clocks: deque[ClockMessage] = deque(maxlen=QUEUE_LIMIT)
        self._news: deque[str] = deque(maxlen=100)
        self._gone: deque[str] = deque(maxlen=100)
        self._open: dict[str, Callable[[], None]] = {}
        self._outputs: dict[str, MidiOutput] = {}
        self._sending = threading.Lock()
        self._failed: set[str] = set()
        self._missing = set(self._wanted)
        self._closing = threading.Event()
        self._virtual: Callable[[], None] = lambda: None
        with suppress(OSError):  # Windows has none
            self._virtual = system.open_virtual(VIRTUAL_PORT, self._listener(VIRTUAL_PORT))
        self.look()
        for name in sorted(self._missing):
            self._tell(f"MIDI: no device called {name} yet; it will be used when it is plugged in")
        self._thread = threading.Thread(target=self._watch, name="midi-ports", daemon=True)
        if watch:
            self._thread.start()

    @property
    def devices(self) -> list[str]:
        """The devices listened to, without the system's numbers."""
        return [plain_name(name) for name in list(self._open)]

    def receive(self) -> list[MidiReceived]:
        """The messages that have arrived, in order, without those of the clock."""
        return _drained(self._received)

    def clock_messages(self) -> list[ClockMessage]:
        """The clock's messages that have arrived, in order."""
        return _drained(self._clocks)

    @property
    def answering(self) -> list[str]:
        """The devices that can be sent to."""
        return list(self._outputs)

    def send(self, device: str, data: Sequence[int]) -> None:
        """Sends to a device, if it is there."""
        with self._sending, suppress(OSError, KeyError):
            self._outputs[device].send(data)

    def news(self) -> list[str]:
        """What a performer should know: devices that came, went or could not be used. A line each."""
        return _drained(self._news)

    def gone(self) -> list[str]:
        """The devices that have been pulled out since the last call."""
        return _drained(self._gone)

    def look(self) -> None:
        """Opens what has come and closes what has gone. Called each second by the thread."""
        try:
            present = self._system.names()
        except OSError as error:
            if "" not in self._failed:
                self._tell(f"MIDI: the devices cannot be listed: {error}")
            self._failed.add("")
            return
        for name in [name for name in self._open if name not in present]:
            self._open.pop(name)()
            self._let_go(plain_name(name))
            self._gone.append(plain_name(name))
            self._tell(f"MIDI: {plain_name(name)} is gone")
        self._failed &= {*present}
        for name in present:
            if name not in self._open and name not in self._failed and is_wanted(name, self._wanted):
                self._use(name)
        if self.answers:
            self._open_outputs()

    def close(self) -> None:
        """Lets all devices go. A driver that hangs is left behind: the thread ends with the program."""
        self._closing.set()
        closer = threading.Thread(target=self._close, name="midi-close", daemon=True)
        closer.start()
        closer.join(CLOSE_S)

    def _close(self) -> None:
        if self._thread.is_alive():
            self._thread.join()
        for close in [self._virtual, *self._open.values()]:
            close()
        for device in self.answering:
            self._let_go(device)
        self._open.clear()

    def _use(self, name: str) -> None:
        try:
            self._open[name] = self._system.open(name, self._listener(plain_name(name)))
        except OSError as error:
            self._failed.add(name)
            self._tell(f"MIDI: {plain_name(name)} cannot be used: {error}")
        else:
            self._missing -= {wanted for wanted in self._missing if is_wanted(name, (wanted,))}
            self._tell(f"MIDI: listening to {plain_name(name)}")

    def _open_outputs(self) -> None:
        with suppress(OSError):
            names = self._system.output_names()
            for device in self.devices:
                name = answering_port(device, names)
                if name is not None and device not in self._outputs:
                    self._outputs[device] = self._system.open_output(name)

    def _let_go(self, device: str) -> None:
        with self._sending:  # a port must not go while the control loop sends to it
            output = self._outputs.pop(device, None)
            if output:
                output.close()

    def _watch(self) -> None:
        while not self._closing.wait(POLL_S):
            self.look()

    def _tell(self, line: str) -> None:
        self._news.append(line)
        self._wake()

    def _listener(self, device: str) -> RawListener:
        """Runs in the driver's thread: sorts a message into its queue."""
        times = ArrivalTimes()

        def listen(data: Sequence[int], delta_s: float, time_s: float | None = None) -> None:
            if time_s is None:
                time_s = times.stamp(delta_s, self._clock.now())
            kind = CLOCK_KINDS.get(data[0]) if data else None
            if kind is not None and (kind != "songpos" or len(data) == 3):
                position = data[1] | data[2] << 7 if kind == "songpos" else 0
                self._clocks.append(ClockMessage(kind, time_s, position, device))
            else:
                try:
                    message = mido.Message.from_bytes(data)
                except (ValueError, IndexError, LookupError, TypeError):
                    self.malformed += 1
                    return
                self._received.append(MidiReceived(message, device, time_s))
            self._wake()

        return listen


def plain_name(name: str) -> str:
    """A port's name without the numbers that ALSA gives it, which change with every plug."""
    return _ALSA_NUMBERS.sub("", name)


def answering_port(device: str, outputs: Sequence[str]) -> str | None:
    """The output that belongs to an input: of the same name, else of the same client (what stands before the colon)."""
    client = device.split(":")[0]
    same = [name for name in outputs if plain_name(name) == device]
    return next(iter(same + [name for name in outputs if name.split(":")[0] == client]), None)


def is_wanted(name: str, wanted: Sequence[str]) -> bool:
    """Is `name` to be opened? Without wishes every port is, but those that lead back to us."""
    if not wanted:
        return not _OURS.search(name)
    return any(part.lower() in name.lower() for part in wanted)


def _drained(queue: deque[_Item]) -> list[_Item]:
    items: list[_Item] = []
    with suppress(IndexError):
        while True:
            items.append(queue.popleft())
    return items
