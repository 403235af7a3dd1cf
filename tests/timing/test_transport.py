"""Who sets the time, and the performer's hands on it under every source."""

from __future__ import annotations

import pytest

from riffsynth.timing.link import LinkMissing
from riffsynth.timing.midi_clock import ClockMessage
from riffsynth.timing.transport import Transport


def followed(beats: int = 8, position: int | None = None) -> tuple[Transport, float]:
    """A transport that follows a MIDI clock at 120 bpm for so many beats, and when that is."""
    transport = Transport(0.0)
    transport.choose(0.0, "midi", 4.0)
    if position is not None:
        transport.on_clock(ClockMessage("songpos", 0.0, position))
    transport.on_clock(ClockMessage("start" if position is None else "continue", 0.0))
    for tick in range(24 * beats + 1):
        transport.on_clock(ClockMessage("tick", tick / 48))
    return transport, beats / 2


def test_jump_and_locate_move_the_internal_clock() -> None:
    transport = Transport(0.0)
    transport.jump(1.0, 3.5)
    assert transport.timeline.beat_at(1.0) == pytest.approx(5.5)
    transport.locate(2.0, 64.0)
    assert transport.timeline.beat_at(2.5) == pytest.approx(65.0)


def test_jumps_away_from_a_midi_clock_stay_in_phase_until_it_places_the_song() -> None:
    transport, now = followed()
    transport.jump(now, 4.0)
    assert transport.timeline.beat_at(now) == pytest.approx(12.0, abs=0.01)
    transport.on_clock(ClockMessage("tick", now + 1 / 48))
    transport.locate(now + 0.1, 64.0)
    assert transport.timeline.beat_at(now + 0.1) % 1.0 == pytest.approx(0.2, abs=0.01)
    assert transport.timeline.beat_at(now + 0.1) == pytest.approx(64.2, abs=0.01)
    transport.on_clock(ClockMessage("songpos", now + 0.1, 16))
    transport.on_clock(ClockMessage("tick", now + 0.125))
    assert transport.timeline.beat_at(now + 0.125) == pytest.approx(4.0, abs=0.01)


def test_only_the_internal_clock_can_be_nudged() -> None:
    transport = Transport(0.0)
    assert transport.nudge(1.0, 10.0)
    assert transport.timeline.beat_at(1.0) == pytest.approx(2.0 - 0.02)
    assert not followed()[0].nudge(5.0, 10.0)


def test_the_internal_clock_goes_on_from_a_midi_clock() -> None:
    transport, now = followed(position=64 * 4)
    transport.choose(now, "internal", 4.0)
    assert transport.timeline.beat_at(now + 1.0) == pytest.approx(64.0 + 8.0 + 2.0, abs=0.01)
    assert transport.tempo == pytest.approx(120.0, abs=0.1)


def test_a_clock_that_was_never_heard_leaves_the_internal_one_playing() -> None:
    transport = Transport(0.0)
    transport.choose(1.0, "midi", 4.0)
    assert not transport.timeline.playing
    transport.choose(2.0, "internal", 4.0)
    assert transport.timeline.playing


def test_without_the_library_link_is_refused_and_nothing_changes() -> None:
    def missing(_tempo: float) -> None:
        raise LinkMissing("no library")

    transport = Transport(0.0, missing)  # type: ignore[arg-type]
    with pytest.raises(LinkMissing):
        transport.choose(1.0, "link", 4.0)
    assert transport.source == "internal"
    assert transport.timeline.beat_at(1.0) == pytest.approx(2.0)
