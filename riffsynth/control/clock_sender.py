"""MIDI clock out: a thread that sends each message when it is due."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from riffsynth.control.errors import ControlError
from riffsynth.control.midi_devices import CLOCK_KINDS, MidiOutput, plain_name
from riffsynth.control.midi_ports import rtmidi_system
from riffsynth.timing.clock import Clock, SystemClock
from riffsynth.timing.midi_clock import ClockMessage
from riffsynth.timing.midi_out import MidiClockOut
from riffsynth.timing.timeline import Timeline

VIRTUAL = "virtual"
"""In place of a port's name: a port of our own, that other programs connect to."""
SPAN_S = 0.005
"""Messages are looked for this far ahead; a new timeline is heard of as late."""
LOOK_S = 1.0
"""A port that is not there is looked for this often."""
PRIORITY = 15
"""Of the thread where the system grants real time: after the player, before everything else."""
_STATUS = {kind: status for status, kind in CLOCK_KINDS.items()}


class OutputPorts(Protocol):
    """The machine's MIDI outputs, and one of our own."""

    def output_names(self) -> list[str]: ...
    def open_output(self, name: str) -> MidiOutput: ...
    def open_virtual_output(self) -> MidiOutput: ...


class ClockSender:
    """Sends the clock of `timeline`, which the control loop sets, to the first port whose name contains `wanted`.

    `virtual` makes a port of our own. A port that is not there yet, or gone, is waited for; `announce` is told of it,
    from the sender's thread.
    """

    def __init__(
        self,
        wanted: str,
        timeline: Timeline,
        announce: Callable[[str], Any] = lambda _line: None,
        clock: Clock | None = None,
        system: Callable[[], OutputPorts] = rtmidi_system,
    ) -> None:
        """Raises ControlError where the machine has no MIDI."""
        self.timeline = timeline
        self._wanted = wanted
        self._announce = announce
        self._clock = clock or SystemClock()
        self._system = system()
        self._closing = threading.Event()
        self._told_missing = False
        self._thread = threading.Thread(target=self._run, name="midi clock out", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ends with a stop, if the song plays."""
        self._closing.set()
        self._thread.join(LOOK_S)

    def _run(self) -> None:
        with contextlib.suppress(OSError, AttributeError):  # of this thread alone, on Linux
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(PRIORITY))
        while not self._closing.is_set():
            port = self._opened()
            if port is None:
                self._closing.wait(LOOK_S)
                continue
            with contextlib.suppress(OSError):
                self._send(port)
            with contextlib.suppress(OSError):
                port.close()

    def _opened(self) -> MidiOutput | None:
        try:
            if self._wanted.lower() == VIRTUAL:
                return self._system.open_virtual_output()
            names = [name for name in self._system.output_names() if self._wanted.lower() in name.lower()]
            if names:
                port = self._system.open_output(names[0])
                self._announce(f"MIDI: the clock goes out to {plain_name(names[0])}")
                self._told_missing = False
                return port
            reason = f"no output called {self._wanted} yet; the clock goes out once it is plugged in"
        except OSError as error:
            reason = f"the clock cannot go out to {self._wanted}: {error}"
        if not self._told_missing:
            self._told_missing = True
            self._announce(f"MIDI: {reason}")
        return None

    def _send(self, port: MidiOutput) -> None:
        """Until closed. Raises OSError where the port is gone."""
        out, done = MidiClockOut(), self._clock.now()
        while not self._closing.is_set():
            end = max(done, self._clock.now()) + SPAN_S
            for message in out.messages(self.timeline, done, end):
                self._closing.wait(max(0.0, message.time_s - self._clock.now()))
                port.send(data_of(message))
            done = end
            self._closing.wait(max(0.0, end - self._clock.now() - SPAN_S / 2))
        for message in out.messages(self.timeline.stopped(done), done, done):
            port.send(data_of(message))


def data_of(message: ClockMessage) -> Sequence[int]:
    """The bytes on the wire (MIDI 1.0)."""
    status = _STATUS[message.kind]
    return (status, message.position & 0x7F, message.position >> 7) if message.kind == "songpos" else (status,)


def clock_sender(wanted: str | None, timeline: Timeline, announce: Callable[[str], Any]) -> ClockSender | None:
    """The sender that was asked for, if any; without MIDI that is told, and there is none."""
    if wanted is None:
        return None
    try:
        return ClockSender(wanted, timeline, announce)
    except ControlError as error:
        announce(str(error))
        return None
