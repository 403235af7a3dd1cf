"""What to ask the model for next, and when what it made enters.

One request runs; what waits is no queue but the performer's values as they stand when the worker is free again, so the
newest always replaces what waited. The running request is abandoned only for another prompt or a panic: otherwise a
moving knob would cancel everything and nothing would ever arrive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riffsynth.conducting.endless import next_half
from riffsynth.conducting.entrances import Entrances, EntrancesMemory
from riffsynth.conducting.recipe import Recipe, Values, asked
from riffsynth.conducting.refusals import Refusals
from riffsynth.conducting.requests import Requests
from riffsynth.conducting.shelf import Shelf, ShelfMemory
from riffsynth.conducting.speculation import Course, likely, stops
from riffsynth.diffusion.messages import (
    Cancelled,
    Failed,
    FromWorker,
    Generated,
    Ready,
    ToWorker,
    device_batches,
)
from riffsynth.diffusion.request import WHOLE
from riffsynth.parameters import SEED_MAX, Value
from riffsynth.playback.messages import Entered, Holds, Silence, ToPlayer
from riffsynth.spectrogram.clip import Clip, Score
from riffsynth.timing.timeline import Timeline


@dataclass(frozen=True)
class ConductorMemory:
    """What a conductor knows that a new one goes on with."""

    shelf: ShelfMemory
    entrances: EntrancesMemory


class Conductor:
    """Owns what is asked for; the shelf keeps what is loaded, the entrances which deck was sent to the player last.

    Commands leave through the three callables; nothing here waits, opens a device or reads a clock.
    """

    def __init__(
        self,
        to_player: Callable[[ToPlayer], Any],
        to_worker: Callable[[ToWorker], Any],
        set_value: Callable[[str, Value], Any],
        locate: Callable[[str], str] = str,
    ) -> None:
        """`locate` answers where the file lies that a value names."""
        self._to_player = to_player
        self._set_value = set_value
        self._refusals = Refusals(locate)
        self._shelf = Shelf(to_player)
        self._requests = Requests(to_worker, self._shelf, locate)
        self._entrances = Entrances(to_player, self._shelf)
        self._heard = "input"
        self._half: int | None = None
        self._drift_due = False
        self._asked: Recipe | None = None
        self._course = Course()
        self._likely: list[Recipe] = []

    @property
    def generating(self) -> int | None:
        """The id of the request that runs, if one does."""
        return self._requests.running.id if self._requests.running else None

    def generating_for(self, now: float) -> float:
        """Seconds since the request that runs was made; 0 if none does."""
        return self._requests.running_for(now)

    def overdue(self, now: float) -> bool:
        """The request that runs has made no progress for so long that none is to be expected."""
        return self._requests.overdue(now)

    @property
    def sounding(self) -> Clip | None:
        """The clip that plays, as far as the player has told."""
        return self._entrances.sounding

    @property
    def memory(self) -> ConductorMemory:
        return ConductorMemory(self._shelf.memory, self._entrances.memory)

    def take_over(self, memory: ConductorMemory) -> None:
        """Goes on where another conductor was cut off: the player knows what it was sent."""
        self._shelf.take_over(memory.shelf)
        self._entrances.take_over(memory.entrances)

    # What happens elsewhere

    def on_worker(self, message: FromWorker, values: Values, beat: float) -> None:
        """Takes in what the worker says; `beat` is the song position now."""
        if isinstance(message, Ready):
            self._requests.on_ready(message)
            self._refusals.forget()
        elif isinstance(message, Generated):
            self._take(message, values, beat)
        elif isinstance(message, (Failed, Cancelled)):
            ended = self._requests.ended(message)
            if ended and (isinstance(message, Cancelled) or self._refusals.failed(ended.recipe, message.unfit)):
                self._half = None  # the half that was being painted is still to be painted

    def on_progress(self, now: float) -> None:
        """The request that runs has made a step."""
        self._requests.on_progress(now)

    def on_worker_lost(self) -> None:
        """The worker has died: what it was making will not come; a new one will say that it is ready."""
        self._requests.on_lost()

    def on_entered(self, message: Entered, values: Values) -> None:
        """A deck has begun to sound."""
        if self._entrances.on_entered(message):
            self._drift_due = bool(values.get("drift"))

    def on_heard(self, clip: Clip, score: Score) -> None:
        """What the input just played, as an init clip: the next clip works against it."""
        self._heard = f"input {self._shelf.number()}"
        self.on_init(self._heard, clip, score)

    def on_mask(self, name: str, mask: NDArray[np.float32]) -> None:
        """A file named by `mask` has been read: (bands, columns), 1 where it is painted anew."""
        self._shelf.add_mask(name, mask)
        self._refusals.retry()

    def on_init(self, name: str, clip: Clip, score: Score) -> None:
        """A file named by `init` has been read."""
        self._refusals.retry()
        self._shelf.add_init(name, clip, score)

    def on_unreadable(self, kind: str, name: str) -> None:
        """The file that `init` or `mask` names is none: clips are made without it, until it is named anew."""
        self._refusals.unreadable(kind, name)

    def on_named(self, kind: str, name: str) -> None:
        """A parameter names a file, of the `kind` init, mask or lora: it may be another one than it was."""
        self._refusals.named(kind, name)

    def first_clip(self, clip: Clip, score: Score, values: Values, beat: float) -> None:
        """A preset's own clip: sounds until the model has made one."""
        self._entrances.alone(self._shelf.load(clip, score), float(values.get("alpha")), values, beat)

    def hold(self) -> None:
        """An end has become another, and alpha with it: the deck, which has the old ends, no longer follows alpha."""
        self._entrances.hold()

    def resync(self, beat: float) -> None:
        """A new player knows nothing: it gets what is loaded and the deck that was playing or waiting."""
        self.on_holds(Holds((), None, None), beat)

    def on_holds(self, holds: Holds, beat: float) -> None:
        """What the player has; it gets the rest."""
        self._shelf.supply(holds.scores)
        self._entrances.on_holds(holds, beat)

    def panic(self) -> None:
        """Silence at once, nothing kept; the values as they are will be generated anew."""
        self._requests.cancel()
        self._to_player(Silence())
        self._shelf.forget(list(self._shelf.made))
        self._entrances.clear()
        self._refusals.forget()

    # What follows from the values

    def step(
        self, values: Values, timeline: Timeline, now: float, following: Mapping[str, Value] | None = None
    ) -> None:
        """Asks for the next clip if the worker is free, or lets a clip enter that is there already.

        `following` is what the next preset of the set would set; with time to spare its clips are made, too.
        """
        beat = timeline.beat_at(now)
        if self._drift_due:
            self._drift_due = False
            for name in ("a.seed", "b.seed"):
                self._set_value(name, (int(values.get(name)) + 1) % (SEED_MAX + 1))
        target, a, b = asked(values, self._heard, self._refusals.unusable)
        alpha = float(values.get("alpha"))
        heading = self._course.follow((a, b), alpha)
        running = self._requests.running
        if running and not running.guess and not running.words <= a.words | b.words | target.words:
            self._requests.cancel()
        shelf, entrances = self._shelf, self._entrances
        if values.get("endless") and entrances.deck and entrances.sounding:
            self._paint_on(entrances.sounding, target, alpha, values, timeline, now)
            return
        if target.strength <= 0 and target.how.init in shelf.inits:
            shelf.made[target] = shelf.inits[target.how.init]
        if target in shelf.made and (entrances.held or not entrances.plays(shelf.made[target], alpha)):
            entrances.target(target, alpha, self._around(target, a, b), values, beat)
        elif entrances.held and target.alpha > 0 and a in shelf.made and b in shelf.made:
            entrances.ends(shelf.made[a], shelf.made[b], values, beat)
        if not self._requests.model or (running and not running.guess):
            return
        recipe = self._next(target, a, b, alpha)
        if recipe is None:
            self._guess(values, heading, following, timeline, now)
            return
        place = alpha if recipe == target else float(recipe == b)
        if running is None:
            also = b if recipe == a and self._at_once(target, a, b) else None
            self._request(recipe, place, values, timeline, now, also=also)
        elif running.recipe == recipe:  # rightly guessed
            running.guess, running.alpha = False, place
        else:
            self._requests.cancel()

    def _guess(
        self, values: Values, heading: int, following: Mapping[str, Value] | None, timeline: Timeline, now: float
    ) -> None:
        """There is time to spare: what is likely next is made, and nobody hears of it."""
        self._likely = likely(values, self._heard, heading, following, self._refusals.unusable)
        if self._requests.running is None and (recipe := self._missing(self._likely)):
            self._request(recipe, recipe.alpha, values, timeline, now, guess=True)

    def _around(self, target: Recipe, a: Recipe, b: Recipe) -> dict[float, Recipe]:
        """What belongs into a deck beside its target, by alpha."""
        return {0.0: a, 1.0: b, **stops(target, (a, b))}

    def _paint_on(
        self, sounding: Clip, target: Recipe, alpha: float, values: Values, timeline: Timeline, now: float
    ) -> None:
        """Asks for the next half of the loop, once."""
        requests = self._requests
        if not requests.model or requests.running or self._entrances.entry or not timeline.playing:
            return
        half, recipe = next_half(target, sounding.beats, int(values.get("meter")), timeline.beat_at(now))
        if half != self._half and recipe not in self._refusals:
            self._half = half
            self._request(recipe, alpha, values, timeline, now)

    def _next(self, target: Recipe, a: Recipe, b: Recipe, alpha: float) -> Recipe | None:
        """The clip for alpha as it stands first; then, with time to spare, the ends, so that alpha acts at once.

        While alpha moves a clip made for it is late, and the ends come first.
        """
        ends = (a, b) if b.a.prompt or alpha > 0 else (a,)
        return self._missing((*ends, target) if self._moves(target) else (target, *ends))

    def _at_once(self, target: Recipe, a: Recipe, b: Recipe) -> bool:
        """Are both ends wanted, and neither before the other, where two in a batch take less than twice as long?"""
        model = self._requests.model
        alike = a.how == b.how and a.strength == b.strength
        return bool(model and device_batches(model.device) and alike and target not in (a, b) and self._missing((b,)))

    def _missing(self, recipes: Iterable[Recipe]) -> Recipe | None:
        """The first one that is not there, and can be made."""
        for recipe in recipes:
            if recipe not in self._shelf.made and recipe not in self._refusals and self._shelf.serves(recipe.how):
                return recipe
        return None

    def _moves(self, target: Recipe) -> bool:
        """Is alpha on its way between the ends, or have these only just become the ends?"""
        asked = self._asked
        return target.alpha > 0 and (
            self._entrances.held or (asked is not None and asked == replace(target, alpha=asked.alpha))
        )

    def _request(
        self,
        recipe: Recipe,
        alpha: float,
        values: Values,
        timeline: Timeline,
        now: float,
        guess: bool = False,
        also: Recipe | None = None,
    ) -> None:
        quantize = 0.0 if guess else float(values.get("quantize"))  # no boundary waits for a guess
        if recipe.alpha > 0 and not guess:
            self._asked = recipe
        self._requests.ask(recipe, alpha, self._entrances.sounding, quantize, timeline, now, guess, also)

    def _take(self, message: Generated, values: Values, beat: float) -> None:
        running = self._requests.ended(message)
        if not running or running.cancelled:
            return
        recipe = running.recipe
        made = self._shelf.add(recipe, message.clip, message.score)
        target, a, b = asked(values, self._heard, self._refusals.unusable)
        if recipe.how.repaint != WHOLE:
            self._entrances.repainted(made, running.alpha, beat)
        elif running.guess:
            if stops(target, (a, b)).get(recipe.alpha) == recipe:
                self._entrances.join(made, recipe.alpha, beat)
        elif recipe == target or recipe not in (a, b):
            # Also a clip for an alpha that has moved on: it is nearer to the hand than what plays.
            self._entrances.target(recipe, running.alpha, self._around(target, a, b), values, beat)
        else:
            self._entrances.join(made, running.alpha, beat)
        self._shelf.thin_out((a, b, *self._likely))
