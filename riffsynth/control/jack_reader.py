"""Reads MIDI from a JACK server in a process of its own: RtMidi tells a message's period, this its frame in it."""

from __future__ import annotations

import gc
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Protocol

from riffsynth.processes.channel import Channel
from riffsynth.processes.spawning import spawn

CLOSE_S = 2.0
"""What taking leave of the server may take; one that is dead never answers."""
IDLE_S = 60.0
LEFT_OUT = (0xF0, 0xFE)
"""System exclusive and active sensing, which RtMidi leaves out for us, too."""
LEAST_PERIOD_S = 0.002
"""Of a shorter one the place is worth less than what a client in Python costs the server in it."""
PRIORITY = 4
"""Of the whole process, where the system grants real time: a thread that holds its interpreter and has to wait for a
processor holds up the server. Just below a server's own clients (5, where nobody chose another)."""
SOONEST_OF = 16
"""Periods: a server's loop is woken late now and then, never early. (Its own filter takes seconds to settle.)"""


@dataclass(frozen=True, slots=True)
class ListenTo:
    """Make an input called `port` and connect the output `source` to it, if one is named."""

    number: int
    port: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class LeaveOff:
    """This input is not needed any more."""

    number: int


@dataclass(frozen=True, slots=True)
class Listening:
    """The answer to ListenTo."""

    number: int
    problem: str = ""
    """Why it cannot be; empty if it can."""


@dataclass(frozen=True, slots=True)
class Read:
    """One whole message."""

    number: int
    data: tuple[int, ...]
    time_s: float
    """Its frame's time by the program's clock: up to a period ahead, for JACK hands a period out as it begins."""


class MidiInput(Protocol):
    """JACK-Client's."""

    def incoming_midi_events(self) -> Iterable[tuple[int, Any]]:
        """Frames from the period's beginning on, and bytes that are another message's at the next step."""


class PeriodClock:
    """When periods begin, by the program's clock: of the latest ones the one that was seen soonest counts."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._frame = 0
        self._offsets: deque[float] = deque(maxlen=SOONEST_OF)

    def began(self, frame: int, now: float) -> float:
        """The period that begins with `frame` is seen at `now`. The count of frames may begin anew."""
        if frame < self._frame:
            self._offsets.clear()
        self._frame = frame
        self._offsets.append(now - frame / self._rate)
        return frame / self._rate + min(self._offsets)


def read_period(inputs: Sequence[tuple[int, MidiInput]], began: float, rate: int) -> list[Read]:
    """What came in the period that began then, in order."""
    messages = []
    for number, port in inputs:
        for frame, event in port.incoming_midi_events():
            data = tuple(bytes(event))
            if data and data[0] not in LEFT_OUT:
                messages.append(Read(number, data, began + frame / rate))
    return sorted(messages, key=lambda message: message.time_s)


class JackReader:
    """A client whose inputs are read. `tell` is called from the server's thread, and must not wait."""

    def __init__(self, name: str, tell: Callable[[Read], object]) -> None:
        """Raises ValueError where periods are short, and what JACK-Client raises where it, or a server, is missing."""
        import jack

        jack.set_error_function(lambda _text: None)
        jack.set_info_function(lambda _text: None)
        self._client = jack.Client(name, no_start_server=True)
        if self._client.blocksize < LEAST_PERIOD_S * self._client.samplerate:
            self._client.close()
            raise ValueError(f"a period of {self._client.blocksize} frames says when")
        self._tell = tell
        self._refused = jack.JackError
        self._periods = PeriodClock(self._client.samplerate)
        self._inputs: tuple[tuple[int, Any], ...] = ()
        """Replaced and never changed: the server's thread reads it."""
        self._spare: list[Any] = []
        """Inputs left off. One that is taken away while the server's thread reads it would crash us."""
        self._client.set_shutdown_callback(lambda *_: os._exit(0))
        self._client.set_process_callback(self._period)
        self._client.activate()

    def listen(self, asked: ListenTo) -> Listening:
        try:
            port = self._spare.pop() if self._spare else self._client.midi_inports.register(asked.port)
            self._inputs = (*self._inputs, (asked.number, port))
            if asked.source:
                self._client.connect(asked.source, port)
        except self._refused as error:
            self.leave_off(LeaveOff(asked.number))
            return Listening(asked.number, str(error))
        return Listening(asked.number)

    def leave_off(self, asked: LeaveOff) -> None:
        left = [port for number, port in self._inputs if number == asked.number]
        self._inputs = tuple(pair for pair in self._inputs if pair[0] != asked.number)
        for port in left:
            port.disconnect()
            self._spare.append(port)

    def close(self) -> None:
        """Takes leave: a synchronous server waits for a client that is simply gone."""
        self._client.deactivate()
        self._client.close()

    def _period(self, _frames: int) -> None:
        began = self._periods.began(self._client.last_frame_time, time.perf_counter())
        for message in read_period(self._inputs, began, self._client.samplerate):
            self._tell(message)


def start_reader(name: str, on_news: Callable[[], object]) -> tuple[BaseProcess, Channel]:
    """Starts a reader, JACK's client `name`. It ends with the channel or the server; at once where it is of no use."""
    return spawn("midi reader", reader_main, name, on_news)


def reader_main(connection: Connection, name: str) -> None:
    """The child process."""
    with suppress(OSError, AttributeError):
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(PRIORITY))
    channel = Channel(connection, "control")
    try:
        reader = JackReader(name, channel.send)
    except Exception:  # no library, no server, short periods, another library of that name: control reads without us
        channel.close()
        return
    gc.freeze()
    gc.disable()
    while not channel.closed:
        channel.wait(IDLE_S)
        for message in channel.receive():
            if isinstance(message, ListenTo):
                channel.send(reader.listen(message))
            elif isinstance(message, LeaveOff):
                reader.leave_off(message)
    late = threading.Timer(CLOSE_S, partial(os._exit, 1))
    late.daemon = True
    late.start()
    reader.close()
