"""What decides how a clip sounds, as the performer's values say it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from riffsynth.control.harmony import in_harmony
from riffsynth.diffusion.request import OWN_SAMPLER, WHOLE, End
from riffsynth.parameters import LORAS, Value

NONE = "none"
NO_FILE = (NONE, "", "playing", "input")
"""Values of parameters for files that name none; a field that was cleared means none too."""

Unusable = frozenset[tuple[str, str]]
"""Files that were asked for and cannot be used: `init`, `mask` or `lora`, and what the file is called."""


class Values(Protocol):
    """Read access to the parameters' current values by name."""

    def get(self, name: str) -> Value: ...


def init_name(values: Values) -> str:
    """What the init clip that is asked for is called: the parameter's value, and which of a folder's files it is."""
    init, number = str(values.get("init")) or NONE, int(values.get("init_number"))
    return f"{init} ({number})" if number and init not in NO_FILE else init


@dataclass(frozen=True, slots=True)
class Manner:
    """What a recipe says beside its two ends."""

    steps: int = 0
    init: str = NONE
    mask: str = NONE
    sampler: str = OWN_SAMPLER
    loras: tuple[tuple[str, float], ...] = ()
    """As the table names them."""
    repaint: tuple[float, float] = WHOLE

    def without(self, unusable: Unusable) -> Manner:
        """The same, as if the files that cannot be used had not been named."""
        return replace(
            self,
            init=NONE if ("init", self.init) in unusable else self.init,
            mask=NONE if ("mask", self.mask) in unusable else self.mask,
            loras=tuple(lora for lora in self.loras if ("lora", lora[0]) not in unusable),
        )

    @classmethod
    def asked(cls, values: Values) -> Manner:
        """What the performer asks for."""
        mask = str(values.get("mask"))
        loras = ((str(values.get(name)), float(values.get(f"{name}_weight"))) for name in LORAS)
        return cls(
            int(values.get("steps")),
            init_name(values),
            NONE if mask in NO_FILE else mask,
            str(values.get("sampler")),
            tuple((file, weight) for file, weight in loras if file not in NO_FILE and weight),
        )


@dataclass(frozen=True, slots=True)
class Recipe:
    """What decides how a clip sounds. Two moments with equal recipes share one clip."""

    a: End
    b: End
    alpha: float
    how: Manner

    @classmethod
    def at(cls, a: End, b: End, alpha: float, how: Manner) -> Recipe:
        """The recipe in its plain form: at an end the other end does not matter, from noise the init does not."""
        if alpha <= 0:
            b = a
        elif alpha >= 1:
            a, alpha = b, 0.0
        recipe = cls(a, b, max(0.0, alpha), how)
        if how.init == NONE or (recipe.strength >= 1 and how.mask == NONE and how.repaint == WHOLE):
            return replace(recipe, how=replace(how, init=NONE, mask=NONE, repaint=WHOLE))
        return recipe

    @property
    def strength(self) -> float:
        return (1 - self.alpha) * self.a.strength + self.alpha * self.b.strength

    @property
    def words(self) -> frozenset[tuple[str, str]]:
        """The prompts in it, positive and negative."""
        return frozenset({(self.a.prompt, self.a.negative), (self.b.prompt, self.b.negative)})


def end_of(values: Values, letter: str) -> End:
    """End `letter`, a or b, as it stands."""
    return End(
        prompt=in_harmony(str(values.get(f"{letter}.prompt")), str(values.get("harmony"))),
        negative=str(values.get(f"{letter}.negative")),
        seed=int(values.get(f"{letter}.seed")),
        strength=float(values.get(f"{letter}.strength")),
        guidance=float(values.get(f"{letter}.guidance")),
    )


def asked(values: Values, heard: str, unusable: Unusable = frozenset()) -> tuple[Recipe, Recipe, Recipe]:
    """What the performer asks for: the clip at alpha, and those of both ends.

    `heard` is what is called the clip that the input played last. What is `unusable` is left out.
    """
    a, b = (end_of(values, letter) for letter in "ab")
    how = Manner.asked(values)
    if how.init == "input":
        how = replace(how, init=heard)
    how = how.without(unusable)
    here = Recipe.at(a, b, float(values.get("alpha")), how)
    return here, Recipe.at(a, b, 0.0, how), Recipe.at(a, b, 1.0, how)
