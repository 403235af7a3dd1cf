"""Following an Ableton Link session, with a session made by hand."""

from __future__ import annotations

import math

import pytest

from riffsynth.timing.link import LinkClock, LinkState
from riffsynth.timing.timeline import Timeline

TURN_S = 0.01


class Session:
    """What a network would agree on: a tempo, a beat at a moment, and whether it plays."""

    def __init__(self, tempo: float = 120.0, peers: int = 0) -> None:
        self.line = Timeline(0.0, 0.0, tempo / 60.0)
        self.playing, self.peers, self.closed = False, peers, False
        self.started_at = 0.0

    def state(self, now: float, quantum: float) -> LinkState:
        return LinkState(self.line.beat_at(now), self.line.tempo, self.playing, self.peers)

    def join(self, now: float, beat: float, quantum: float) -> None:
        if self.peers:
            here = self.line.beat_at(now)
            beat = here + quantum * round((beat - here) / quantum)
        self.line = self.line.moved(now, beat)

    def set_tempo(self, now: float, tempo: float) -> None:
        self.line = self.line.with_tempo(now, tempo)

    def set_playing(self, now: float, playing: bool, quantum: float) -> None:
        self.playing, self.started_at = playing, now
        if playing:
            here = self.line.beat_at(now)
            self.line = self.line.moved(now, here - quantum * math.ceil(here / quantum) if self.peers else 0.0)

    def follow_start(self, quantum: float) -> None:
        here = self.line.beat_at(self.started_at)
        self.line = self.line.moved(self.started_at, here - quantum * math.ceil(here / quantum))

    def close(self) -> None:
        self.closed = True


def run(clock: LinkClock, start: float, seconds: float) -> list[Timeline]:
    """The timelines of so many seconds of turns."""
    return [clock.poll(start + TURN_S * turn) for turn in range(round(seconds / TURN_S))]


def test_alone_the_song_goes_on_where_it_was_and_nothing_is_sent_anew() -> None:
    before = Timeline(0.0, 5.3, 2.0)
    clock = LinkClock(1.0, Session(), before, 4.0)
    timelines = run(clock, 1.0, 5.0)
    assert len(set(timelines)) == 1
    assert timelines[-1].beat_at(9.0) == pytest.approx(before.beat_at(9.0))
    assert clock.status().problem == "nobody else on the network"


def test_it_meets_the_phase_of_those_who_play() -> None:
    session = Session(peers=1)
    session.line = Timeline(0.0, 0.3, 2.1)
    clock = LinkClock(1.0, session, Timeline(0.0, 17.0, 2.0), 4.0)
    run(clock, 1.0, 1.0)
    off = clock.timeline.beat_at(2.0) - session.line.beat_at(2.0)
    assert off % 4.0 == pytest.approx(0.0, abs=1e-3)
    assert clock.timeline.tempo == pytest.approx(126.0)
    assert clock.status().state == "locked"


def test_a_small_correction_is_steered_and_ends_on_the_line() -> None:
    session = Session(peers=1)
    clock = LinkClock(0.0, session, Timeline(0.0, 0.0, 2.0), 4.0)
    run(clock, 0.0, 1.0)
    session.line = session.line.moved(1.0, session.line.beat_at(1.0) + 0.02)  # 10 ms
    timelines = run(clock, 1.0, 1.0)
    speeds = [timeline.beats_per_second for timeline in timelines]
    assert 2.0 < max(speeds) < 2.5
    assert speeds[-1] == pytest.approx(2.0)
    assert timelines[-1].beat_at(2.0) == pytest.approx(session.line.beat_at(2.0), abs=2.1e-4)


def test_tempo_goes_both_ways_and_keeps_the_beat() -> None:
    session = Session(peers=1)
    clock = LinkClock(0.0, session, Timeline(0.0, 0.0, 2.0), 4.0)
    clock.set_tempo(1.0, 90.0)
    assert session.line.tempo == pytest.approx(90.0)
    run(clock, 1.0, 0.5)
    session.set_tempo(1.5, 150.0)
    timelines = run(clock, 1.5, 1.0)
    assert timelines[-1].tempo == pytest.approx(150.0)
    assert timelines[-1].beat_at(2.5) == pytest.approx(session.line.beat_at(2.5), abs=1e-3)


def test_a_start_waits_for_the_bar_of_the_others_and_is_beat_0() -> None:
    session = Session(peers=1)
    clock = LinkClock(0.0, session, Timeline(0.0, 0.0, 2.0, playing=False), 4.0)
    session.line = Timeline(0.0, 0.0, 2.0)
    clock.play(0.5)  # at beat 1 of the bar
    assert not any(timeline.playing for timeline in run(clock, 0.5, 1.4))
    started = run(clock, 1.9, 0.5)[-1]
    assert started.playing
    assert started.beat_at(2.5) == pytest.approx(1.0, abs=1e-3)


def test_others_start_and_stop_us() -> None:
    session = Session(peers=1)
    clock = LinkClock(0.0, session, Timeline(0.0, 0.0, 2.0, playing=False), 4.0)
    session.set_playing(0.5, True, 4.0)
    assert run(clock, 0.5, 2.5)[-1].playing
    session.set_playing(3.0, False, 4.0)
    assert not run(clock, 3.0, 0.1)[-1].playing
    assert clock.status().state == "stopped"
