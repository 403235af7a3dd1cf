"""What goes out on the wire, and when."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riffsynth.timing.midi_clock import ClockMessage, MidiClockFollower
from riffsynth.timing.midi_out import MidiClockOut
from riffsynth.timing.timeline import Timeline

STEP_S = 0.005


def sent(out: MidiClockOut, timeline: Timeline, start_s: float, end_s: float) -> list[ClockMessage]:
    """All messages of a span, asked for in steps."""
    edges = np.linspace(start_s, end_s, round((end_s - start_s) / STEP_S) + 1)
    messages = []
    for a, b in itertools.pairwise(edges):
        messages += out.messages(timeline, float(a), float(b))
    return messages


def kinds(messages: list[ClockMessage]) -> list[str]:
    """All but the ticks."""
    return [message.kind for message in messages if message.kind != "tick"]


def ticks(messages: list[ClockMessage]) -> list[float]:
    return [message.time_s for message in messages if message.kind == "tick"]


def test_start_then_ticks_on_the_timeline() -> None:
    timeline = Timeline(10.0, 0.0, 2.0)
    messages = sent(MidiClockOut(), timeline, 10.0, 12.0)
    assert [m.kind for m in messages[:3]] == ["start", "tick", "tick"]
    assert ticks(messages) == pytest.approx([timeline.time_at(n / 24) for n in range(96)], abs=1e-6)


def test_stopped_it_ticks_in_tempo_and_stop_comes_once() -> None:
    out = MidiClockOut()
    playing = Timeline(0.0, 0.0, 2.0)
    sent(out, playing, 0.0, 1.0)
    messages = sent(out, playing.stopped(1.0), 1.0, 2.0)
    assert kinds(messages) == ["stop"]
    assert np.diff(ticks(messages)) == pytest.approx(1 / 48)


@pytest.mark.parametrize(
    ("beat", "position", "first_tick_s"),
    [(64.0, 256, 0.0), (64.1, 257, 0.075), (0.01, 1, 0.12), (-0.5, None, 0.25)],
)
def test_it_joins_at_the_next_sixteenth(beat: float, position: int | None, first_tick_s: float) -> None:
    out = MidiClockOut()
    messages = sent(out, Timeline(5.0, beat, 2.0), 5.0, 6.0)
    if position is None:
        assert kinds(messages) == ["start"]
    else:
        assert (kinds(messages), messages[0].position) == (["songpos", "continue"], position)
    assert ticks(messages)[0] == pytest.approx(5.0 + first_tick_s, abs=1e-6)


def test_a_jump_is_stop_position_continue() -> None:
    out = MidiClockOut()
    timeline = Timeline(0.0, 0.0, 2.0)
    sent(out, timeline, 0.0, 1.0)
    messages = sent(out, timeline.moved(1.0, 32.0), 1.0, 2.0)
    assert kinds(messages) == ["stop", "songpos", "continue"]
    assert [m.position for m in messages if m.kind == "songpos"] == [128]


@pytest.mark.parametrize("milliseconds", [-30.0, 30.0])
def test_a_nudge_is_caught_up_without_losing_a_tick(milliseconds: float) -> None:
    out = MidiClockOut()
    timeline = Timeline(0.0, 0.0, 2.0)
    messages = sent(out, timeline, 0.0, 1.0)
    messages += sent(out, timeline.moved(1.0, 2.0 + 0.002 * milliseconds), 1.0, 2.0)
    assert kinds(messages) == ["start"]
    assert len(ticks(messages)) == pytest.approx(96 + 0.048 * milliseconds, abs=1)


def test_stopped_before_it_joined_it_says_nothing() -> None:
    out = MidiClockOut()
    timeline = Timeline(0.0, 0.01, 2.0)
    assert kinds(out.messages(timeline, 0.0, 0.01)) == ["songpos"]
    assert kinds(out.messages(timeline.stopped(0.01), 0.01, 0.02)) == []


def test_our_own_follower_understands_it() -> None:
    out, follower = MidiClockOut(), MidiClockFollower(0.0)
    timeline = Timeline(0.0, 7.3, 130 / 60)
    for message in sent(out, timeline, 0.0, 8.0):
        follower.feed(message)
    assert follower.timeline.beat_at(8.0) == pytest.approx(timeline.beat_at(8.0), abs=1e-3)


actions = st.sampled_from(["go", "stop", "jump", "nudge", "tempo"])


@given(st.lists(st.tuples(actions, st.floats(0.001, 0.3), st.floats(0.0, 1.0)), max_size=40))
def test_whatever_the_song_does_messages_are_in_order(plan: list[tuple[str, float, float]]) -> None:
    out, timeline, now, last, running = MidiClockOut(), Timeline(0.0), 0.0, 0.0, False
    for action, span, amount in plan:
        if action == "go":
            timeline = timeline.started(now)
        elif action == "stop":
            timeline = timeline.stopped(now)
        elif action == "jump":
            timeline = timeline.moved(now, 5000 * amount)
        elif action == "nudge":
            timeline = timeline.moved(now, timeline.beat_at(now) + 0.1 * (amount - 0.5))
        else:
            timeline = timeline.with_tempo(now, 20 + 380 * amount)
        for message in out.messages(timeline, now, now + span):
            assert last <= message.time_s < now + span
            last = message.time_s
            if message.kind in ("start", "continue"):
                assert not running
                running = True
            elif message.kind == "stop":
                assert running
                running = False
        now += span
