"""The thread that sends MIDI clock, on ports that are not there."""

from __future__ import annotations

import threading

from riffsynth.control.clock_sender import ClockSender, data_of
from riffsynth.timing.midi_clock import ClockMessage
from riffsynth.timing.timeline import Timeline

START, CONTINUE, STOP, TICK, POSITION = 0xFA, 0xFB, 0xFC, 0xF8, 0xF2
PATIENCE_S = 30.0


class ReadingClock:
    """Each reading is half a millisecond later than the one before: how busy the machine is does not matter."""

    def __init__(self) -> None:
        self._now = 10.0

    def now(self) -> float:
        self._now += 0.0005
        return self._now


class Ports:
    """Two outputs; what is sent is kept."""

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.sent: list[tuple[int, ...]] = []
        self.ticked, self.closed = threading.Event(), threading.Event()

    def output_names(self) -> list[str]:
        return ["Drums 20:0", "Synth 24:0"]

    def open_output(self, name: str) -> Ports:
        self.opened.append(name)
        return self

    def open_virtual_output(self) -> Ports:
        return self.open_output("virtual")

    def send(self, data: tuple[int, ...]) -> None:
        self.sent.append(tuple(data))
        if len(self.sent) == 12:
            self.ticked.set()

    def close(self) -> None:
        self.opened.append("closed")
        self.closed.set()


def played(wanted: str, beat: float = 0.0) -> tuple[Ports, list[str]]:
    """What a sender did until it had sent a dozen messages; the song is at `beat` a moment after it begins."""
    ports, said, clock = Ports(), [], ReadingClock()
    timeline = Timeline(clock.now() + 0.01, beat, 400 / 60)
    sender = ClockSender(wanted, timeline, said.append, clock, lambda: ports)
    assert ports.ticked.wait(PATIENCE_S)
    sender.close()
    assert ports.closed.wait(PATIENCE_S)
    return ports, said


def test_the_port_that_is_named_gets_start_ticks_and_a_stop_at_the_end() -> None:
    ports, said = played("synth")
    assert ports.opened == ["Synth 24:0", "closed"]
    assert ports.sent == [(START,), *[(TICK,)] * (len(ports.sent) - 2), (STOP,)]
    assert said == ["MIDI: the clock goes out to Synth"]


def test_a_port_of_our_own_is_located_where_the_song_is() -> None:
    ports, _ = played("virtual", beat=40.1)
    assert ports.opened[0] == "virtual"
    assert ports.sent[:3] == [(POSITION, 161 & 0x7F, 1), (CONTINUE,), (TICK,)]


def test_bytes_on_the_wire() -> None:
    assert [tuple(data_of(ClockMessage(kind, 0.0))) for kind in ("tick", "start", "continue", "stop")] == [
        (TICK,),
        (START,),
        (CONTINUE,),
        (STOP,),
    ]
    assert tuple(data_of(ClockMessage("songpos", 0.0, 300))) == (POSITION, 44, 2)
