"""The song follows a MIDI clock: how closely, and what it makes of every order in which real gear sends messages."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from riffsynth.timing.midi_clock import ClockKind, ClockMessage, MidiClockFollower
from riffsynth.timing.simulated import SimulatedSender, errors_ms

TICK = 60.0 / 120.0 / 24
"""Seconds between ticks at 120 beats a minute."""


def rms(errors: np.ndarray) -> float:
    return float(np.sqrt(np.mean(errors**2)))


@functools.cache
def steady(tempo: float, jitter_ms: float, ahead_s: float = 0.0) -> np.ndarray:
    """Errors in ms after the first four beats, several runs together."""
    runs = [SimulatedSender(lambda beat: tempo, 24, jitter_ms / 1000, seed) for seed in range(4)]
    return np.concatenate([errors_ms(run, ahead_s=ahead_s)[96:] for run in runs])


@pytest.mark.parametrize("tempo", [90.0, 120.0, 174.0, 300.0])
@pytest.mark.parametrize("ahead_s", [0.0, 0.1])
def test_steady_tempo_is_held_closer_than_its_jitter(tempo: float, ahead_s: float) -> None:
    assert rms(steady(tempo, 3.0, ahead_s)) < 1.0
    assert np.percentile(np.abs(steady(tempo, 3.0, ahead_s)), 99) < 3.0
    assert rms(steady(tempo, 1.0, ahead_s)) < 0.3


@pytest.mark.parametrize("tempo", [30.0, 45.0, 60.0])
def test_slow_tempo_is_held_within_a_twentieth_of_a_tick(tempo: float) -> None:
    assert np.abs(steady(tempo, 3.0)).max() < 0.05 * 60_000 / tempo / 24


@pytest.mark.parametrize(("before", "after"), [(120, 140), (140, 120), (120, 124), (90, 180), (180, 90), (60, 300)])
@pytest.mark.parametrize("jitter_ms", [0.0, 1.0])
def test_a_step_in_tempo_is_over_after_two_beats(before: float, after: float, jitter_ms: float) -> None:
    sender = SimulatedSender(lambda beat: before if beat < 16 else after, 32, jitter_ms / 1000)
    assert np.abs(errors_ms(sender)[18 * 24 :]).max() < 3.0


@pytest.mark.parametrize(("start", "end"), [(120, 140), (140, 120)])
@pytest.mark.parametrize("jitter_ms", [0.0, 1.0])
def test_a_ramp_is_followed_throughout(start: float, end: float, jitter_ms: float) -> None:
    sender = SimulatedSender(
        lambda beat: start + (end - start) * min(1.0, max(0.0, (beat - 16) / 32)), 64, jitter_ms / 1000
    )
    assert np.abs(errors_ms(sender)[16 * 24 :]).max() < 5.0


@pytest.mark.parametrize(("start", "end"), [(120, 140), (140, 120)])
def test_a_ramp_is_told_from_jitter(start: float, end: float) -> None:
    """What is left is what 3 ms of jitter hide (docs/timing.md)."""
    senders = [
        SimulatedSender(lambda beat: start + (end - start) * min(1.0, max(0.0, (beat - 16) / 32)), 64, 0.003, seed)
        for seed in range(4)
    ]
    errors = np.concatenate([errors_ms(sender)[16 * 24 :] for sender in senders])
    assert rms(errors) < 1.3
    assert np.percentile(np.abs(errors), 99) < 4.2
    assert np.abs(errors).max() < 5.5


# What gear sends


class Gear:
    """Sends to a follower, and checks after every message that the song does not run backwards unannounced."""

    def __init__(self, now: float = 10.0) -> None:
        self.now = now
        self.follower = MidiClockFollower(now, 120.0)

    def send(self, kind: ClockKind, position: int = 0, source: str = "") -> None:
        before, jumps, played = self.follower.timeline, self.follower.jumps, self.follower.timeline.playing
        after = self.follower.feed(ClockMessage(kind, self.now, position, source))
        if played and after.playing and self.follower.jumps == jumps:
            assert after.beat_at(self.now) >= before.beat_at(self.now) - 1e-9

    def ticks(self, count: int, period: float = TICK, source: str = "") -> None:
        """Each after `period`."""
        for _ in range(count):
            self.now += period
            self.send("tick", source=source)

    @property
    def beat(self) -> float:
        return self.follower.timeline.beat_at(self.now)

    @property
    def tempo(self) -> float:
        return self.follower.status(self.now).tempo

    @property
    def state(self) -> str:
        return self.follower.status(self.now).state

    @property
    def problem(self) -> str:
        return self.follower.status(self.now).problem


@pytest.fixture
def gear() -> Gear:
    return Gear()


@pytest.fixture
def running(gear: Gear) -> Gear:
    """Locked at 120, just at beat 8."""
    gear.send("start")
    gear.ticks(8 * 24 + 1)
    assert gear.state == "locked"
    assert gear.beat == pytest.approx(8.0, abs=1e-6)
    return gear


def test_the_first_tick_after_start_is_the_first_beat(gear: Gear) -> None:
    gear.send("start")
    gear.now += 0.2
    assert gear.state == "waiting"
    assert gear.beat == 0.0
    gear.ticks(1)
    assert (gear.beat, gear.state) == (0.0, "locking")
    gear.ticks(24)
    assert gear.beat == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("tempo", [30.0, 90.0, 174.0, 300.0])
@pytest.mark.parametrize("ticks_before", [0, 1, 2, 30])
def test_in_phase_by_the_second_beat(tempo: float, ticks_before: int) -> None:
    gear = Gear()
    period = 60 / tempo / 24
    gear.ticks(ticks_before, period)
    gear.now += 0.3 * period  # the ticks begin anew with the start
    gear.send("start")
    gear.ticks(25, period)
    assert (gear.beat - 1.0) * 60 / tempo == pytest.approx(0.0, abs=0.005)


def test_ticks_before_start_give_the_tempo_and_move_nothing(gear: Gear) -> None:
    gear.ticks(48, 60 / 140 / 24)
    assert (gear.beat, gear.state) == (0.0, "stopped")
    assert gear.follower.timeline.tempo == pytest.approx(140.0)
    gear.send("start")
    gear.ticks(1, 60 / 140 / 24)
    assert gear.follower.timeline.tempo == pytest.approx(140.0)


def test_no_ticks_while_stopped_then_continue_goes_on_with_the_next_tick(running: Gear) -> None:
    running.ticks(12)
    running.send("stop")
    running.now += 7.3
    assert (running.beat, running.state) == (pytest.approx(8.5, abs=1e-6), "stopped")
    running.send("continue")
    running.ticks(1)
    assert running.beat == pytest.approx(8.5 + 1 / 24, abs=1e-6)
    running.ticks(24)
    assert running.beat == pytest.approx(9.5 + 1 / 24, abs=1e-3)


def test_to_bar_17_while_stopped_then_continue(running: Gear) -> None:
    running.send("stop")
    running.send("songpos", 16 * 16)
    assert running.beat == 64.0
    running.ticks(5)
    running.send("continue")
    running.ticks(1)
    assert running.beat == pytest.approx(64.0, abs=1e-6)
    running.ticks(24)
    assert running.beat == pytest.approx(65.0, abs=0.01)


def test_song_position_while_running_takes_effect_with_the_next_tick(running: Gear) -> None:
    running.send("songpos", 16)
    assert running.beat == pytest.approx(8.0, abs=1e-6)
    running.ticks(1)
    assert running.beat == pytest.approx(4.0, abs=1e-6)
    assert running.follower.jumps == 1


def test_start_twice_is_one_start_until_ticks_come_and_a_restart_after(gear: Gear) -> None:
    gear.send("start")
    gear.send("start")
    gear.ticks(25)
    assert gear.beat == pytest.approx(1.0, abs=1e-3)
    gear.send("start")
    gear.ticks(1)
    assert gear.beat == pytest.approx(0.0, abs=1e-6)
    assert gear.follower.jumps == 1


def test_continue_while_running_and_stop_twice_change_nothing(running: Gear) -> None:
    running.send("continue")
    running.ticks(24)
    assert running.beat == pytest.approx(9.0, abs=1e-6)
    running.send("stop")
    running.send("stop")
    running.send("continue")
    running.ticks(1)
    assert running.beat == pytest.approx(9.0 + 1 / 24, abs=1e-6)


def test_start_then_stop_before_any_tick_then_continue_is_the_start(running: Gear) -> None:
    running.send("stop")
    running.send("start")
    running.send("stop")
    running.send("continue")
    running.ticks(1)
    assert running.beat == pytest.approx(0.0, abs=1e-6)


def test_a_song_position_that_midi_does_not_have_is_ignored(running: Gear) -> None:
    running.send("songpos", -1)
    running.send("songpos", 2**14)
    running.ticks(24)
    assert running.beat == pytest.approx(9.0, abs=1e-6)


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_lost_ticks_are_counted(running: Gear, lost: int) -> None:
    running.now += lost * TICK
    running.ticks(48)
    assert running.beat == pytest.approx(8.0 + (48 + lost) / 24, abs=1e-3)
    assert running.follower.jumps == 0


def test_a_doubled_tick_is_counted_once(running: Gear) -> None:
    running.send("tick")
    running.ticks(48)
    assert running.beat == pytest.approx(10.0, abs=1e-3)
    assert running.follower.jumps == 0


def test_ticks_that_are_lost_again_and_again_were_never_sent(running: Gear) -> None:
    """A sender whose tempo is just under ours, and whose ticks leave with blocks, seems to lose one now and then."""
    for _ in range(4):
        running.ticks(96)
        running.now += TICK
    running.ticks(12)
    assert running.beat == pytest.approx(8.0 + (4 * 96 + 12) / 24, abs=0.1)


@pytest.mark.parametrize("tempo", [90.0, 110.0, 120.0, 128.0, 174.0, 300.0])
@pytest.mark.parametrize(("block", "spread_ms"), [(64, 0.3), (256, 0.5), (1024, 2.0)])
def test_ticks_that_leave_with_blocks_of_sound(tempo: float, block: int, spread_ms: float) -> None:
    errors = errors_ms(SimulatedSender(lambda beat: tempo, 32, block_s=block / 44100))[8 * 24 :]
    assert np.abs(errors - np.median(errors)).max() < spread_ms
    # On the whole half a block late, as they are sent.
    assert np.median(errors) == pytest.approx(-500 * block / 44100, abs=0.1 + 0.05 * 1000 * block / 44100)


def test_late_ticks_that_catch_up_move_nothing(running: Gear) -> None:
    for _ in range(4):
        running.now += 3 * TICK
        for _ in range(3):
            running.send("tick")
        running.ticks(45)
        assert running.tempo == pytest.approx(120.0, abs=0.2)
    assert running.beat == pytest.approx(16.0, abs=2e-3)
    assert running.follower.jumps == 0


def test_a_thousand_ticks_at_once_move_nothing(running: Gear) -> None:
    for _ in range(1000):
        running.send("tick")
    assert running.problem
    assert running.beat == pytest.approx(8.0, abs=1e-3)
    assert running.tempo == pytest.approx(120.0)
    running.ticks(48)
    assert running.beat == pytest.approx(10.0, abs=0.01)
    assert (running.state, running.problem, running.follower.jumps) == ("locked", "", 0)


@pytest.mark.parametrize("tempo", [10.0, 2000.0])
def test_an_impossible_tempo_is_not_followed_and_told(running: Gear, tempo: float) -> None:
    running.ticks(60, 60 / tempo / 24)
    assert running.tempo == pytest.approx(120.0)
    assert running.state == "holdover"
    assert "bpm" in running.problem
    reached = running.beat
    assert reached == pytest.approx(8.0 + 60 * 60 / tempo / 24 * 2, abs=0.02)
    running.ticks(48)
    assert (running.state, running.problem) == ("locked", "")
    assert running.tempo == pytest.approx(120.0, abs=0.1)


@pytest.mark.parametrize("seed", range(5))
def test_random_ticks_do_not_move_the_tempo(running: Gear, seed: int) -> None:
    start = running.now
    for wait in np.random.default_rng(seed).exponential(TICK, 1000):
        running.now += float(wait)
        running.send("tick")
        assert running.tempo == pytest.approx(120.0, rel=0.03)
    assert "irregular" in running.problem
    assert running.beat - 8.0 == pytest.approx(2.0 * (running.now - start), rel=0.02)


def test_lost_for_ten_seconds_the_song_goes_on_and_locks_again_without_a_jump(running: Gear) -> None:
    running.now += 1.0
    running.follower.poll(running.now)
    assert running.state == "holdover"
    running.now += 9.0 + 0.2 * TICK
    assert running.beat == pytest.approx(28.0, abs=0.02)
    running.ticks(48)
    assert running.state == "locked"
    assert running.follower.jumps == 0
    assert (running.beat * 24) % 1 == pytest.approx(0.0, abs=0.02)


def test_after_holdover_in_another_tempo_it_locks_again(running: Gear) -> None:
    running.now += 10.0
    running.ticks(48, 60 / 126 / 24)
    assert running.tempo == pytest.approx(126.0, abs=0.1)
    assert running.state == "locked"


def test_one_of_two_clocks_is_followed_and_the_other_named(gear: Gear) -> None:
    gear.send("start", source="drums")
    for _ in range(96):
        gear.ticks(1, 0.5 * TICK, source="drums")
        gear.ticks(1, 0.5 * TICK, source="keys")
    status = gear.follower.status(gear.now)
    assert (status.source, status.problem) == ("drums", "not followed: keys")
    assert status.tempo == pytest.approx(120.0)
    gear.ticks(200, 60 / 90 / 24, source="keys")
    status = gear.follower.status(gear.now)
    assert (status.source, status.state) == ("keys", "locked")
    assert status.tempo == pytest.approx(90.0, abs=0.1)


def test_a_clock_that_is_chosen_by_a_part_of_its_name_is_the_only_one(gear: Gear) -> None:
    gear.follower.choose("Drum")
    gear.send("start", source="keys:out")
    gear.ticks(24, source="keys:out")
    assert not gear.follower.timeline.playing
    assert gear.state == "waiting"
    assert gear.problem == "waiting for Drum; not followed: keys:out"
    gear.send("start", source="TR drums:out")
    gear.ticks(24, source="TR drums:out")
    assert (gear.follower.status(gear.now).source, gear.follower.timeline.playing) == ("TR drums:out", True)


def test_another_clock_is_chosen_while_the_song_plays(gear: Gear) -> None:
    gear.send("start", source="drums")
    gear.ticks(96, source="drums")
    gear.follower.choose("keys")
    assert gear.follower.timeline.playing
    gear.ticks(96, 60 / 126 / 24, source="keys")
    assert gear.tempo == pytest.approx(126.0, abs=0.1)
    assert gear.state == "locked"
    gear.follower.choose("")
    gear.ticks(24, 60 / 126 / 24, source="keys")
    assert gear.follower.status(gear.now).source == "keys"


def test_status_measures_the_jitter() -> None:
    sender = SimulatedSender(lambda beat: 120.0, 32, jitter_s=0.002)
    follower = MidiClockFollower(0.0)
    errors_ms(sender, follower)
    status = follower.status(float(sender.times[-1]))
    assert status.jitter_ms == pytest.approx(2.0, rel=0.35)
    assert "jitter" in status.line()


kinds = st.sampled_from(["tick", "tick", "tick", "tick", "start", "stop", "continue", "songpos"])
waits = st.one_of(st.sampled_from([0.0, TICK, TICK, TICK, 2 * TICK]), st.floats(-0.1, 3.0), st.just(float("nan")))


@given(st.lists(st.tuples(kinds, waits, st.integers(-10, 20000), st.sampled_from(["a", "a", "b"])), max_size=80))
def test_any_messages_at_any_times(messages: Iterable[tuple[ClockKind, float, int, str]]) -> None:
    gear = Gear()
    for kind, wait, position, source in messages:
        gear.now = gear.now + wait if wait == wait else gear.now
        time = gear.now if wait == wait else wait
        before, jumps = gear.follower.timeline, gear.follower.jumps
        after = gear.follower.feed(ClockMessage(kind, time, position, source))
        assert np.isfinite(after.beat)
        assert 20 - 1e-6 <= 60.0 * after.beats_per_second <= 800 + 1e-6
        assert 20 - 1e-6 <= gear.tempo <= 400 + 1e-6
        if before.playing and after.playing and gear.follower.jumps == jumps:
            assert after.beat >= before.beat_at(after.time) - 1e-9
        gear.follower.poll(gear.now)


def curve(steps: list[float]) -> Callable[[float], float]:
    return lambda beat: steps[min(len(steps) - 1, int(beat / 8))]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(30.0, 300.0), min_size=1, max_size=4), st.floats(0.0, 0.002), st.integers(0, 100))
@example([30.0, 259.0], 0.001953125, 1)  # so large a step is no jitter
def test_after_whatever_tempo_it_comes_to_rest_on_the_beat(tempos: list[float], jitter_s: float, seed: int) -> None:
    sender = SimulatedSender(curve(tempos), 8.0 * len(tempos), jitter_s, seed)
    assert np.abs(errors_ms(sender)[-24:]).max() < 5.0
