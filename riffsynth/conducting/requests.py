"""The request that the worker has: what it is made of, how it goes, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from riffsynth.conducting.pacing import patience_s, steps_in_time
from riffsynth.conducting.recipe import Recipe
from riffsynth.conducting.shelf import Shelf
from riffsynth.diffusion.messages import Cancel, Cancelled, Failed, Generate, Generated, Pace, Ready, ToWorker
from riffsynth.diffusion.request import ClipRequest
from riffsynth.spectrogram.clip import Clip
from riffsynth.timing.timeline import Timeline


@dataclass(slots=True)
class Running:
    """A request that was made and has not been answered."""

    id: int
    recipe: Recipe
    alpha: float
    since: float
    """When it was asked for, in seconds of the clock."""
    heard: float
    """When it last made progress."""
    guess: bool = False
    """Nobody has asked for it yet."""
    cancelled: bool = False
    also: Running | None = None
    """Made in the same batch, and answered after it."""

    @property
    def words(self) -> frozenset[tuple[str, str]]:
        """The prompts in all that is being made."""
        return self.recipe.words | (self.also.recipe.words if self.also else frozenset())


class Requests:
    """Asks the worker for one clip at a time, and knows what model it has and how fast that is."""

    def __init__(self, to_worker: Callable[[ToWorker], Any], shelf: Shelf, locate: Callable[[str], str]) -> None:
        """Init clips, masks and numbers are the shelf's; `locate` answers where the file lies that a value names."""
        self._to_worker = to_worker
        self._shelf = shelf
        self._locate = locate
        self._pace: Pace | None = None
        self.model: Ready | None = None
        self.running: Running | None = None

    def ask(
        self,
        recipe: Recipe,
        alpha: float,
        sounding: Clip | None,
        quantize: float,
        timeline: Timeline,
        now: float,
        guess: bool,
        also: Recipe | None = None,
    ) -> None:
        """Asks for the clip of `recipe`, to stand at `alpha`; where the recipe leaves the steps open, as many as are
        done before a boundary of `quantize` beats. `sounding` is what plays. There must be a model, and no request.

        `also` is the other end, made at once with it.
        """
        assert self.model and self._pace and not self.running
        steps = recipe.how.steps or steps_in_time(self._pace, self.model.default_steps, quantize, timeline, now)
        request = self._request(recipe, steps, sounding)
        self.running = Running(request.id, recipe, alpha, now, now, guess)
        if also is None:
            self._to_worker(Generate(request))
            return
        other = self._request(also, steps, sounding)
        self.running.also = Running(other.id, also, 1.0 - alpha, now, now)
        self._to_worker(Generate(request, other))

    def _request(self, recipe: Recipe, steps: int, sounding: Clip | None) -> ClipRequest:
        how, shelf = recipe.how, self._shelf
        init = sounding if how.init == "playing" else None
        if how.init in shelf.inits:
            init = shelf.inits[how.init].clip
        if init:  # how it was made is not needed: music that feeds on itself would drag its whole past along
            init = replace(init, request=None)
        return ClipRequest(
            shelf.number(),
            recipe.a,
            recipe.b,
            recipe.alpha,
            steps,
            init,
            shelf.masks.get(how.mask),
            how.repaint,
            how.sampler,
            tuple((self._locate(file), weight) for file, weight in how.loras),
        )

    def cancel(self) -> None:
        """Gives up the request that runs; it goes on running until the worker says that it has ended."""
        if self.running and not self.running.cancelled:
            self.running.cancelled = True
            self._to_worker(Cancel(self.running.id))

    def on_ready(self, ready: Ready) -> None:
        """The worker has a model, and nothing to do."""
        self.model, self._pace, self.running = ready, ready.pace, None

    def on_lost(self) -> None:
        """The worker has died: what it was making will not come."""
        self.model = self.running = None

    def on_progress(self, now: float) -> None:
        """The request that runs has made a step."""
        if self.running:
            self.running.heard = now

    def ended(self, answer: Generated | Cancelled | Failed) -> Running | None:
        """The request that `answer` ends; None where it is not the one that runs."""
        running = self.running
        if not running or answer.id != running.id:
            return None
        self.running = None if isinstance(answer, Cancelled) else running.also
        if self.running:
            self.running.heard, self.running.cancelled = running.heard, running.cancelled
        if isinstance(answer, Generated):
            self._pace = answer.pace
        return running

    def running_for(self, now: float) -> float:
        """Seconds since the request that runs was made; 0 if none does."""
        return now - self.running.since if self.running else 0.0

    def overdue(self, now: float) -> bool:
        """The request that runs has made no progress for so long that none is to be expected."""
        return self.running is not None and now - self.running.heard > patience_s(self._pace)
