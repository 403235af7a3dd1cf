"""When to ask for what the input heard: at every bar, for the last eight beats."""

from __future__ import annotations

import math

from riffsynth.listening.messages import Listen
from riffsynth.timing.timeline import Timeline

BEATS = 8


class Asking:
    """Answers with what to ask for, once a bar while it is wanted and the song plays."""

    def __init__(self) -> None:
        self._bar: int | None = None

    def due(self, wanted: bool, timeline: Timeline, meter: int, now: float) -> Listen | None:
        """The eight beats before this bar, `meter` beats long, if they have not been asked for."""
        if not wanted or not timeline.playing:
            self._bar = None
            return None
        bar = math.floor(timeline.beat_at(now) / meter)
        if bar == self._bar:
            return None
        self._bar = bar
        end = bar * meter
        return Listen(timeline.time_at(end - BEATS), timeline.time_at(end), (end - BEATS) % BEATS / BEATS)
