"""Which deck was sent to the player last, and when it enters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from riffsynth.conducting.recipe import Recipe, Values
from riffsynth.conducting.shelf import Loaded, Shelf
from riffsynth.playback.messages import Deck, Enter, Entered, Hold, Holds, ToPlayer
from riffsynth.spectrogram.clip import Clip
from riffsynth.timing.musical import loop_length
from riffsynth.timing.timeline import next_boundary

END_JOINS_BEATS = 0.25
"""Crossfade to a deck that differs only where it does not play: an end was added to it, or its other half painted."""


@dataclass(frozen=True)
class EntrancesMemory:
    """What is known of the decks that a new one goes on with."""

    deck: Deck | None
    entry: Enter | None
    sounding: Clip | None
    coming: Clip | None
    held: bool


class Entrances:
    """Owns the deck that plays and the one that waits; `beat` is always the song position now."""

    def __init__(self, to_player: Callable[[ToPlayer], Any], shelf: Shelf) -> None:
        self._to_player = to_player
        self._shelf = shelf
        self._coming: Clip | None = None
        self.deck: Deck | None = None
        """The one that was sent last."""
        self.entry: Enter | None = None
        """Its entrance, while it waits for it."""
        self.sounding: Clip | None = None
        self.held = False
        """The ends are others than the deck's: it does not follow alpha."""

    @property
    def memory(self) -> EntrancesMemory:
        return EntrancesMemory(self.deck, self.entry, self.sounding, self._coming, self.held)

    def take_over(self, memory: EntrancesMemory) -> None:
        """Goes on where another was cut off: the player knows what it was sent."""
        self.deck, self.entry, self.held = memory.deck, memory.entry, memory.held
        self.sounding, self._coming = memory.sounding, memory.coming

    def plays(self, loaded: Loaded, alpha: float) -> bool:
        """It has its place at `alpha` in the deck already."""
        return self.deck is not None and (alpha, loaded.key) in self.deck.anchors

    def alone(self, loaded: Loaded, alpha: float, values: Values, beat: float) -> None:
        """One clip enters at the next boundary."""
        self._enter(self._deck({alpha: loaded.key}), loaded.clip, values, beat)

    def target(self, recipe: Recipe, alpha: float, around: Mapping[float, Recipe], values: Values, beat: float) -> None:
        """The clip of `recipe` enters at the next boundary, and with it those that are there of the ones `around` it,
        the ends and what lies between them, by alpha."""
        loaded = self._shelf.use(recipe)
        anchors = {alpha: loaded.key}
        for place, other in around.items():
            if other in self._shelf.made:
                anchors.setdefault(place, self._shelf.made[other].key)
        self._enter(self._deck(anchors), loaded.clip, values, beat)

    def ends(self, a: Loaded, b: Loaded, values: Values, beat: float) -> None:
        """Two ends that are loaded blend at once. Where one of them sounds already, as in a morph through a set, there
        is nothing to wait for; else they enter as any clip does."""
        clip = (a, b)[round(float(values.get("alpha")))].clip
        known = {key for _, key in self.deck.anchors} if self.deck else set()
        deck = self._deck({0.0: a.key, 1.0: b.key})
        if known.isdisjoint((a.key, b.key)):
            self._enter(deck, clip, values, beat)
        else:
            self._at_once(deck, clip, beat)

    def repainted(self, loaded: Loaded, alpha: float, beat: float) -> None:
        """A clip that differs only in the half that does not play."""
        self._at_once(self._deck({alpha: loaded.key}), loaded.clip, beat)

    def join(self, end: Loaded, place: float, beat: float) -> None:
        """Adds an end, or a place on the way to it, to the deck that plays or waits; what is heard does not change
        until alpha moves."""
        if not self.deck or self.held:
            return
        deck = self._deck({place: end.key, **dict(self.deck.anchors)})
        entry = Enter(deck, beat, END_JOINS_BEATS)
        if self.entry:
            entry = Enter(deck, self.entry.at_beat, self.entry.crossfade)
        self._send(entry, self._coming)

    def hold(self) -> None:
        """An end has become another, and alpha with it: the deck, which has the old ends, no longer follows alpha."""
        if self.deck:
            self.held = True
            self._to_player(Hold())

    def on_entered(self, message: Entered) -> bool:
        """The player says that a deck has begun to sound; true if it is the one that was sent last."""
        if not self.entry or message.deck_id != self.entry.deck.id:
            return False
        self.entry, self.sounding = None, self._coming
        return True

    def on_holds(self, holds: Holds, beat: float) -> None:
        """The player says what it has; the deck is sent again where it is not among that."""
        if self.deck and self.deck.id == holds.sounding:
            if self.entry:
                self.entry, self.sounding = None, self._coming
        elif self.deck and self.deck.id != holds.waiting:
            self.entry = Enter(self.deck, beat, 0.0)
            self._to_player(self.entry)

    def clear(self) -> None:
        """Nothing plays, and nothing waits."""
        self.deck = self.entry = None
        self.held = False

    def _deck(self, anchors: dict[float, int]) -> Deck:
        return Deck(self._shelf.number(), tuple(sorted(anchors.items())))

    def _enter(self, deck: Deck, clip: Clip, values: Values, beat: float) -> None:
        quantize = float(values.get("quantize"))
        if values.get("drift"):
            quantize = max(quantize, loop_length(clip.beats, int(values.get("meter"))))
        at = next_boundary(beat, quantize) if self.deck else beat
        self.held = False
        self._send(Enter(deck, at, float(values.get("crossfade"))), clip)

    def _at_once(self, deck: Deck, clip: Clip, beat: float) -> None:
        self.held = False
        self._send(Enter(deck, beat, END_JOINS_BEATS), clip)

    def _send(self, entry: Enter, clip: Clip | None) -> None:
        self.deck, self.entry, self._coming = entry.deck, entry, clip
        self._to_player(entry)
