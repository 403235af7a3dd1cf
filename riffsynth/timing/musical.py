"""Bars, meter and the values that quantize takes."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from riffsynth.timing.timeline import Timeline, next_boundary

TEMPO_RANGE = (20.0, 400.0)
"""Beats a minute that any clock may run at."""
QUANTIZE = ("off", "beat", "bar", "2 bars", "4 bars", "8 bars")
BY_BEATS = "beats"
"""In place of one of QUANTIZE: a number of beats that follows no bar."""
_BARS = {"bar": 1, "2 bars": 2, "4 bars": 4, "8 bars": 8}


def quantize_beats(name: str, meter: int) -> float:
    """Beats between two boundaries for one of QUANTIZE with `meter` beats a bar. Raises ValueError for another name."""
    if name in _BARS:
        return float(_BARS[name] * meter)
    if name in ("off", "beat"):
        return 0.0 if name == "off" else 1.0
    raise ValueError(f"quantize is one of {', '.join(QUANTIZE)}, found {name!r}")


@dataclass(frozen=True, slots=True)
class Quantize:
    """What new clips wait for: a name of QUANTIZE or BY_BEATS, the meter, and the beats that this makes."""

    name: str
    meter: int
    beats: float

    def after(self, before: Quantize) -> Quantize:
        """What holds once values have moved from `before` to these: a new name or meter sets the beats, new beats that
        the name does not stand for drop the name."""
        if self.name == BY_BEATS:
            return self
        beats = quantize_beats(self.name, self.meter)
        if (self.name, self.meter) != (before.name, before.meter):
            return replace(self, beats=beats)
        return self if self.beats == beats else replace(self, name=BY_BEATS)


@dataclass(frozen=True, slots=True)
class BarPosition:
    """A place in the song as musicians count it."""

    bar: int
    """From 1; 0 and below before the song's start."""
    beat: float
    """From 1 up to, but never, meter + 1."""

    def __str__(self) -> str:
        return f"{self.bar}.{math.floor(self.beat)}"


def bar_position(beat: float, meter: int) -> BarPosition:
    bar = math.floor(beat / meter)
    return BarPosition(bar + 1, beat - bar * meter + 1.0)


def beat_of_bar(bar: int, meter: int) -> float:
    """The song position in beats at which `bar`, counted from 1, begins."""
    return float((bar - 1) * meter)


def loop_length(clip_beats: float, meter: int) -> float:
    """The largest whole number of bars in a clip, in beats; the whole clip where it is shorter than a bar."""
    bars = math.floor(clip_beats / meter + 1e-9)
    return float(bars * meter) if bars else clip_beats


def next_entry(timeline: Timeline, now: float, quantize: float, lead_s: float = 0.0) -> float:
    """The first boundary in beats that is still at least `lead_s` away; where the song stands, while it is stopped."""
    return next_boundary(timeline.beat_at(now + lead_s), quantize)
