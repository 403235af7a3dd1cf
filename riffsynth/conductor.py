"""What to ask the model for next, and when what it made enters.

One request runs; what waits is no queue but the performer's values as they stand when the worker is free again, so the
newest always replaces what waited. The running request is abandoned only for another prompt or a panic: otherwise a
moving knob would cancel everything and nothing would ever arrive.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

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
from riffsynth.diffusion.request import ClipRequest, End
from riffsynth.harmony import in_harmony
from riffsynth.parameters import SEED_MAX, Value
from riffsynth.playback.messages import AddScore, Deck, Enter, Entered, ForgetScores, Hold, Silence, ToPlayer
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
"""Crossfade to a deck that differs only by an end that was added to it."""


class Values(Protocol):
    """Read access to the parameters' current values by name."""

    def get(self, name: str) -> Value: ...


@dataclass(frozen=True, slots=True)
class Recipe:
    """What decides how a clip sounds. Two moments with equal recipes share one clip."""

    a: End
    b: End
    alpha: float
    steps: int
    init: str

    @classmethod
    def at(cls, a: End, b: End, alpha: float, steps: int, init: str) -> Recipe:
        """The recipe in its plain form: at an end the other end does not matter, from noise the init does not."""
        if alpha <= 0:
            b = a
        elif alpha >= 1:
            a, alpha = b, 0.0
        recipe = cls(a, b, max(0.0, alpha), steps, init)
        return replace(recipe, init="none") if recipe.strength >= 1 else recipe

    @property
    def strength(self) -> float:
        return (1 - self.alpha) * self.a.strength + self.alpha * self.b.strength

    @property
    def words(self) -> frozenset[tuple[str, str]]:
        """The prompts in it, positive and negative."""
        return frozenset({(self.a.prompt, self.a.negative), (self.b.prompt, self.b.negative)})


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
    cancelled: bool = False


class Conductor:
    """Owns what is asked for, what is loaded, and which deck was sent to the player last.

    Commands leave through the three callables; nothing here waits, opens a device or reads a clock.
    """

    def __init__(
        self,
        to_player: Callable[[ToPlayer], Any],
        to_worker: Callable[[ToWorker], Any],
        set_value: Callable[[str, Value], Any],
    ) -> None:
        self._to_player = to_player
        self._to_worker = to_worker
        self._set_value = set_value
        self._model: Ready | None = None
        self._pace: Pace | None = None
        self._running: _Running | None = None
        self._failed: Recipe | None = None
        self._made: dict[Recipe, _Made] = {}
        self._inits: dict[str, _Made] = {}
        self._deck: Deck | None = None
        self._entry: Enter | None = None
        self._sounding: Clip | None = None
        self._coming: Clip | None = None
        self._numbers = 0
        self._drift_due = False
        self._held = False

    @property
    def generating(self) -> int | None:
        """The id of the request that runs, if one does."""
        return self._running.id if self._running else None

    @property
    def sounding(self) -> Clip | None:
        """The clip that plays, as far as the player has told."""
        return self._sounding

    # What happens elsewhere

    def on_worker(self, message: FromWorker, values: Values, beat: float) -> None:
        """Takes in what the worker says; `beat` is the song position now."""
        if isinstance(message, Ready):
            self._model, self._pace = message, message.pace
            self._running = None
            self._failed = None
        elif isinstance(message, Generated):
            self._take(message, values, beat)
        elif isinstance(message, (Failed, Cancelled)) and self._running and message.id == self._running.id:
            if isinstance(message, Failed):
                self._failed = self._running.recipe
            self._running = None

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

    def on_init(self, name: str, clip: Clip, score: Score) -> None:
        """A file named by `init` has been read."""
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
        for made in [*self._made.values(), *self._inits.values()]:
            self._to_player(AddScore(made.key, made.score))
        if self._deck:
            self._entry = Enter(self._deck, beat, 0.0)
            self._to_player(self._entry)

    def panic(self) -> None:
        """Silence at once, nothing kept; the values as they are will be generated anew."""
        self._cancel()
        self._to_player(Silence())
        self._forget(list(self._made))
        self._deck = self._entry = self._failed = None
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
        if target.strength <= 0 and target.init in self._inits:
            self._made[target] = self._inits[target.init]
        if target in self._made and (self._held or not self._plays(target, alpha)):
            self._enter_target(target, alpha, values, beat)
        if self._model and not self._running and (recipe := self._next(target, a, b, alpha)):
            self._request(recipe, alpha if recipe == target else float(recipe == b), values, timeline, now)

    def _recipes(self, values: Values) -> tuple[Recipe, Recipe, Recipe]:
        a, b = (_end(values, letter) for letter in "ab")
        steps, init = int(values.get("steps")), str(values.get("init"))
        here = Recipe.at(a, b, float(values.get("alpha")), steps, init)
        return here, Recipe.at(a, b, 0.0, steps, init), Recipe.at(a, b, 1.0, steps, init)

    def _next(self, target: Recipe, a: Recipe, b: Recipe, alpha: float) -> Recipe | None:
        """The clip for alpha as it stands first; then, with time to spare, the ends, so that alpha acts at once."""
        ends = (a, b) if b.a.prompt or alpha > 0 else (a,)
        for recipe in (target, *ends):
            ready = recipe.init in ("none", "playing") or recipe.init in self._inits
            if recipe not in self._made and recipe != self._failed and ready:
                return recipe
        return None

    def _request(self, recipe: Recipe, alpha: float, values: Values, timeline: Timeline, now: float) -> None:
        init = self._sounding if recipe.init == "playing" else None
        if recipe.init in self._inits:
            init = self._inits[recipe.init].clip
        request = ClipRequest(
            self._number(),
            recipe.a,
            recipe.b,
            recipe.alpha,
            recipe.steps or self._steps_in_time(values, timeline, now),
            init,
        )
        self._running = _Running(request.id, recipe, alpha)
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
        if running.recipe == target or running.recipe not in (a, b):
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


def _end(values: Values, letter: str) -> End:
    return End(
        prompt=in_harmony(str(values.get(f"{letter}.prompt")), str(values.get("harmony"))),
        negative=str(values.get(f"{letter}.negative")),
        seed=int(values.get(f"{letter}.seed")),
        strength=float(values.get(f"{letter}.strength")),
        guidance=float(values.get(f"{letter}.guidance")),
    )
