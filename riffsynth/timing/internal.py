"""The instrument's own clock: tempo, tap, nudge and transport, without anybody to follow."""

from __future__ import annotations

import math

from riffsynth.timing.musical import TEMPO_RANGE
from riffsynth.timing.status import ClockStatus
from riffsynth.timing.tap import TapTempo
from riffsynth.timing.timeline import Timeline


class InternalClock:
    """Every method takes `now` (s) and returns the timeline that holds from then on; only `locate` and `nudge`
    move the beat."""

    def __init__(self, now: float, tempo: float = 120.0, playing: bool = True) -> None:
        self.timeline = Timeline(now, 0.0, _checked(tempo) / 60.0, playing)
        self._taps = TapTempo()

    def set_tempo(self, now: float, tempo: float) -> Timeline:
        """Beats a minute. Raises ValueError outside TEMPO_RANGE; the beat does not jump."""
        self.timeline = self.timeline.with_tempo(now, _checked(tempo))
        return self.timeline

    def tap(self, now: float) -> Timeline:
        """One tap; from the second on the tempo is the one tapped."""
        tempo = self._taps.tap(now)
        return self.timeline if tempo is None else self.set_tempo(now, tempo)

    def nudge(self, now: float, milliseconds: float) -> Timeline:
        """Moves the beat, as a hand on a record does; positive is later, as with `clock_offset`."""
        beats = _finite(milliseconds) / 1000.0 * self.timeline.beats_per_second
        return self.locate(now, self.timeline.beat_at(now) - beats)

    def start(self, now: float) -> Timeline:
        """Plays from the first beat."""
        return self.resume(now, 0.0)

    def resume(self, now: float, beat: float | None = None) -> Timeline:
        """Plays from `beat`, or from where the song stands; without `beat`, nothing happens to a song that plays."""
        if beat is not None:
            self.locate(now, beat)
        self.timeline = self.timeline.started(now)
        return self.timeline

    def stop(self, now: float) -> Timeline:
        self.timeline = self.timeline.stopped(now)
        return self.timeline

    def locate(self, now: float, beat: float) -> Timeline:
        """Jumps to `beat`, playing on if it plays."""
        self.timeline = self.timeline.moved(now, _finite(beat))
        return self.timeline

    def status(self) -> ClockStatus:
        return ClockStatus("internal", "locked" if self.timeline.playing else "stopped", self.timeline.tempo)


def _checked(tempo: float) -> float:
    low, high = TEMPO_RANGE
    if not low <= tempo <= high:  # false for NaN as well
        raise ValueError(f"tempo lies in {low:g}..{high:g} beats a minute, found {tempo:g}")
    return tempo


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(f"a position in the song is a finite number, found {value}")
    return value
