"""Where in the clip the sound is read: on the beat of the timeline, or led away from it by the performer."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from riffsynth.playback.messages import PlaybackState
from riffsynth.timing.timeline import Timeline

DEFAULT_CLIP_BEATS = 8.0
"""How long the clip is taken to be while there is none."""
CROSSFADE_S = 0.04
"""Between two playheads, where the position jumps."""
MOST_READINGS = 4
SLEW_LIMIT_S = 0.03
"""A correction of the clock up to this size is not a jump: the playhead runs a little faster or slower instead."""
START_SLEW_LIMIT_S = 0.25
"""At a start the song begins at its first sample, however late the sound card is; it catches up by slewing."""
SLEW_S = 0.3
CATCH_UP_BEATS = 0.75
"""A start has caught up by then, where that is sooner: the second beat of a fast song is in phase, too."""
IN_TIME = (0.25, 0.5, 2.0, 3.0, 4.0, -0.25, -0.5, -1.0, -2.0, -3.0, -4.0)
"""Rates at which beats of the clip meet beats of the song; the playhead is then put so that they do."""


@dataclass(frozen=True, slots=True)
class Motion:
    """What the performer's hands ask of the playhead."""

    rate: float = 1.0
    """Beats of the clip a beat of the song; negative runs backwards, 1 is locked to the beat.

    0 stands, and exactly so: the synthesis knows a held spectrum by that, and keeps its noise alive.
    """
    loop_beats: float = 0.0
    """Length of the slice that is repeated; 0 repeats the clip as a whole."""

    @classmethod
    def asked(cls, state: PlaybackState) -> Motion:
        rate = 0.0 if state.freeze else -state.speed if state.reverse else state.speed
        return cls(rate, state.loop_beats)


@dataclass(frozen=True, slots=True)
class Reading:
    """One playhead: a straight line from the song's beat to a position in the clip, perhaps folded into a loop.

    `position + rate * (beat - at_beat)`, where a locked playhead has position = at_beat.
    """

    song: Timeline
    rate: float = 1.0
    position: float = 0.0
    at_beat: float = 0.0
    loop_start: float = 0.0
    loop_beats: float = 0.0
    slew: float = 0.0
    """Beats of correction at `since`, gone after SLEW_S."""
    since: float = 0.0
    behind: float = 0.0
    """Beats of the clip that the start came late by; caught up from `started` to `caught_up`, whatever is corrected
    meanwhile: a clock that is followed says something new with every tick."""
    started: float = 0.0
    caught_up: float = 0.0

    def positions(self, times: NDArray[np.float64], now: float) -> NDArray[np.float64]:
        """The positions in beats, unfolded by the clip's length, at `times` (frames,) in seconds.

        While the song stands, what lies after `now` is what would be heard if it started now.
        """
        song = self.song
        beats = song.beat + song.beats_per_second * (
            (times - song.time) if song.playing else np.maximum(0.0, times - now)
        )
        positions = self.position + self.rate * (beats - self.at_beat)
        if self.slew:
            positions = positions + self.slew * np.clip(1.0 - (times - self.since) / SLEW_S, 0.0, 1.0)
        if self.behind:
            left = (self.caught_up - times) / (self.caught_up - self.started)
            positions = positions - self.behind * np.clip(left, 0.0, 1.0)
        if self.loop_beats > 0:
            positions = self.loop_start + (positions - self.loop_start) % self.loop_beats
        return positions

    def position_at(self, time: float) -> float:
        return float(self.positions(np.array([time]), time)[0])


class Playhead:
    """The reading that leads and the ones that fade out under it."""

    def __init__(self) -> None:
        self._motion = Motion()
        self._song = Timeline()
        self._readings: list[tuple[Reading, float]] = [(Reading(self._song), -math.inf)]
        """Oldest first, each with the time at which it began to fade in."""

    @property
    def leading(self) -> Reading:
        """The one that others fade out under."""
        return self._readings[-1][0]

    def move(self, now: float, song: Timeline, motion: Motion, clip_beats: float) -> None:
        """From `now` on led by `song` and `motion`; slices of a loop lie on a grid that starts with the clip."""
        while len(self._readings) > 1 and self._readings[1][1] + CROSSFADE_S <= now:
            del self._readings[0]
        if song == self._song and motion == self._motion:
            return
        before = self._readings[-1][0]
        here = before.position_at(now)
        started = song.playing and not self._song.playing
        after = self._reading(now, song, motion, clip_beats, before, here)
        led = motion == self._motion and motion.rate != 0.0
        behind = song.beat_at(now) - song.beat
        if started and led and 0 < behind <= START_SLEW_LIMIT_S * song.beats_per_second:
            caught_up = now + min(SLEW_S, CATCH_UP_BEATS / song.beats_per_second)
            after = replace(after, behind=behind * motion.rate, started=now, caught_up=caught_up)
        jump = (after.position_at(now) - here + clip_beats / 2) % clip_beats - clip_beats / 2
        if led and abs(jump) <= SLEW_LIMIT_S * song.beats_per_second:
            after, jump = replace(after, slew=-jump), 0.0
        if abs(jump) < 1e-9:
            self._readings[-1] = (after, self._readings[-1][1])
        else:
            self._readings = [*self._readings[1 - MOST_READINGS :], (after, now)]
        self._song, self._motion = song, motion

    def read(self, times: NDArray[np.float64], now: float) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
        """Weights (frames,) in power and positions (frames,) in beats of each reading at `times` (frames,)."""
        left = np.ones(times.size)
        result = []
        for index, (reading, since) in reversed(list(enumerate(self._readings))):
            gain = np.clip((times - since) / CROSSFADE_S, 0.0, 1.0) if index else np.ones(times.size)
            result.append((left * gain, reading.positions(times, now)))
            left = left * (1.0 - gain)
        return result

    def _reading(
        self, now: float, song: Timeline, motion: Motion, clip_beats: float, before: Reading, here: float
    ) -> Reading:
        """The playhead that follows `before`, which stands at position `here`."""
        beat = song.beat_at(now)
        loop_beats = motion.loop_beats if 0 < motion.loop_beats < clip_beats else 0.0
        if loop_beats and loop_beats == before.loop_beats:
            loop_start = before.loop_start
        else:
            loop_start = here - (here % clip_beats) % loop_beats if loop_beats else 0.0
        if motion.rate == before.rate:  # the song may have moved: the clip goes with it
            return replace(before, song=song, loop_start=loop_start, loop_beats=loop_beats, slew=0.0, since=now)
        line = Reading(song, motion.rate, here, beat, loop_start, loop_beats, since=now)
        if motion.rate == 1.0:
            return replace(line, position=beat)
        if motion.rate in IN_TIME:
            last = math.floor(beat)
            return replace(line, position=float(round(here - motion.rate * (beat - last))), at_beat=float(last))
        return line
