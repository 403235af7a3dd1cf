"""Follows a MIDI clock: ticks, start, stop, continue and song position, in whatever order gear sends them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from riffsynth.timing.sources import SourceChoice
from riffsynth.timing.status import ClockStatus, LockState
from riffsynth.timing.steering import STEERING_S, steered
from riffsynth.timing.tick_loop import TICKS_PER_BEAT, TickLoop
from riffsynth.timing.timeline import Timeline

ClockKind = Literal["tick", "start", "stop", "continue", "songpos"]
BEATS_PER_POSITION = 0.25
"""MIDI counts the song position in sixteenths."""
POSITIONS = range(2**14)
LOCKED_TICKS = 24.0
"""The loop is locked once it rests on this many ticks."""
SETTLED_S = 0.005
"""A first tick after a start that is further off than this restarts the phase of the ticks."""


@dataclass(frozen=True, slots=True)
class ClockMessage:
    """One message of a MIDI clock."""

    kind: ClockKind
    time_s: float
    """When it arrived, by the program's clock."""
    position: int = 0
    """Of `songpos`: sixteenths since the song's start, 0..16383."""
    source: str = ""
    """The port it came from."""


class MidiClockFollower:
    """Feed it every message as it comes; `timeline` is where the song is.

    Between messages call `poll` some 20 times a second: it ends a correction on time, which matters once ticks stop.
    """

    def __init__(self, now: float, tempo: float = 120.0) -> None:
        """`tempo` (beats a minute) holds until ticks show theirs."""
        self.timeline = Timeline(now, 0.0, tempo / 60.0, playing=False)
        self.jumps = 0
        """How often the song position has jumped while playing: each is one crossfade of the player."""
        self._sources = SourceChoice()
        self._loop = TickLoop(60.0 / tempo / TICKS_PER_BEAT)
        self._origin = (0, 0.0)
        """A tick's number and its beat: from there on ticks count beats."""
        self._next_beat: float | None = None
        """The beat of the coming tick, after start, continue, or a song position while running."""
        self._resume_beat = 0.0
        """The beat of the tick that comes after continue."""
        self._running = False
        """Between start and stop, as the sender sees it; the song plays from the first tick on."""
        self._time = now

    # What it is told

    def choose(self, source: str) -> None:
        """Follows only clocks whose names contain `source`; empty: the first one heard."""
        self._sources.choose(source)

    def feed(self, message: ClockMessage) -> Timeline:
        """The timeline from `message` on. Nothing raises: what makes no sense is told by `status`."""
        if not math.isfinite(message.time_s) or not self._sources.admits(message.source, message.time_s):
            return self.timeline
        now = self._time = max(self._time, message.time_s)
        if message.kind == "tick":
            self._tick(now)
        elif message.kind == "start":
            self._run(0.0)
        elif message.kind == "continue":
            if not self._running:
                self._run(self._resume_beat)
        elif message.kind == "stop":
            self._stop(now)
        elif message.kind == "songpos" and message.position in POSITIONS:
            self._locate(now, message.position * BEATS_PER_POSITION)
        return self.timeline

    def poll(self, now: float) -> Timeline:
        """The timeline at `now`, with no news from the sender."""
        now = self._time = max(self._time, now)
        if self.timeline.playing and now - self.timeline.time >= STEERING_S:
            self._steer(now)
        return self.timeline

    def _run(self, beat: float) -> None:
        self._running, self._next_beat = True, beat

    def _stop(self, now: float) -> None:
        if self._next_beat is not None:
            self._resume_beat = self._next_beat
        elif self.timeline.playing:
            self._resume_beat = self._beat_of_coming_tick(now)
        self._running, self._next_beat = False, None
        self.timeline = self.timeline.stopped(now)

    def _beat_of_coming_tick(self, now: float) -> float:
        number, beat = self._origin
        if self._loop.following and not self._loop.silent(now):
            return beat + (self._loop.number + 1 - number) / TICKS_PER_BEAT
        return math.ceil(self.timeline.beat_at(now) * TICKS_PER_BEAT) / TICKS_PER_BEAT

    def _locate(self, now: float, beat: float) -> None:
        if self._running:
            self._next_beat = beat
        else:
            self._resume_beat = beat
            self.timeline = self.timeline.moved(now, beat)

    def _tick(self, now: float) -> None:
        fresh = self._loop.silent(now) or not self._loop.following
        self._loop.tick(now)
        if self._next_beat is not None:
            if fresh or abs(now - self._loop.time_of(self._loop.number)) > SETTLED_S:
                self._loop.rephase()
            self._begin(now, self._next_beat)
        if self.timeline.playing:
            self._steer(now)
        else:
            self.timeline = self.timeline.with_tempo(now, self._tempo)

    def _begin(self, now: float, beat: float) -> None:
        """The tick that has just come is at `beat`."""
        self._origin, self._next_beat = (self._loop.number, beat), None
        if self.timeline.playing:
            self.jumps += 1
        self.timeline = Timeline(now, beat, self._tempo / 60.0)

    # What it makes of it

    @property
    def _tempo(self) -> float:
        return 60.0 / (self._loop.period * TICKS_PER_BEAT)

    def _steer(self, now: float) -> None:
        number, beat = self._origin
        line = Timeline(self._loop.time_of(number), beat, self._tempo / 60.0)
        self.timeline, jumped = steered(self.timeline, line, now)
        self.jumps += jumped

    def status(self, now: float) -> ClockStatus:
        chosen, wanted, others = self._sources.chosen, self._sources.wanted, self._sources.others(now)
        problems = [f"waiting for {wanted}" if wanted and chosen is None else self._loop.problem]
        if others:
            problems.append(f"not followed: {', '.join(others)}")
        return ClockStatus(
            source=chosen or "",
            state=self._state(now),
            tempo=self._tempo,
            phase_error_ms=1000.0 * self._loop.error_s,
            jitter_ms=1000.0 * self._loop.jitter_s,
            problem="; ".join(filter(None, problems)),
        )

    def _state(self, now: float) -> LockState:
        silent = self._loop.silent(now)
        if not self._running:
            return "waiting" if silent and self._loop.number < 0 else "stopped"
        if not self.timeline.playing:
            return "waiting"
        if silent or (self._loop.known and not self._loop.following):
            return "holdover"
        return "locked" if self._loop.memory >= LOCKED_TICKS else "locking"
