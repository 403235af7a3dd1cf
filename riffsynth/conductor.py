"""What to ask the model for next, and when what it made enters.

One request runs; what waits is no queue but the performer's values as they stand when the worker is free again, so the
newest always replaces what waited. The running request is abandoned only for another prompt or a panic: otherwise a
moving knob would cancel everything and nothing would ever arrive.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riffsynth.diffusion.messages import (
    Cancel,
    Cancelled,
    Failed,
    FromWorker,
    Generate,
    Generated,
    Pace,
    Ready,
    ToWorker,
)
from riffsynth.diffusion.request import WHOLE, ClipRequest
from riffsynth.parameters import SEED_MAX, Value
from riffsynth.playback.messages import AddScore, Deck, Enter, Entered, ForgetScores, Hold, Holds, Silence, ToPlayer
from riffsynth.recipe import NONE, Manner, Recipe, Values, end_of
from riffsynth.spectrogram.clip import Clip, Score
from riffsynth.timing.musical import loop_length
from riffsynth.timing.timeline import Timeline, next_boundary

MIN_STEPS = 4
"""Fewer steps than this cost too much quality to be chosen automatically."""
BOUNDARY_MARGIN_S = 0.15
"""Spare time kept before a boundary when steps are chosen to meet it."""
KEPT_CLIPS = 8
"""Clips kept loaded for a hand that comes back."""
END_JOINS_BEATS = 0.25
"""Crossfade to a deck that differs only where it does not play: an end was added to it, or its other half painted."""
MOST_FAILED = 32
UNREMEMBERED = 1000
"""Numbers that may have been given away since they were last remembered."""
LEAST_PATIENCE_S = 30.0
PATIENCE_STEPS = 30
"""A step may take this many times what steps take, at least LEAST_PATIENCE_S; then the worker hangs."""


@dataclass(frozen=True, slots=True)
class _Made:
    key: int
    clip: Clip
    score: Score


@dataclass(slots=True)
class _Running:
    id: int
    recipe: Recipe
    alpha: float
    since: float
    """When it was asked for, in seconds of the clock."""
    heard: float
    """When it last made progress."""
    cancelled: bool = False


@dataclass(frozen=True)
class ConductorMemory:
    """What a conductor knows that a new one goes on with."""

    made: dict[Recipe, _Made]
    inits: dict[str, _Made]
    deck: Deck | None
    entry: Enter | None
    sounding: Clip | None
    coming: Clip | None
    numbers: int
    held: bool


class Conductor:
    """Owns what is asked for, what is loaded, and which deck was sent to the player last.

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
        self._to_worker = to_worker
        self._set_value = set_value
        self._locate = locate
        self._model: Ready | None = None
        self._pace: Pace | None = None
        self._running: _Running | None = None
        self._failed: set[Recipe] = set()
        self._made: dict[Recipe, _Made] = {}
        self._inits: dict[str, _Made] = {}
        self._masks: dict[str, NDArray[np.float32]] = {}
        self._heard = "input"
        self._half: int | None = None
        self._deck: Deck | None = None
        self._entry: Enter | None = None
        self._sounding: Clip | None = None
        self._coming: Clip | None = None
        self._numbers = 0
        self._drift_due = False
        self._held = False
        self._asked: Recipe | None = None

    @property
    def generating(self) -> int | None:
        """The id of the request that runs, if one does."""
        return self._running.id if self._running else None

    def generating_for(self, now: float) -> float:
        """Seconds since the request that runs was made; 0 if none does."""
        return now - self._running.since if self._running else 0.0

    def overdue(self, now: float) -> bool:
        """The request that runs has made no progress for so long that none is to be expected."""
        running = self._running
        pace_s = self._pace.seconds(1) if self._pace else 0.0
        return running is not None and now - running.heard > max(LEAST_PATIENCE_S, PATIENCE_STEPS * pace_s)

    @property
    def sounding(self) -> Clip | None:
        """The clip that plays, as far as the player has told."""
        return self._sounding

    @property
    def memory(self) -> ConductorMemory:
        return ConductorMemory(
            dict(self._made),
            dict(self._inits),
            self._deck,
            self._entry,
            self._sounding,
            self._coming,
            self._numbers,
            self._held,
        )

    def take_over(self, memory: ConductorMemory) -> None:
        """Goes on where another conductor was cut off: the player knows what it was sent."""
        self._made, self._inits = dict(memory.made), dict(memory.inits)
        self._deck, self._entry, self._held = memory.deck, memory.entry, memory.held
        self._sounding, self._coming = memory.sounding, memory.coming
        self._numbers = memory.numbers + UNREMEMBERED

    # What happens elsewhere

    def on_worker(self, message: FromWorker, values: Values, beat: float) -> None:
        """Takes in what the worker says; `beat` is the song position now."""
        if isinstance(message, Ready):
            self._model, self._pace = message, message.pace
            self._running = None
            self._failed.clear()
        elif isinstance(message, Generated):
            self._take(message, values, beat)
        elif isinstance(message, (Failed, Cancelled)) and self._running and message.id == self._running.id:
            if isinstance(message, Failed):
                if len(self._failed) >= MOST_FAILED:
                    self._failed.clear()
                self._failed.add(self._running.recipe)
            else:
                self._half = None  # the half that was being painted is still to be painted
            self._running = None

    def on_progress(self, now: float) -> None:
        """The request that runs has made a step."""
        if self._running:
            self._running.heard = now

    def on_worker_lost(self) -> None:
        """The worker has died: what it was making will not come; a new one will say that it is ready."""
        self._model = None
        self._running = None

    def on_entered(self, message: Entered, values: Values) -> None:
        """A deck has begun to sound."""
        if self._entry and message.deck_id == self._entry.deck.id:
            self._entry = None
            self._sounding = self._coming
            self._drift_due = bool(values.get("drift"))

    def on_heard(self, clip: Clip, score: Score) -> None:
        """What the input just played, as an init clip: the next clip works against it."""
        self._heard = f"input {self._number()}"
        self.on_init(self._heard, clip, score)

    def on_mask(self, name: str, mask: NDArray[np.float32]) -> None:
        """A file named by `mask` has been read: (bands, columns), 1 where it is painted anew."""
        self._masks = {name: mask}
        self._forget([recipe for recipe in self._made if recipe.how.mask == name])
        self._failed.clear()

    def on_init(self, name: str, clip: Clip, score: Score) -> None:
        """A file named by `init` has been read."""
        self._failed.clear()
        stale = tuple(made.key for made in self._inits.values())
        self._made = {recipe: made for recipe, made in self._made.items() if made.key not in stale}
        self._inits = {name: _Made(self._add(score), clip, score)}
        if stale:
            self._to_player(ForgetScores(stale))

    def first_clip(self, clip: Clip, score: Score, values: Values, beat: float) -> None:
        """A preset's own clip: sounds until the model has made one."""
        made = _Made(self._add(score), clip, score)
        self._enter(Deck(self._number(), ((float(values.get("alpha")), made.key),)), clip, values, beat)

    def hold(self) -> None:
        """An end has become another, and alpha with it: the deck, which has the old ends, no longer follows alpha."""
        if self._deck:
            self._held = True
            self._to_player(Hold())

    def resync(self, beat: float) -> None:
        """A new player knows nothing: it gets what is loaded and the deck that was playing or waiting."""
        self.on_holds(Holds((), None, None), beat)

    def on_holds(self, holds: Holds, beat: float) -> None:
        """What the player has; it gets the rest."""
        loaded = {made.key: made.score for made in [*self._made.values(), *self._inits.values()]}
        for key, score in loaded.items():
            if key not in holds.scores:
                self._to_player(AddScore(key, score))
        if self._deck and self._deck.id == holds.sounding:
            if self._entry:
                self._entry, self._sounding = None, self._coming
        elif self._deck and self._deck.id != holds.waiting:
            self._entry = Enter(self._deck, beat, 0.0)
            self._to_player(self._entry)

    def panic(self) -> None:
        """Silence at once, nothing kept; the values as they are will be generated anew."""
        self._cancel()
        self._to_player(Silence())
        self._forget(list(self._made))
        self._deck = self._entry = None
        self._failed.clear()
        self._held = False

    # What follows from the values

    def step(self, values: Values, timeline: Timeline, now: float) -> None:
        """Asks for the next clip if the worker is free, or lets a clip enter that is there already."""
        beat = timeline.beat_at(now)
        if self._drift_due:
            self._drift_due = False
            for name in ("a.seed", "b.seed"):
                self._set_value(name, (int(values.get(name)) + 1) % (SEED_MAX + 1))
        target, a, b = self._recipes(values)
        alpha = float(values.get("alpha"))
        if self._running and not self._running.recipe.words <= a.words | b.words | target.words:
            self._cancel()
        if values.get("endless") and self._deck and self._sounding:
            self._paint_on(target, alpha, values, timeline, now)
            return
        if target.strength <= 0 and target.how.init in self._inits:
            self._made[target] = self._inits[target.how.init]
        if target in self._made and (self._held or not self._plays(target, alpha)):
            self._enter_target(target, alpha, values, beat)
        elif self._held and target.alpha > 0 and a in self._made and b in self._made:
            self._enter_ends(a, b, values, beat)
        if self._model and not self._running and (recipe := self._next(target, a, b, alpha)):
            self._request(recipe, alpha if recipe == target else float(recipe == b), values, timeline, now)

    def _paint_on(self, target: Recipe, alpha: float, values: Values, timeline: Timeline, now: float) -> None:
        """While one half of the loop plays, the other one is asked for anew, as what follows and leads back to it.

        So music goes on without end, and a half that is late costs a repetition: the loop stays closed.
        """
        assert self._sounding
        if not self._model or self._running or self._entry or not timeline.playing:
            return
        beats = self._sounding.beats
        looped = loop_length(beats, int(values.get("meter")))
        half = math.floor(2 * timeline.beat_at(now) / looped) + 1
        middle = looped / 2 / beats
        repaint = (middle, 1.0) if half % 2 else (0.0, middle)
        a, b = (replace(end, seed=(end.seed + half) % (SEED_MAX + 1)) for end in (target.a, target.b))
        how = replace(Manner.asked(values), init="playing", mask=NONE, repaint=repaint)
        recipe = Recipe(a, b, target.alpha, how)
        if half != self._half and recipe not in self._failed:
            self._half = half
            self._request(recipe, alpha, values, timeline, now)

    def _recipes(self, values: Values) -> tuple[Recipe, Recipe, Recipe]:
        a, b = (end_of(values, letter) for letter in "ab")
        how = Manner.asked(values)
        if how.init == "input":
            how = replace(how, init=self._heard)
        here = Recipe.at(a, b, float(values.get("alpha")), how)
        return here, Recipe.at(a, b, 0.0, how), Recipe.at(a, b, 1.0, how)

    def _next(self, target: Recipe, a: Recipe, b: Recipe, alpha: float) -> Recipe | None:
        """The clip for alpha as it stands first; then, with time to spare, the ends, so that alpha acts at once.

        While alpha moves a clip made for it is late, and the ends come first.
        """
        ends = (a, b) if b.a.prompt or alpha > 0 else (a,)
        for recipe in (*ends, target) if self._moves(target) else (target, *ends):
            how = recipe.how
            ready = how.init in (NONE, "playing") or how.init in self._inits
            ready = ready and (how.mask == NONE or how.mask in self._masks)
            if recipe not in self._made and recipe not in self._failed and ready:
                return recipe
        return None

    def _moves(self, target: Recipe) -> bool:
        """Is alpha on its way between the ends, or have these only just become the ends?"""
        asked = self._asked
        return target.alpha > 0 and (self._held or (asked is not None and asked == replace(target, alpha=asked.alpha)))

    def _request(self, recipe: Recipe, alpha: float, values: Values, timeline: Timeline, now: float) -> None:
        how = recipe.how
        init = self._sounding if how.init == "playing" else None
        if how.init in self._inits:
            init = self._inits[how.init].clip
        if init:  # how it was made is not needed: music that feeds on itself would drag its whole past along
            init = replace(init, request=None)
        request = ClipRequest(
            self._number(),
            recipe.a,
            recipe.b,
            recipe.alpha,
            how.steps or self._steps_in_time(values, timeline, now),
            init,
            self._masks.get(how.mask),
            how.repaint,
            how.sampler,
            tuple((self._locate(file), weight) for file, weight in how.loras),
        )
        self._running = _Running(request.id, recipe, alpha, now, now)
        if recipe.alpha > 0:
            self._asked = recipe
        self._to_worker(Generate(request))

    def _steps_in_time(self, values: Values, timeline: Timeline, now: float) -> int:
        """As many steps as are done before the next boundary, or the one after where that is too near."""
        assert self._model and self._pace
        most, quantize = self._model.default_steps, float(values.get("quantize"))
        if quantize <= 0 or not timeline.playing:
            return most
        boundary = next_boundary(timeline.beat_at(now), quantize)
        for _ in range(2):
            spare_s = timeline.time_at(boundary) - now - BOUNDARY_MARGIN_S - self._pace.overhead_s
            steps = int(spare_s / max(self._pace.step_s, 1e-6))
            if steps >= min(MIN_STEPS, most):
                return min(steps, most)
            boundary += quantize
        return min(MIN_STEPS, most)

    def _take(self, message: Generated, values: Values, beat: float) -> None:
        running, self._running = self._running, None
        if not running or message.id != running.id:
            self._running = running
            return
        self._pace = message.pace
        if running.cancelled:
            return
        self._made[running.recipe] = _Made(self._add(message.score), message.clip, message.score)
        target, a, b = self._recipes(values)
        if running.recipe.how.repaint != WHOLE:
            deck = Deck(self._number(), ((running.alpha, self._made[running.recipe].key),))
            self._held = False
            self._send(Enter(deck, beat, END_JOINS_BEATS), message.clip)
        elif running.recipe == target or running.recipe not in (a, b):
            # Also a clip for an alpha that has moved on: it is nearer to the hand than what plays.
            self._enter_target(running.recipe, running.alpha, values, beat)
        elif self._deck and not self._held:
            self._join(running.recipe, running.alpha, beat)
        self._forget([recipe for recipe in self._made if recipe not in (a, b)][:-KEPT_CLIPS])

    def _enter_target(self, recipe: Recipe, alpha: float, values: Values, beat: float) -> None:
        made = self._made[recipe]
        anchors = {alpha: made.key}
        _, a, b = self._recipes(values)
        for place, end in ((0.0, a), (1.0, b)):
            if end in self._made:
                anchors.setdefault(place, self._made[end].key)
        self._made[recipe] = self._made.pop(recipe)  # the most recently used comes last
        self._enter(Deck(self._number(), tuple(sorted(anchors.items()))), made.clip, values, beat)

    def _enter_ends(self, a: Recipe, b: Recipe, values: Values, beat: float) -> None:
        """Two ends that are loaded blend at once. Where one of them sounds already, as in a morph through a set, there
        is nothing to wait for; else they enter as any clip does."""
        made = (self._made[a], self._made[b])
        deck = Deck(self._number(), ((0.0, made[0].key), (1.0, made[1].key)))
        clip = made[round(float(values.get("alpha")))].clip
        known = {key for _, key in self._deck.anchors} if self._deck else set()
        if known.isdisjoint(each.key for each in made):
            self._enter(deck, clip, values, beat)
        else:
            self._held = False
            self._send(Enter(deck, beat, END_JOINS_BEATS), clip)

    def _enter(self, deck: Deck, clip: Clip, values: Values, beat: float) -> None:
        quantize = float(values.get("quantize"))
        if values.get("drift"):
            quantize = max(quantize, loop_length(clip.beats, int(values.get("meter"))))
        at = next_boundary(beat, quantize) if self._deck else beat
        self._held = False
        self._send(Enter(deck, at, float(values.get("crossfade"))), clip)

    def _join(self, end: Recipe, place: float, beat: float) -> None:
        """Adds an end to the deck that plays or waits; what is heard does not change until alpha moves."""
        assert self._deck
        anchors = dict(self._deck.anchors)
        anchors.setdefault(place, self._made[end].key)
        deck = Deck(self._number(), tuple(sorted(anchors.items())))
        entry = Enter(deck, beat, END_JOINS_BEATS)
        if self._entry:
            entry = Enter(deck, self._entry.at_beat, self._entry.crossfade)
        self._send(entry, self._coming)

    def _send(self, entry: Enter, clip: Clip | None) -> None:
        self._deck, self._entry, self._coming = entry.deck, entry, clip
        self._to_player(entry)

    def _plays(self, target: Recipe, alpha: float) -> bool:
        return bool(self._deck) and (alpha, self._made[target].key) in self._deck.anchors  # type: ignore[union-attr]

    def _cancel(self) -> None:
        if self._running and not self._running.cancelled:
            self._running.cancelled = True
            self._to_worker(Cancel(self._running.id))

    def _forget(self, recipes: list[Recipe]) -> None:
        keys = tuple(self._made.pop(recipe).key for recipe in recipes)
        keys = tuple(key for key in keys if not any(key == made.key for made in self._inits.values()))
        if keys:
            self._to_player(ForgetScores(keys))

    def _add(self, score: Score) -> int:
        key = self._number()
        self._to_player(AddScore(key, score))
        return key

    def _number(self) -> int:
        self._numbers += 1
        return self._numbers
