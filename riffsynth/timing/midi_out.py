"""MIDI clock out: which messages drive other gear along a timeline, and when they are due."""

from __future__ import annotations

import math

from riffsynth.timing.midi_clock import BEATS_PER_POSITION, POSITIONS, ClockMessage
from riffsynth.timing.tick_loop import TICKS_PER_BEAT
from riffsynth.timing.timeline import Timeline

TICKS_PER_POSITION = round(TICKS_PER_BEAT * BEATS_PER_POSITION)
START_LEAD_S = 0.001
"""Start and continue go out this long before their first tick, so that no receiver takes them for later."""
JUMP_BEATS = 0.125
"""A song that is further off than this has jumped: gear is stopped, located and continued. Less is caught up."""
ROUNDING_BEATS = 1e-6


class MidiClockOut:
    """Ask it for one span of time after another; it remembers what has been sent.

    Ticks run on while the song is stopped, so that gear knows the tempo before it starts. MIDI can locate gear at
    sixteenths only: a song that starts in between is joined at the next one.
    """

    def __init__(self) -> None:
        self._playing = False
        self._next_tick = 0
        """Of the song, while playing."""
        self._joining: ClockMessage | None = None
        """What goes out just before the next tick."""
        self._last_tick_s = -math.inf

    def messages(self, timeline: Timeline, start_s: float, end_s: float) -> list[ClockMessage]:
        """What is due from `start_s` up to, but not at, `end_s`, ascending; `timeline` is the one that holds then."""
        if not timeline.playing:
            return [*self._stop(start_s), *self._idle(timeline, start_s, end_s)]
        sent = []
        off = timeline.beat_at(start_s) - self._next_tick / TICKS_PER_BEAT
        if self._playing and not -JUMP_BEATS - 1 / TICKS_PER_BEAT < off < JUMP_BEATS and self._joining is None:
            sent = self._stop(start_s)
        if not self._playing or self._joining is not None:
            sent += self._join(timeline, start_s)
        return sent + self._ticks(timeline, start_s, end_s)

    def _stop(self, now: float) -> list[ClockMessage]:
        was_running = self._playing and self._joining is None
        self._playing, self._joining = False, None
        return [ClockMessage("stop", now)] if was_running else []

    def _join(self, timeline: Timeline, now: float) -> list[ClockMessage]:
        """Finds the sixteenth at which gear joins, and locates it there; again where the song moved meanwhile."""
        position = max(0, math.ceil((timeline.beat_at(now) - ROUNDING_BEATS) / BEATS_PER_POSITION))
        if self._joining is not None and position * TICKS_PER_POSITION == self._next_tick:
            return []
        self._playing, self._next_tick = True, position * TICKS_PER_POSITION
        self._joining = ClockMessage("continue" if position else "start", now)
        return [ClockMessage("songpos", now, position)] if position in POSITIONS[1:] else []

    def _ticks(self, timeline: Timeline, start_s: float, end_s: float) -> list[ClockMessage]:
        sent = []
        while (due := timeline.time_at(self._next_tick / TICKS_PER_BEAT)) < end_s:
            due = max(start_s, due)
            if self._joining is not None:
                sent.append(ClockMessage(self._joining.kind, max(start_s, due - START_LEAD_S)))
                self._joining = None
            sent.append(ClockMessage("tick", due))
            self._last_tick_s = due
            self._next_tick += 1
        return sent

    def _idle(self, timeline: Timeline, start_s: float, end_s: float) -> list[ClockMessage]:
        """Ticks in tempo while the song stands."""
        period = 1.0 / (timeline.beats_per_second * TICKS_PER_BEAT)
        due = max(start_s, self._last_tick_s + period)
        sent = []
        while due < end_s:
            sent.append(ClockMessage("tick", due))
            self._last_tick_s = due
            due += period
        return sent
