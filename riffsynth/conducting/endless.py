"""Music without end: while one half of the loop plays, the other one is asked for anew, as what follows and leads back.

A half that is late costs a repetition: the loop stays closed.
"""

from __future__ import annotations

import math
from dataclasses import replace

from riffsynth.conducting.recipe import NONE, Recipe
from riffsynth.parameters import SEED_MAX
from riffsynth.timing.musical import loop_length


def next_half(target: Recipe, beats: float, meter: int, beat: float) -> tuple[int, Recipe]:
    """Which half of the song comes after the one at `beat`, counted from its beginning, and what to ask for it.

    `target` is what the performer asks for, `beats` the length of the clip that plays; `meter` is beats a bar.
    """
    looped = loop_length(beats, meter)
    half = math.floor(2 * beat / looped) + 1
    middle = looped / 2 / beats
    repaint = (middle, 1.0) if half % 2 else (0.0, middle)
    a, b = (replace(end, seed=(end.seed + half) % (SEED_MAX + 1)) for end in (target.a, target.b))
    return half, Recipe(a, b, target.alpha, replace(target.how, init="playing", mask=NONE, repaint=repaint))
