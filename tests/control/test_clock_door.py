"""A MIDI clock from the bytes on the wire to what player and performer are told: bad ones, and what bands do."""

from __future__ import annotations

import random

import pytest

from riffsynth.control.midi_devices import MidiDevices
from riffsynth.performance.session import Session
from riffsynth.playback.messages import SetTimeline
from riffsynth.timing.clock import ManualClock
from riffsynth.timing.timeline import Timeline

TICK, START, CONTINUE, STOP, POSITION = 0xF8, 0xFA, 0xFB, 0xFC, 0xF2
TICK_S = 1 / 48
"""At 120 beats a minute."""
NAME = "drum machine:out"


class NoFiles:
    def read(self, *_: object) -> None:
        raise AssertionError("no file is asked for")


class Stage:
    """A drum machine on a cable, and the instrument behind it; the control loop turns after every message."""

    def __init__(self) -> None:
        self.clock = ManualClock(10.0)
        self.timelines: list[Timeline] = []
        self._sent = 10.0
        self.session = Session(10.0, self._player, lambda _: None, NoFiles(), lambda _: None)
        self.session.store.set("clock", "midi", "test")
        self.devices = MidiDevices(self, clock=self.clock, watch=False)

    def names(self) -> list[str]:
        return [NAME]

    def open(self, name, listener):
        self.listener = listener
        return lambda: None

    def open_virtual(self, name, listener):
        return lambda: None

    def _player(self, message: object) -> None:
        if isinstance(message, SetTimeline):
            self.timelines.append(message.timeline)

    def send(self, *data: int, after: float = 0.0) -> None:
        self.clock.advance(after)
        self.listener(list(data), self.clock.now() - self._sent)
        self._sent = self.clock.now()
        self._turn()

    def tell(self, data: tuple[int, ...], time_s: float) -> None:
        """A message whose time the system knows, as it knows it now."""
        self.listener(data, 0.0, time_s)
        self._turn()

    def ticks(self, count: int, period: float = TICK_S) -> None:
        for _ in range(count):
            self.send(TICK, after=period)

    def wait(self, seconds: float) -> None:
        for _ in range(round(seconds / 0.01)):
            self.clock.advance(0.01)
            self._turn()

    def _turn(self) -> None:
        for message in self.devices.clock_messages():
            self.session.on_clock(message)
        self.devices.receive()
        self.session.step(self.clock.now())

    @property
    def beat(self) -> float:
        return self.timelines[-1].beat_at(self.clock.now())

    @property
    def status(self):
        return self.session.clock_status(self.clock.now())


@pytest.fixture
def stage() -> Stage:
    made = Stage()
    made.send(START)
    made.ticks(8 * 24 + 1)
    assert made.status.state == "locked"
    assert made.beat == pytest.approx(8.0, abs=1e-3)
    return made


def test_random_bytes_move_neither_tempo_nor_song(stage: Stage) -> None:
    """Everything but what is meant to move the song: a stop is a stop, whoever sends it."""
    chance, wire = random.Random(1), [byte for byte in range(256) if byte not in (START, CONTINUE, STOP, POSITION)]
    began = stage.clock.now()
    for _ in range(3000):
        stage.send(*chance.choices(wire, k=chance.randrange(1, 4)), after=chance.expovariate(1 / TICK_S))
    for _ in range(500):
        stage.send(TICK, after=chance.expovariate(1 / TICK_S))
    assert stage.status.tempo == pytest.approx(120.0, rel=0.03)
    assert stage.beat - 8.0 == pytest.approx(2.0 * (stage.clock.now() - began), rel=0.03)
    assert "irregular" in stage.status.problem
    assert stage.devices.malformed > 0


def test_a_thousand_ticks_at_once(stage: Stage) -> None:
    for _ in range(1000):
        stage.send(TICK)
    assert stage.beat == pytest.approx(8.0, abs=1e-3)
    assert (stage.status.tempo, bool(stage.status.problem)) == (pytest.approx(120.0), True)
    stage.ticks(48)
    assert (stage.status.state, stage.status.problem) == ("locked", "")


@pytest.mark.parametrize("tempo", [10.0, 2000.0])
def test_a_tempo_that_no_song_has(stage: Stage, tempo: float) -> None:
    stage.ticks(60, 60 / tempo / 24)
    assert stage.timelines[-1].tempo == pytest.approx(120.0, rel=0.001)
    assert stage.status.state == "holdover"
    assert "bpm" in stage.status.problem


def test_a_tempo_of_nothing(stage: Stage) -> None:
    """Ticks that stop and no word: the tempo is held, and it is said."""
    stage.wait(10.0)
    assert stage.beat == pytest.approx(28.0, abs=0.01)
    assert stage.status.state == "holdover"
    assert "holdover 120.0 bpm" in stage.status.line()


# What bands do


def test_the_tempo_is_shown_before_the_song_starts_and_after_it_stopped(stage: Stage) -> None:
    stage.send(STOP)
    stage.ticks(96, 60 / 97 / 24)
    assert (stage.status.state, stage.status.tempo) == ("stopped", pytest.approx(97.0, abs=0.1))
    assert stage.beat == pytest.approx(8.0, abs=0.05)


def test_a_clock_that_begins_long_after_start_begins_at_beat_0(stage: Stage) -> None:
    stage.send(STOP)
    stage.wait(5.0)
    stage.send(START)
    stage.wait(3.0)
    assert (stage.status.state, stage.session.timeline.playing) == ("waiting", False)
    stage.send(TICK, after=1.0)
    assert stage.beat == pytest.approx(0.0, abs=1e-6)
    stage.ticks(48, 60 / 140 / 24)
    assert stage.beat == pytest.approx(2.0, abs=0.01)


def test_a_count_in_of_ticks_without_start_plays_nothing(stage: Stage) -> None:
    stage.send(STOP)
    stage.ticks(4 * 24)
    assert not stage.session.timeline.playing
    stage.send(START)
    stage.ticks(24)
    assert stage.beat == pytest.approx(23 / 24, abs=1e-3)


def test_a_loop_of_a_drum_machine_is_stop_position_continue_between_two_ticks(stage: Stage) -> None:
    """Ticks go on at their pace; the song goes on at bar 3."""
    for message in ((STOP,), (POSITION, 32, 0), (CONTINUE,)):
        stage.send(*message, after=TICK_S / 8)
    stage.send(TICK, after=TICK_S * 5 / 8)
    assert stage.beat == pytest.approx(8.0, abs=1e-3)
    stage.ticks(24)
    assert stage.beat == pytest.approx(9.0, abs=1e-3)
    assert stage.status.state == "locked"


def test_a_position_that_is_sent_without_stopping_moves_the_song_at_the_next_tick(stage: Stage) -> None:
    stage.send(POSITION, 0, 2, after=TICK_S / 2)  # 256 sixteenths: bar 17
    stage.send(TICK, after=TICK_S / 2)
    assert stage.beat == pytest.approx(64.0, abs=1e-3)


@pytest.mark.parametrize("period_s", [64 / 48000, 256 / 44100, 1024 / 44100])
@pytest.mark.parametrize("tempo", [90.0, 133.0, 180.0])
def test_ticks_told_a_period_at_a_time_with_their_places_in_it(period_s: float, tempo: float) -> None:
    """As JACK does: told when the period begins, some are still to come. The song is on them from the first one on."""
    stage, tick_s = Stage(), 60.0 / tempo / 24
    ticks = [20.0 + number * tick_s for number in range(24 * 6)]
    events = sorted([*((time, (TICK,)) for time in ticks), (ticks[72] - 0.5 * tick_s, (START,))])
    for time, data in events:
        begins = time // period_s * period_s
        while stage.clock.now() < begins:
            stage.clock.advance(min(0.01, begins - stage.clock.now()))
            stage._turn()
        stage.tell(data, time)
        if time > ticks[72]:
            late_ms = 1000 * (stage.timelines[-1].time_at((time - ticks[72]) / (24 * tick_s)) - time)
            assert abs(late_ms) < 0.1
    assert stage.status.state == "locked"
