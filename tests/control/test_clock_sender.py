"""The thread that sends MIDI clock, on ports that are not there."""

from __future__ import annotations

import threading
import time

from riffsynth.control.clock_sender import ClockSender, data_of
from riffsynth.timing.midi_clock import ClockMessage
from riffsynth.timing.timeline import Timeline

START, CONTINUE, STOP, TICK, POSITION = 0xFA, 0xFB, 0xFC, 0xF8, 0xF2
PATIENCE_S = 10.0


class Ports:
    """Two outputs; what is sent is kept."""

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.sent: list[tuple[int, ...]] = []
        self.ticked = threading.Event()

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


def played(wanted: str, beat: float = 0.0) -> tuple[Ports, list[str]]:
    """What a sender did until it had sent a dozen messages."""
    ports, said = Ports(), []
    timeline = Timeline(time.perf_counter(), beat, 400 / 60)
    sender = ClockSender(wanted, timeline, said.append, system=lambda: ports)
    assert ports.ticked.wait(PATIENCE_S)
    sender.close()
    return ports, said


def test_the_port_that_is_named_gets_start_ticks_and_a_stop_at_the_end() -> None:
    ports, said = played("synth")
    assert ports.opened == ["Synth 24:0", "closed"]
    assert ports.sent[0] in ((START,), (POSITION, 1, 0))  # it may have begun a little after the first beat
    assert ports.sent[-1] == (STOP,)
    assert ports.sent.count((TICK,)) >= 9
    assert said == ["MIDI: the clock goes out to Synth"]


def test_a_port_of_our_own_is_located_where_the_song_is() -> None:
    ports, _ = played("virtual", beat=40.01)
    assert ports.opened[0] == "virtual"
    assert ports.sent[0] == (POSITION, 161 & 0x7F, 1)
    assert (CONTINUE,) in ports.sent


def test_bytes_on_the_wire() -> None:
    assert [tuple(data_of(ClockMessage(kind, 0.0))) for kind in ("tick", "start", "continue", "stop")] == [
        (TICK,),
        (START,),
        (CONTINUE,),
        (STOP,),
    ]
    assert tuple(data_of(ClockMessage("songpos", 0.0, 300))) == (POSITION, 44, 2)
