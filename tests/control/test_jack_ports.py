"""JACK's MIDI to the frame, on a server that is not there."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from multiprocessing import Pipe

import numpy as np
import pytest

from riffsynth.control.jack_ports import JackSystem
from riffsynth.control.jack_reader import JackReader, LeaveOff, Listening, ListenTo, PeriodClock, Read, read_period
from riffsynth.processes.channel import Channel

RATE = 48000
TICK = (0xF8,)
PATIENCE_S = 30.0


class Port:
    def __init__(self, *events: tuple[int, tuple[int, ...]]) -> None:
        self.events = events

    def incoming_midi_events(self):
        buffer = bytearray(3)
        for frame, data in self.events:
            buffer[: len(data)] = bytes(data)
            yield frame, memoryview(buffer)[: len(data)]


def test_a_message_is_where_its_frame_is() -> None:
    ports = [(1, Port((12, TICK), (240, (0xB0, 1, 100)))), (2, Port((48, TICK)))]
    read = read_period(ports, 10.0, RATE)
    assert [(message.number, message.data) for message in read] == [(1, TICK), (2, TICK), (1, (0xB0, 1, 100))]
    assert [message.time_s for message in read] == pytest.approx([10.00025, 10.001, 10.005])


def test_periods_that_are_seen_late_began_in_time() -> None:
    clock, late = PeriodClock(RATE), [0.001, 0.0, 0.004, 0.0002, 0.02, 0.0]
    began = [clock.began(1000 + 256 * period, 50.0 + 256 * period / RATE + by) for period, by in enumerate(late)]
    assert np.array(began)[1:] == pytest.approx(50.0 + 256 * np.arange(1, 6) / RATE)


def test_a_server_that_stood_still_is_late_from_then_on() -> None:
    clock = PeriodClock(RATE)
    began = [clock.began(256 * period, 256 * period / RATE + (0.1 if period > 20 else 0.0)) for period in range(50)]
    assert began[40] == pytest.approx(256 * 40 / RATE + 0.1)


def test_the_servers_count_begins_anew_after_a_day() -> None:
    clock = PeriodClock(RATE)
    clock.began(2**32 - 256, 9.0)
    assert clock.began(0, 9.01) == pytest.approx(9.01)


def test_what_no_instrument_needs_is_left_out() -> None:
    ports = [(1, Port((0, (0xFE,)), (1, (0xF0, 1, 0xF7)), (2, ()), (3, TICK)))]
    assert [message.data for message in read_period(ports, 0.0, RATE)] == [TICK]


class Library:
    """JACK-Client, and a server on which `drums:out` is there."""

    JackError = RuntimeError

    def __init__(self) -> None:
        self.cables: dict[str, str] = {}
        self.midi_inports = self
        self.last_frame_time = 0
        self.samplerate = RATE
        self.blocksize = 256
        self.closed = False

    def set_error_function(self, callback: object) -> None: ...

    set_info_function = set_shutdown_callback = set_error_function

    def Client(self, name: str, no_start_server: bool) -> Library:
        assert (name, no_start_server) == ("riffsynth", True)
        return self

    def set_process_callback(self, callback: Callable[[int], None]) -> None:
        self.period = callback

    def activate(self) -> None: ...

    def close(self) -> None:
        self.closed = True

    def register(self, name: str) -> LibraryPort:
        return LibraryPort(self, name)

    def connect(self, source: str, port: LibraryPort) -> None:
        if source != "drums:out":
            raise self.JackError("no such port")
        self.cables[port.name] = source


class LibraryPort(Port):
    """Says one tick each period."""

    def __init__(self, library: Library, name: str) -> None:
        super().__init__((0, TICK))
        self.library, self.name = library, name

    def disconnect(self) -> None:
        self.library.cables.pop(self.name, None)


def test_inputs_come_and_go_and_none_is_taken_away_while_it_may_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    library, heard = Library(), []
    monkeypatch.setitem(sys.modules, "jack", library)
    reader = JackReader("riffsynth", heard.append)
    assert reader.listen(ListenTo(1, "in")) == Listening(1)
    assert reader.listen(ListenTo(2, "in 2", "drums:out")) == Listening(2)
    assert reader.listen(ListenTo(3, "in 3", "keys:out")) == Listening(3, "no such port")
    assert library.cables == {"in 2": "drums:out"}
    library.period(256)
    assert [message.number for message in heard] == [1, 2]
    reader.leave_off(LeaveOff(2))
    assert library.cables == {}
    heard.clear()
    library.period(256)
    assert [message.number for message in heard] == [1]
    assert reader.listen(ListenTo(4, "in 4", "drums:out")) == Listening(4)
    assert list(library.cables) in (["in 2"], ["in 3"])
    heard.clear()
    library.period(256)
    assert [message.number for message in heard] == [1, 4]


def test_short_periods_are_left_to_rtmidi(monkeypatch: pytest.MonkeyPatch) -> None:
    library = Library()
    library.blocksize = 64
    monkeypatch.setitem(sys.modules, "jack", library)
    with pytest.raises(ValueError, match="64 frames"):
        JackReader("riffsynth", [].append)
    assert library.closed


class Plain:
    """RtMidi's part; what it opens is kept."""

    def __init__(self) -> None:
        self.opened: list[str] = []

    def names(self) -> list[str]:
        return ["drums:out", "keys:out"]

    def open(self, name: str, listener: object) -> Callable[[], None]:
        self.opened.append(name)
        return lambda: self.opened.remove(name)

    def open_virtual(self, name: str, listener: object) -> Callable[[], None]:
        return self.open(name, listener)


class Process:
    def join(self, timeout_s: float) -> None: ...


class Reader:
    """The other process, as a thread; it knows one output."""

    def __init__(self, works: bool = True) -> None:
        self.works, self.starts, self.asked = works, 0, []

    def start(self, name: str, on_news: Callable[[], object]) -> tuple[Process, Channel]:
        assert name == "riffsynth"
        ours, theirs = Pipe()
        self.starts += 1
        self.channel = Channel(theirs, "reader")
        threading.Thread(target=self._answer, daemon=True).start()
        return Process(), Channel(ours, "control", on_news)

    def _answer(self) -> None:
        while self.works and not self.channel.closed:
            self.channel.wait(0.01)
            for message in self.channel.receive():
                self.asked.append(message)
                if isinstance(message, ListenTo):
                    known = message.source in ("", "drums:out")
                    self.channel.send(Listening(message.number, "" if known else "no such port"))
        self.channel.close()


class Heard:
    def __init__(self) -> None:
        self.messages: list[tuple] = []

    def __call__(self, data, delta_s, time_s=None) -> None:
        self.messages.append((tuple(data), time_s))


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.005)


def test_inputs_are_read_by_the_process_with_the_times_that_it_tells() -> None:
    plain, reader, ours, drums = Plain(), Reader(), Heard(), Heard()
    system = JackSystem(plain, "riffsynth", "in", reader.start)
    assert system.names() == ["drums:out", "keys:out"]
    assert reader.starts == 0
    close = [system.open_virtual("riffsynth", ours), system.open("drums:out", drums)]
    assert reader.asked == [ListenTo(1, "in"), ListenTo(2, "in 2", "drums:out")]
    reader.channel.send(Read(2, TICK, 12.5))
    reader.channel.send(Read(1, (0xFA,), 12.6))
    until(lambda: bool(ours.messages))
    assert (drums.messages, ours.messages) == ([(TICK, 12.5)], [((0xFA,), 12.6)])
    close[1]()
    until(lambda: reader.asked[-1] == LeaveOff(2))
    close[0]()
    until(lambda: reader.channel.closed)
    assert plain.opened == []


def test_an_output_that_is_gone_is_refused() -> None:
    reader = Reader()
    system = JackSystem(Plain(), "riffsynth", "in", reader.start)
    with pytest.raises(OSError, match="no such port"):
        system.open("keys:out", Heard())


def test_without_the_library_rtmidi_reads() -> None:
    plain, reader = Plain(), Reader(works=False)
    system = JackSystem(plain, "riffsynth", "in", reader.start)
    close = [system.open_virtual("riffsynth", Heard()), system.open("drums:out", Heard())]
    assert (plain.opened, reader.starts) == (["riffsynth", "drums:out"], 1)
    for each in close:
        each()
    assert plain.opened == []


def test_a_process_that_dies_is_done_without() -> None:
    plain, reader = Plain(), Reader()
    system = JackSystem(plain, "riffsynth", "in", reader.start)
    close = system.open("drums:out", Heard())
    reader.works = False
    until(lambda: bool(system.names()) and plain.opened == ["drums:out"])
    system.names()
    assert plain.opened == ["drums:out"]
    close()
    assert plain.opened == []
