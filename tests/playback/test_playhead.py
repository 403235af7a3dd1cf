"""The playhead: on the beat unless led away, and back on it without a jump that is heard."""

from __future__ import annotations

import numpy as np
import pytest

from riffsynth.playback.playhead import CROSSFADE_S, SLEW_S, Motion, Playhead
from riffsynth.timing.timeline import Timeline

SONG = Timeline(time=0.0, beat=0.0, beats_per_second=2.0)
CLIP = 8.0


def at(playhead: Playhead, time: float) -> float:
    """The position that is heard at `time`, by the reading with the largest weight."""
    readings = playhead.read(np.array([time]), time)
    weights = [weight[0] for weight, _ in readings]
    assert sum(weights) == pytest.approx(1.0)
    return float(max(readings, key=lambda reading: reading[0][0])[1][0])


def mean(playhead: Playhead, time: float) -> float:
    return float(sum(weight[0] * positions[0] for weight, positions in playhead.read(np.array([time]), time)))


def moved(*moves: tuple[float, Timeline, Motion]) -> Playhead:
    playhead = Playhead()
    playhead.move(0.0, SONG, Motion(), CLIP)
    playhead.move(1.0, SONG, Motion(), CLIP)  # the crossfade to it is over
    for now, song, motion in moves:
        playhead.move(now, song, motion, CLIP)
    return playhead


def test_it_follows_the_beat() -> None:
    playhead = moved()
    assert [at(playhead, t) for t in (1.0, 2.25, 1000.0)] == pytest.approx([2.0, 4.5, 2000.0])


def test_frozen_it_stands_exactly() -> None:
    playhead = moved((2.0, SONG, Motion(0.0)))
    positions = {at(playhead, t) for t in np.linspace(2.1, 30.0, 500)}
    assert len(positions) == 1
    assert positions.pop() == pytest.approx(4.0)


@pytest.mark.parametrize("rate, later", [(0.5, 5.0), (2.0, 8.0), (-1.0, 2.0), (-2.0, 0.0)])
def test_speed_and_reverse_start_from_where_it_stands(rate: float, later: float) -> None:
    playhead = moved((2.0, SONG, Motion(rate)))
    assert at(playhead, 2.0) == pytest.approx(4.0)
    assert at(playhead, 3.0) == pytest.approx(later)
    assert len(playhead.read(np.array([2.0]), 2.0)) == 1  # nothing jumps, so nothing fades


@pytest.mark.parametrize("rate", [0.5, 2.0, 4.0, -1.0, -0.5])
def test_in_time_speeds_fall_in_with_the_beat(rate: float) -> None:
    playhead = moved((2.2, SONG, Motion(rate)))  # at beat 4.4
    assert at(playhead, 2.3) == pytest.approx(4.4 + 0.2 * rate, abs=0.5 + 1e-9)
    wholes = [at(playhead, beat / 2) % 1.0 for beat in range(6, 30, round(max(1.0, 1 / abs(rate))))]
    assert np.cos(2 * np.pi * np.array(wholes)) == pytest.approx(1.0)


@pytest.mark.parametrize("rate", [0.5, 0.7, 2.0, -1.0])
def test_a_jump_of_the_song_moves_the_clip_at_any_speed(rate: float) -> None:
    jumped = SONG.moved(3.0, 12.0)  # from beat 6
    played, stayed = moved((2.0, SONG, Motion(rate)), (3.0, jumped, Motion(rate))), moved((2.0, SONG, Motion(rate)))
    for now in (3.5, 4.5, 9.5):
        assert (at(played, now) - at(stayed, now) - 6.0 * rate) % CLIP == pytest.approx(0.0, abs=1e-9)


def test_the_shortest_loop_is_an_eighth_of_a_beat() -> None:
    playhead = moved((2.35, SONG, Motion(1.0, 0.125)))  # at beat 4.7
    heard = [at(playhead, t) for t in np.arange(2.35, 6.0, 0.003)]
    assert 4.625 <= min(heard) < max(heard) < 4.75


def test_back_at_speed_1_it_falls_in_with_the_beat() -> None:
    playhead = moved((2.0, SONG, Motion(0.5)), (3.0, SONG, Motion(1.0)))
    assert at(playhead, 3.0) == pytest.approx(5.0)
    assert mean(playhead, 3.0 + CROSSFADE_S / 2) == pytest.approx((5.0 + 6.0) / 2, abs=0.1)
    assert at(playhead, 3.0 + 2 * CROSSFADE_S) == pytest.approx(6.0 + 4 * CROSSFADE_S)


def test_a_loop_repeats_the_slice_around_the_playhead() -> None:
    playhead = moved((2.6, SONG, Motion(1.0, 2.0)))  # at beat 5.2: the slice from 4 to 6
    assert at(playhead, 2.6) == pytest.approx(5.2)
    heard = [at(playhead, t) for t in np.arange(2.6, 20.0, 0.01)]
    assert 4.0 <= min(heard) < 4.05
    assert 5.95 < max(heard) < 6.0
    assert at(playhead, 10.25) == pytest.approx(4.5)  # in phase with the beat


def test_the_grid_of_slices_starts_with_the_clip() -> None:
    playhead = moved((5.5, SONG, Motion(1.0, 3.0)))  # beat 11 is beat 3 of the clip: the slice from 3 to 6
    heard = [at(playhead, t) % CLIP for t in np.arange(5.5, 12.0, 0.01)]
    assert 3.0 <= min(heard) < 3.05
    assert 5.95 < max(heard) < 6.0


def test_a_loop_as_long_as_the_clip_is_the_clip() -> None:
    assert at(moved((2.0, SONG, Motion(1.0, 8.0))), 7.5) == pytest.approx(15.0)


def test_out_of_the_loop_it_is_where_the_song_is() -> None:
    playhead = moved((2.6, SONG, Motion(1.0, 0.5)), (6.3, SONG, Motion()))
    assert at(playhead, 6.5) == pytest.approx(13.0)


def test_a_jump_of_the_song_is_a_short_crossfade() -> None:
    jumped = SONG.moved(2.0, 1.5)
    playhead = moved((2.0, jumped, Motion()))
    (weight_after, after), (weight_before, before) = playhead.read(np.array([2.0, 2.02, 2.04]), 2.0)
    assert weight_after == pytest.approx([0.0, 0.5, 1.0])
    assert weight_before == pytest.approx([1.0, 0.5, 0.0])
    assert after == pytest.approx([1.5, 1.54, 1.58])
    assert before == pytest.approx([4.0, 4.04, 4.08])


def test_a_jump_by_whole_clips_is_none() -> None:
    playhead = moved((2.0, SONG.moved(2.0, 20.0), Motion()))  # from beat 4 to beat 20
    assert len(playhead.read(np.array([2.0]), 2.0)) == 1
    assert at(playhead, 3.0) % CLIP == pytest.approx(6.0)


def test_small_corrections_of_the_clock_are_slewed() -> None:
    corrected = SONG.moved(2.0, 4.02)  # 10 ms
    playhead = moved((2.0, corrected, Motion()))
    heard = [mean(playhead, t) for t in np.arange(2.0, 3.0, 0.01)]
    assert heard[0] == pytest.approx(4.0)
    assert np.diff(heard) == pytest.approx(0.02, rel=0.2)
    assert mean(playhead, 2.0 + SLEW_S) == pytest.approx(corrected.beat_at(2.0 + SLEW_S))


def test_a_new_tempo_goes_on_from_the_same_position() -> None:
    faster = SONG.with_tempo(1.97, 140.0)  # control's moment is a little in the past
    playhead = moved((2.0, faster, Motion()))
    assert mean(playhead, 2.0) == pytest.approx(4.0)
    assert mean(playhead, 4.0) == pytest.approx(faster.beat_at(4.0))


def test_it_starts_with_the_first_sample_of_the_song_and_catches_up() -> None:
    stopped = SONG.stopped(1.0)
    playhead = moved((1.0, stopped, Motion()))
    started = stopped.started(5.0)
    playhead.move(5.04, started, Motion(), CLIP)  # the speaker is 40 ms behind
    assert mean(playhead, 5.04) == pytest.approx(2.0)
    assert mean(playhead, 5.04 + SLEW_S) == pytest.approx(started.beat_at(5.04 + SLEW_S))


@pytest.mark.parametrize("tempo", [60.0, 120.0, 300.0])
@pytest.mark.parametrize("late_s", [0.025, 0.1])
def test_a_clock_that_tells_its_ticks_does_not_delay_the_catching_up(tempo: float, late_s: float) -> None:
    """A fresh timeline with every tick, each a little off: by the second beat the song is in phase all the same."""
    playhead = moved((1.0, SONG.stopped(1.0), Motion()))
    beat_s, jitter_s = 60.0 / tempo, (0.0, 0.0005, -0.0004, 0.0002)
    started = Timeline(5.0, 2.0, tempo / 60.0)
    for tick in range(24):
        told = Timeline(5.0 + jitter_s[tick % 4], 2.0, tempo / 60.0)
        playhead.move(5.0 + late_s + tick * beat_s / 24, told, Motion(), CLIP)
    off_s = (mean(playhead, 5.0 + late_s + beat_s) - started.beat_at(5.0 + late_s + beat_s)) * beat_s
    assert abs(off_s) < 0.002
    assert len(playhead.read(np.array([6.0]), 5.0 + late_s + beat_s)) == 1  # it was slewed, and did not jump


def test_while_stopped_it_looks_ahead_as_if_it_started_now() -> None:
    playhead = moved((2.0, SONG.stopped(2.0), Motion()))
    ((_, positions),) = playhead.read(np.array([8.9, 9.0, 9.1]), 9.0)
    assert positions == pytest.approx([4.0, 4.0, 4.2])


def test_a_storm_of_jumps_stays_bounded() -> None:
    playhead = moved()
    for step in range(200):
        now = 2.0 + 0.01 * step
        playhead.move(now, SONG.moved(now, (step * 1.37) % 8), Motion(), CLIP)
        readings = playhead.read(np.array([now, now + 0.05]), now)
        assert len(readings) <= 4
        assert sum(weight for weight, _ in readings) == pytest.approx(1.0)
