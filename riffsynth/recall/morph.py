"""Between whole presets: the place of a fractional index in a set, and the walk to another place in beats."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from riffsynth.parameters import NOT_BETWEEN, PARAMETERS, Kind, Parameter, Value
from riffsynth.recall.state import State

_END_VALUES = ("prompt", "negative", "seed", "strength", "guidance")


def morphed(states: Sequence[State], index: float) -> State:
    """The state at `index` of a set of at least one: at a whole number that state itself, between two of them both.

    Between, the left one stands at end A, the right one at end B, and alpha is the fraction: text embeddings and noise
    go as alpha takes them. Of a preset whose own alpha lies between its ends, the nearer end counts. An index beyond
    the set stands at its last.
    """
    index = min(max(0.0, index), len(states) - 1.0)
    left = math.floor(index)
    fraction = index - left
    if fraction == 0:
        return states[left]
    return between(states[left], states[left + 1], fraction)


def between(left: State, right: State, fraction: float) -> State:
    """Both states at once. What only one of them names is left out: it stays as it is."""
    ends = {"a": _nearer_end(left), "b": _nearer_end(right)}
    state: dict[str, Value] = {f"{letter}.{name}": end[name] for letter, end in ends.items() for name in _END_VALUES}
    state["alpha"] = fraction
    for name, value in left.items():
        if name not in state and name in right:
            state[name] = mixed(PARAMETERS[name], value, right[name], fraction)
    return state


def mixed(parameter: Parameter, left: Value, right: Value, fraction: float) -> Value:
    """Numbers go straight, or along the parameter's curve; whatever else changes at the middle."""
    number = parameter.kind in (Kind.FLOAT, Kind.INT)
    if not number or parameter.name in NOT_BETWEEN:
        return left if fraction < 0.5 else right
    if parameter.bounded:
        start, end = parameter.to_unit(left), parameter.to_unit(right)
        return parameter.from_unit(start + fraction * (end - start))
    value = float(left) + fraction * (float(right) - float(left))
    return round(value) if parameter.kind is Kind.INT else value


def _nearer_end(state: State) -> dict[str, Value]:
    letter = "a" if float(state["alpha"]) <= 0.5 else "b"
    return {name: state[f"{letter}.{name}"] for name in _END_VALUES}


@dataclass(frozen=True, slots=True)
class Walk:
    """From one index to another, evenly in beats."""

    start: float
    end: float
    from_beat: float
    beats: float

    def done(self, beat: float) -> bool:
        return beat >= self.from_beat + self.beats

    def index_at(self, beat: float) -> float:
        """Where it is at the song position `beat`; its start before, its end afterwards."""
        if self.done(beat):
            return self.end
        passed = max(0.0, beat - self.from_beat) / self.beats
        return self.start + passed * (self.end - self.start)
