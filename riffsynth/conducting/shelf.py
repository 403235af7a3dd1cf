"""What the player has been given to play: the clips that were made, init clips, and the masks that go with them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riffsynth.conducting.recipe import NONE, Manner, Recipe
from riffsynth.playback.messages import AddScore, ForgetScores, ToPlayer
from riffsynth.spectrogram.clip import Clip, Score

KEPT_CLIPS = 12
"""Clips kept loaded, those that are needed among them: with the others a hand that comes back finds what it left. One
number for both keeps memory flat: a clip with its score is 0.85 MB, in control and again in the keeper."""
UNREMEMBERED = 1000
"""Numbers that may have been given away since they were last remembered."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A clip whose score the player has under `key`."""

    key: int
    clip: Clip
    score: Score


@dataclass(frozen=True)
class ShelfMemory:
    """What a shelf holds that a new one goes on with."""

    made: dict[Recipe, Loaded]
    inits: dict[str, Loaded]
    numbers: int


class Shelf:
    """Keeps what is loaded, here and in the player. The clip that was used last comes last in `made`."""

    def __init__(self, to_player: Callable[[ToPlayer], Any]) -> None:
        self._to_player = to_player
        self.made: dict[Recipe, Loaded] = {}
        self.inits: dict[str, Loaded] = {}
        self.masks: dict[str, NDArray[np.float32]] = {}
        self._numbers = 0

    @property
    def memory(self) -> ShelfMemory:
        return ShelfMemory(dict(self.made), dict(self.inits), self._numbers)

    def take_over(self, memory: ShelfMemory) -> None:
        """Goes on where another shelf was cut off: the player has what it held."""
        self.made, self.inits = dict(memory.made), dict(memory.inits)
        self._numbers = memory.numbers + UNREMEMBERED

    def number(self) -> int:
        """One that was never given before: scores, decks and requests are told apart by it."""
        self._numbers += 1
        return self._numbers

    def load(self, clip: Clip, score: Score) -> Loaded:
        """Gives the player a score that is kept nowhere else."""
        loaded = Loaded(self.number(), clip, score)
        self._to_player(AddScore(loaded.key, score))
        return loaded

    def add(self, recipe: Recipe, clip: Clip, score: Score) -> Loaded:
        self.made[recipe] = self.load(clip, score)
        return self.made[recipe]

    def add_init(self, name: str, clip: Clip, score: Score) -> None:
        """In place of the init clip before, and of what was nothing but that."""
        stale = tuple(loaded.key for loaded in self.inits.values())
        self.made = {recipe: loaded for recipe, loaded in self.made.items() if loaded.key not in stale}
        self.inits = {name: self.load(clip, score)}
        if stale:
            self._to_player(ForgetScores(stale))

    def add_mask(self, name: str, mask: NDArray[np.float32]) -> None:
        """In place of the mask before; a clip that was made with an earlier one of its name is no longer right."""
        self.masks = {name: mask}
        self.forget([recipe for recipe in self.made if recipe.how.mask == name])

    def use(self, recipe: Recipe) -> Loaded:
        """The clip of `recipe`, which is kept longest from now on."""
        self.made[recipe] = self.made.pop(recipe)
        return self.made[recipe]

    def serves(self, how: Manner) -> bool:
        """Everything is loaded that a clip made in this manner needs."""
        init = how.init in (NONE, "playing") or how.init in self.inits
        return init and (how.mask == NONE or how.mask in self.masks)

    def thin_out(self, needed: Collection[Recipe]) -> None:
        """Forgets what was used longest ago, but never what is needed."""
        others = [recipe for recipe in self.made if recipe not in needed]
        self.forget(others[: max(0, len(self.made) - KEPT_CLIPS)])

    def forget(self, recipes: Iterable[Recipe]) -> None:
        keys = tuple(self.made.pop(recipe).key for recipe in list(recipes))
        keys = tuple(key for key in keys if not any(key == loaded.key for loaded in self.inits.values()))
        if keys:
            self._to_player(ForgetScores(keys))

    def supply(self, held: Collection[int]) -> None:
        """Gives the player what it does not hold by now."""
        for key, score in {each.key: each.score for each in [*self.made.values(), *self.inits.values()]}.items():
            if key not in held:
                self._to_player(AddScore(key, score))
