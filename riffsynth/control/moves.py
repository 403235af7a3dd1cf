"""What moves parameters by itself, the `moves` of a preset: LFOs, envelopes on beats, the level of an audio input."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from riffsynth.control.mapping import Target
from riffsynth.parameters import Kind, Value

Shape = Literal["sine", "triangle", "ramp", "saw", "square", "random"]
MODULATION = "modulation"
"""How changes that moves make are signed, and the parameter that lets them move."""
DEFAULT_BEATS = 4.0
UNSMOOTHED_INTERVAL_S = 1 / 30
"""A parameter that the player does not glide to is moved no more often than this; others once in their glide."""
SILENCE_DB = -120.0

_Beats = Annotated[float, Field(gt=0, le=4096)]
_Point = tuple[Annotated[float, Field(ge=0, le=4096)], Annotated[float, Field(ge=0, le=1)]]


class Move(Target):
    """One source that moves between 0 and 1, and the parameter that follows it. Sources may share a parameter."""

    lfo: Shape | None = None
    """`ramp` rises and `saw` falls; `random` takes a new place each period."""
    envelope: tuple[_Point, ...] | None = None
    """(beat, place 0..1), in order; straight lines between them."""
    input: str | None = None
    """How loud an audio input is: part of a device's name, or `default`."""
    beats: _Beats | None = None
    """How long it takes: of an LFO 4, of an envelope as long as its last point, where it is left out."""
    phase: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Where in its period it is at beat 0."""
    once: bool = False
    """An envelope that does not begin again; it begins when the preset is loaded."""
    floor: Annotated[float, Field(ge=-120, lt=0)] = -50.0
    """dB full scale of an input at which it is at 0; it is at 1 at 0 dB."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if sum(source is not None for source in (self.lfo, self.envelope, self.input)) != 1:
            raise ValueError("needs exactly one of lfo, envelope and input")
        if self.parameter.kind in (Kind.TEXT, Kind.TRIGGER):
            raise ValueError(f"{self.to} is no number, switch or choice that could be moved")
        if self.envelope is not None:
            beats = [beat for beat, _ in self.envelope]
            if len(beats) < 2 or any(a >= b for a, b in pairwise(beats)):
                raise ValueError("envelope is a list of at least two [beat, place], each beat above the one before")
        elif self.once:
            raise ValueError("once needs an envelope")
        return self

    @property
    def interval_s(self) -> float:
        """The least time between two of its values."""
        return self.parameter.smoothing_s or UNSMOOTHED_INTERVAL_S

    def place(self, beat: float, began: float = 0.0, level_db: float = SILENCE_DB) -> float:
        """Where the source is, 0..1, at song position `beat`; `began` is where the preset was loaded."""
        if self.lfo is not None:
            return lfo(self.lfo, beat / (self.beats or DEFAULT_BEATS) + self.phase)
        if self.envelope is not None:
            period = self.beats or self.envelope[-1][0]
            if self.once:
                return along(self.envelope, max(0.0, beat - began) + self.phase * period)
            return along(self.envelope, (beat / period + self.phase) % 1.0 * period)
        return min(1.0, max(0.0, 1 - level_db / self.floor))


def lfo(shape: Shape, turns: float) -> float:
    """0..1 after so many periods. Every shape but `saw` and `square` begins at 0."""
    turn = turns % 1.0
    match shape:
        case "sine":
            return 0.5 - 0.5 * math.cos(2 * math.pi * turn)
        case "triangle":
            return 1 - abs(2 * turn - 1)
        case "ramp":
            return turn
        case "saw":
            return 1 - turn
        case "square":
            return float(turn < 0.5)
        case "random":
            return scattered(math.floor(turns))


def along(points: Iterable[tuple[float, float]], beat: float) -> float:
    """The place on straight lines through `points` at `beat`; before the first and after the last it stays there."""
    points = list(points)
    for (start, low), (end, high) in pairwise(points):
        if beat < end:
            return low + (high - low) * max(0.0, beat - start) / (end - start)
    return points[-1][1]


def scattered(number: int) -> float:
    """0..1, as good as random, and always the same for the same number (SplitMix64: Steele, Lea and Flood 2014)."""
    mask = (1 << 64) - 1
    z = (number + 1) * 0x9E3779B97F4A7C15 & mask
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & mask
    z = (z ^ z >> 27) * 0x94D049BB133111EB & mask
    return (z ^ z >> 31) / 2**64


class Mover:
    """Says what moves set, at a bounded rate. A source that stands says nothing: hands are free."""

    def __init__(self) -> None:
        self.levels_db: dict[str, float] = {}
        """How loud the audio inputs are, by the names that moves give them, dB full scale."""
        self._moves: tuple[Move, ...] = ()
        self._began = 0.0
        self._last: dict[int, Value] = {}
        self._next_s: list[float] = []

    @property
    def inputs(self) -> set[str]:
        """The audio inputs that something follows."""
        return {move.input for move in self._moves if move.input is not None}

    def due(self, moves: tuple[Move, ...], beat: float, now: float, set_value: Callable[..., object]) -> None:
        """Calls `set_value(name, value, source)` for what has moved by `now` (s), at song position `beat`.

        Other `moves` than before begin to count here.
        """
        if moves != self._moves:
            self._moves, self._began, self._last, self._next_s = moves, beat, {}, [-math.inf] * len(moves)
        for index, move in enumerate(moves):
            if now < self._next_s[index]:
                continue
            level_db = self.levels_db.get(move.input or "", SILENCE_DB)
            value = move.value_at(move.place(beat, self._began, level_db))
            if value != self._last.get(index):
                self._last[index], self._next_s[index] = value, now + move.interval_s
                set_value(move.to, value, MODULATION)
