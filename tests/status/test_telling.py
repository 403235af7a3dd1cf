"""What subscribers are told over OSC of a MIDI clock, on a clock that the test turns."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise

import pytest
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from riffsynth.control.osc import OscControl
from riffsynth.performance.session import Session
from riffsynth.status.telling import CLOCK_STATUS_S, Telling
from riffsynth.status.terminal import Terminal
from riffsynth.timing.clock import ManualClock
from riffsynth.timing.midi_clock import ClockMessage
from riffsynth.timing.simulated import SimulatedSender

TURN_S = 0.01
PATIENCE_S = 30.0
NAME = "drum machine:out"


class NoFiles:
    def read(self, *_: object) -> None:
        raise AssertionError("no file is asked for")


class Stage:
    """The control loop's part in telling the clock, and a page that has subscribed by a real socket."""

    def __init__(self, descriptor: int) -> None:
        self.clock = ManualClock(9.0)
        self.session = Session(9.0, lambda _: None, lambda _: None, NoFiles(), lambda _: None)
        self.session.store.set("clock", "midi", "test")
        self.osc = OscControl(self.session.store, port=0, clock=self.clock)
        self.telling = Telling(Terminal(quiet=True, descriptor=descriptor), self.osc.announce)
        self.page = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.page.setblocking(False)
        self.page.sendto(OscMessageBuilder("/riffsynth/notify").build().dgram, ("127.0.0.1", self.osc.server.port))
        until = time.monotonic() + PATIENCE_S
        while not self.osc.router.feedback.targets:
            assert time.monotonic() < until
            self.osc.poll()

    def until(self, moment: float) -> None:
        """Turns as the control loop does: after TURN_S at the latest."""
        while self.clock.now() < moment:
            self.clock.advance(min(TURN_S, moment - self.clock.now()))
            self._turn()

    def feed(self, message: ClockMessage) -> None:
        """Its arrival wakes the control loop."""
        self.until(message.time_s)
        self.session.on_clock(ClockMessage(message.kind, message.time_s, source=NAME))
        self._turn()

    def _turn(self) -> None:
        now = self.clock.now()
        self.session.step(now)
        if self.telling.clock_due(now):
            self.telling.clock(self.session.clock_status(now), self.session.timeline.beat_at(now))

    def told(self) -> list[list]:
        """Every `clock_status` since the last call."""
        messages = []
        with suppress(BlockingIOError):
            while True:
                messages.append(OscMessage(self.page.recv(65536)))
        return [message.params for message in messages if message.address == "/riffsynth/clock_status"]

    def close(self) -> None:
        self.page.close()
        self.osc.close()


@pytest.fixture
def stage() -> Iterator[Stage]:
    with open(os.devnull, "w") as nowhere:
        made = Stage(nowhere.fileno())
        yield made
        made.close()


def test_a_midi_clock_is_told_ten_times_a_second_with_its_state_tempo_error_and_jitter(stage: Stage) -> None:
    messages = list(SimulatedSender(lambda beat: 120.0, 24, jitter_s=0.002).messages())
    for message in messages[:192]:
        stage.feed(message)
    before, began = stage.told(), stage.clock.now()
    assert (before[0][0], before[0][1]) == ("", "waiting")
    for message in messages[192:]:
        stage.feed(message)
    told = stage.told()
    assert len(told) == pytest.approx((stage.clock.now() - began) / CLOCK_STATUS_S, abs=1)
    beats = [params[-1] for params in told]
    assert all(0.1 < later - sooner < 0.3 for sooner, later in pairwise(beats))
    for source, state, tempo, error_ms, jitter_ms, _ in told:
        assert (source, state, tempo) == (NAME, "locked", pytest.approx(120.0, abs=0.5))
        assert abs(error_ms) < 2.0
        assert jitter_ms == pytest.approx(2.0, abs=0.8)
    assert any(params[3] for params in told)


def test_a_lost_clock_is_told_at_the_same_pace(stage: Stage) -> None:
    for message in SimulatedSender(lambda beat: 120.0, 8).messages():
        stage.feed(message)
    stage.told()
    stage.until(stage.clock.now() + 3.0)
    told = stage.told()
    assert len(told) == pytest.approx(30, abs=1)
    assert [params[1] for params in told[4:]] == ["holdover"] * len(told[4:])
