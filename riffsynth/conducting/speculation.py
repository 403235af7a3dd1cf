"""What a performer is likely to ask for next, so that a model with nothing to do makes it beforehand.

Two guesses are worth a clip: alpha goes on the way that it took, and the set goes on with its next preset.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from riffsynth.conducting.recipe import Recipe, Unusable, Values, asked
from riffsynth.parameters import Value

STOPS = (0.25, 0.5, 0.75)
"""Places on alpha's way that are made beforehand; Riffusion's web app walks in these steps."""
MOST_LIKELY = 6
"""Clips that are kept on suspicion."""


class Course:
    """Which way alpha was last moved between the same two ends."""

    def __init__(self) -> None:
        self._ends: tuple[Recipe, Recipe] | None = None
        self._alpha = 0.0
        self._heading = 0

    def follow(self, ends: tuple[Recipe, Recipe], alpha: float) -> int:
        """1 towards B, -1 towards A, 0 while it has not been moved; to be asked whenever alpha may have changed."""
        if ends != self._ends:
            self._heading = 0
        elif alpha != self._alpha:
            self._heading = 1 if alpha > self._alpha else -1
        self._ends, self._alpha = ends, alpha
        return self._heading


@dataclass(frozen=True)
class Later:
    """The values as they will be when `state` has been set."""

    values: Values
    state: Mapping[str, Value]

    def get(self, name: str) -> Value:
        return self.state[name] if name in self.state else self.values.get(name)


def stops(target: Recipe, ends: tuple[Recipe, Recipe]) -> dict[float, Recipe]:
    """The recipes on the way between two ends, by alpha, made as `target` is."""
    a, b = ends
    return {place: Recipe.at(a.a, b.a, place, target.how) for place in STOPS} if a != b else {}


def likely(
    values: Values,
    heard: str,
    heading: int,
    following: Mapping[str, Value] | None,
    unusable: Unusable = frozenset(),
) -> list[Recipe]:
    """What may be asked for next, the likeliest first.

    `heard` and `unusable` are as for `asked`, `heading` the course of alpha, `following` what the next preset of
    the set would set. What works against the clip that plays, or wears other LoRAs, cannot be made beforehand.
    """
    target, a, b = asked(values, heard, unusable)
    alpha = float(values.get("alpha"))
    way = stops(target, (a, b)) if heading else {}
    ahead = [way[place] for place in sorted(way, reverse=heading < 0) if (place - alpha) * heading > 0]
    if following:
        later = Later(values, following)
        there, *both = asked(later, heard, unusable)
        ahead += [there, *(both if later.get("b.prompt") else both[:1])]
    made_now = (recipe for recipe in ahead if recipe.how.init != "playing" and recipe.how.loras == target.how.loras)
    return list(dict.fromkeys(made_now))[:MOST_LIKELY]
