"""The one piece of clock arithmetic: a straight line between seconds and beats."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Timeline:
    """At `time` (seconds of the program's clock) the song is at `beat`, moving at `beats_per_second` if `playing`.

    Values are immutable: every change of tempo, position or transport is a new timeline from its moment on.
    """

    time: float = 0.0
    beat: float = 0.0
    beats_per_second: float = 2.0
    playing: bool = True

    def beat_at(self, time: float) -> float:
        """The song position in beats at `time`; it stands while stopped."""
        return self.beat + (time - self.time) * self.beats_per_second * self.playing

    def time_at(self, beat: float) -> float:
        """The moment `beat` is reached, in seconds; may lie in the past. Raises ValueError while stopped."""
        if not self.playing or self.beats_per_second <= 0:
            raise ValueError("a stopped timeline never reaches another beat")
        return self.time + (beat - self.beat) / self.beats_per_second

    @property
    def tempo(self) -> float:
        """Beats a minute."""
        return 60.0 * self.beats_per_second

    def anchored(self, now: float) -> Timeline:
        """The same line, described from `now`."""
        return replace(self, time=now, beat=self.beat_at(now))

    def with_tempo(self, now: float, tempo: float) -> Timeline:
        """From `now` on at `tempo` beats a minute, without a jump."""
        return replace(self.anchored(now), beats_per_second=tempo / 60.0)

    def moved(self, now: float, beat: float) -> Timeline:
        """At `beat` at `now`: a jump of the song position."""
        return replace(self, time=now, beat=beat)

    def started(self, now: float) -> Timeline:
        return replace(self.anchored(now), playing=True)

    def stopped(self, now: float) -> Timeline:
        return replace(self.anchored(now), playing=False)


def next_boundary(beat: float, quantize: float) -> float:
    """The first multiple of `quantize` beats at or after `beat`; `beat` itself where quantize is 0."""
    if quantize <= 0:
        return beat
    # A millionth of a step: a position that rounding left just above a boundary is at that boundary.
    steps = beat / quantize
    return quantize * float(-((-(steps - 1e-6)) // 1))
