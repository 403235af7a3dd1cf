"""JACK's MIDI inputs to the frame, where the JACK-Client library is there; all else is RtMidi's."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.process import BaseProcess
from typing import Protocol

from riffsynth.control.jack_reader import LeaveOff, Listening, ListenTo, Read, start_reader
from riffsynth.control.midi_devices import MidiOutput, MidiSystem, RawListener
from riffsynth.processes.channel import Channel

OPEN_S = 10.0
"""A reader that has not opened an input by then is done without."""
END_S = 3.0
LOOK_S = 0.05

Start = Callable[[str, Callable[[], object]], tuple[BaseProcess, Channel]]


class PlainPorts(MidiSystem, Protocol):
    """RtMidi's."""

    def open_virtual_output(self) -> MidiOutput: ...


@dataclass
class _Input:
    listener: RawListener
    plainly: Callable[[], Callable[[], None]]
    """Opens it with RtMidi, and answers what closes it."""
    answer: Listening | None = None
    answered: threading.Event = field(default_factory=threading.Event)
    close: Callable[[], None] | None = None
    """Of RtMidi's; None while the reader has it."""


class JackSystem:
    """A JACK server's ports. The process that reads its inputs starts with the first one that is opened.

    Where it cannot run, or has ended, RtMidi reads them: then a message's time is known to a period only.
    """

    def __init__(self, rtmidi: PlainPorts, client: str, port: str, start: Start = start_reader) -> None:
        """`client` and `port` are the names of the input that others connect to."""
        self._rtmidi = rtmidi
        self._client, self._port = client, port
        self._start = start
        self._process: BaseProcess | None = None
        self._channel: Channel | None = None
        self._inputs: dict[int, _Input] = {}
        self._numbers = itertools.count(1)

    def names(self) -> list[str]:
        if self._channel and self._channel.closed:
            for each in [each for each in self._inputs.values() if each.close is None]:
                with suppress(OSError):  # it is gone with the server: the list of names will say so
                    each.close = each.plainly()
        return self._rtmidi.names()

    def open(self, name: str, listener: RawListener) -> Callable[[], None]:
        return self._opened(name, _Input(listener, partial(self._rtmidi.open, name, listener)))

    def open_virtual(self, name: str, listener: RawListener) -> Callable[[], None]:
        return self._opened("", _Input(listener, partial(self._rtmidi.open_virtual, name, listener)))

    def output_names(self) -> list[str]:
        return self._rtmidi.output_names()

    def open_output(self, name: str) -> MidiOutput:
        return self._rtmidi.open_output(name)

    def open_virtual_output(self) -> MidiOutput:
        return self._rtmidi.open_virtual_output()

    def _opened(self, source: str, made: _Input) -> Callable[[], None]:
        number = next(self._numbers)
        self._inputs[number] = made
        if self._channel is None:
            self._process, self._channel = self._start(self._client, self._deliver)
        self._channel.send(ListenTo(number, f"{self._port} {number}" if source else self._port, source))
        looks = round(OPEN_S / LOOK_S)
        while not made.answered.wait(LOOK_S) and not self._channel.closed and (looks := looks - 1):
            pass
        try:
            if made.answer is None:
                self._channel.close(0.0)
                made.close = made.plainly()
            elif made.answer.problem:
                raise OSError(f"it is gone or taken ({made.answer.problem})")
        except OSError:
            self._close(number)
            raise
        return partial(self._close, number)

    def _close(self, number: int) -> None:
        closed = self._inputs.pop(number)
        if closed.close:
            closed.close()
        elif self._channel:
            self._channel.send(LeaveOff(number))
        if not self._inputs and self._channel and self._process:
            self._channel.close()
            self._process.join(END_S)
            self._channel = None

    def _deliver(self) -> None:
        """Runs in the channel's thread."""
        for message in self._channel.receive() if self._channel else ():
            heard = self._inputs.get(message.number)
            if heard is None:
                continue
            if isinstance(message, Listening):
                heard.answer = message
                heard.answered.set()
            elif isinstance(message, Read):
                heard.listener(message.data, 0.0, message.time_s)
