"""What plays: layers of decks that cross-fade, each blending its scores along alpha, all in powers."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riffsynth.playback.messages import Deck
from riffsynth.spectrogram.clip import Score
from riffsynth.timing.musical import loop_length

SHORTEST_CROSSFADE_S = 0.008
"""Even a crossfade of 0 beats takes this long, so that nothing clicks."""
SHORTEST_CROSSFADE_BEATS = 1e-9
MOST_LAYERS = 4
"""Decks that sound at the same time; a further one waits until the oldest has been hurried out."""
HURRIED_CROSSFADE_S = 0.03
LATE_HOPS = 2.0
"""A deck whose beat passed longer ago than this fades in from its start, not from where it would have been."""


class DeckRefused(ValueError):
    """A deck or score that cannot be played; the message says why."""


@dataclass(frozen=True, eq=False)
class Part:
    """A score made ready: powers (columns, bins) float32, 1.0 a full-scale sine, and its length in beats."""

    powers: NDArray[np.float32]
    beats: float

    @classmethod
    def of(cls, score: Score, bins: int) -> Part:
        """Raises DeckRefused for what does not fit a grid of `bins` bins."""
        magnitudes = np.asarray(score.magnitudes)
        if magnitudes.ndim != 2 or magnitudes.shape[0] < 1 or magnitudes.shape[1] != bins:
            raise DeckRefused(f"a score of (columns, {bins}) magnitudes is needed, found {magnitudes.shape}")
        if not (math.isfinite(score.beats) and score.beats > 0):
            raise DeckRefused(f"a score's length in beats must be positive, found {score.beats}")
        powers = np.square(magnitudes, dtype=np.float32)
        if not np.isfinite(powers).all():
            raise DeckRefused("a score's magnitudes hold NaN or infinity")
        return cls(powers, float(score.beats))

    def looped_beats(self, meter: int) -> float:
        """The largest whole number of bars that fits, in beats; all of the clip where not one bar fits."""
        return loop_length(self.beats, meter)

    def add_to(
        self,
        total: NDArray[np.float32],
        bins: slice,
        positions: NDArray[np.float64],
        weights: NDArray[np.float64],
        meter: int,
    ) -> None:
        """Adds the (frames, bins) powers at `positions` (frames,) in beats, times `weights` (frames,), to `total`.

        Between columns powers are linear; after the loop's last column the first one follows.
        """
        looped_beats = self.looped_beats(meter)
        columns_a_beat = self.powers.shape[0] / self.beats
        columns = max(1, round(looped_beats * columns_a_beat))
        column = (positions % looped_beats) * columns_a_beat
        left = np.floor(column)
        fraction = column - left
        index = left.astype(np.int64) % columns
        total += self.powers[index, bins] * (weights * (1.0 - fraction)).astype(np.float32)[:, None]
        total += self.powers[(index + 1) % columns, bins] * (weights * fraction).astype(np.float32)[:, None]


@dataclass(slots=True)
class _Layer:
    deck_id: int
    alphas: NDArray[np.float64]
    parts: tuple[Part, ...]
    at_beat: float
    crossfade: float
    progress: float = -math.inf
    """Of its fade at the hop being made: 0 begins to sound, 1 has replaced what was before; negative while it waits."""
    alpha: float | None = None
    """Where it is held; None follows alpha."""

    def shares(self, alphas: NDArray[np.float64]) -> list[NDArray[np.float64]]:
        """The weight (frames,) of each part at `alphas` (frames,); they add up to 1."""
        if len(self.parts) == 1:
            return [np.ones(alphas.size)]
        if self.alpha is not None:
            alphas = np.full(alphas.size, self.alpha)
        identity = np.eye(len(self.parts))
        return [np.interp(alphas, self.alphas, row) for row in identity]


class Decks:
    """The scores that are known, the layers that sound, and the deck that waits for its beat."""

    def __init__(self, bins: int) -> None:
        self._bins = bins
        self._known: dict[int, Part] = {}
        self._layers: list[_Layer] = []
        self._waiting: _Layer | None = None
        self._beats_per_second = 0.0

    @property
    def sounding(self) -> bool:
        return bool(self._layers)

    @property
    def newest(self) -> Part | None:
        """The first part of the deck that entered last."""
        return self._layers[-1].parts[0] if self._layers else None

    @property
    def known(self) -> tuple[int, ...]:
        """The keys of the scores that can be entered with."""
        return tuple(self._known)

    @property
    def ids(self) -> tuple[int | None, int | None]:
        """Of the deck that entered last, and of the one that waits."""
        return (
            self._layers[-1].deck_id if self._layers else None,
            self._waiting.deck_id if self._waiting else None,
        )

    def add(self, key: int, score: Score) -> None:
        """Raises DeckRefused for a score that does not fit the grid."""
        self._known[key] = Part.of(score, self._bins)

    def forget(self, keys: tuple[int, ...]) -> None:
        """Unknown keys are ignored; a deck that sounds or waits keeps what it needs."""
        for key in keys:
            self._known.pop(key, None)

    def enter(self, deck: Deck, at_beat: float, crossfade: float) -> None:
        """Lets `deck` wait for `at_beat`, in place of one that waits already. Raises DeckRefused, changing nothing."""
        anchors = sorted(deck.anchors)
        unknown = [key for _, key in anchors if key not in self._known]
        if unknown:
            raise DeckRefused(f"deck {deck.id} names a score that was never added: {unknown[0]}")
        if not anchors or not all(math.isfinite(alpha) for alpha, _ in anchors):
            raise DeckRefused(f"deck {deck.id} needs at least one score, at finite alphas")
        self._waiting = _Layer(
            deck.id,
            np.array([alpha for alpha, _ in anchors], dtype=np.float64),
            tuple(self._known[key] for _, key in anchors),
            at_beat if math.isfinite(at_beat) else -math.inf,
            max(crossfade, SHORTEST_CROSSFADE_BEATS) if math.isfinite(crossfade) else SHORTEST_CROSSFADE_BEATS,
        )

    def hold(self, alpha: float) -> None:
        """What sounds or waits stays at `alpha`; decks that come later follow alpha."""
        for layer in [*self._layers, *([self._waiting] if self._waiting else [])]:
            if layer.alpha is None:
                layer.alpha = alpha

    def clear(self) -> None:
        """Drops what sounds and what waits; known scores stay."""
        self._layers.clear()
        self._waiting = None

    def advance(self, beat: float, beats_per_second: float, elapsed_s: float) -> list[int]:
        """Moves all fades to the hop at `beat`, `elapsed_s` after the one before. The ids of decks that begin to sound.

        `beats_per_second` is 0 while the song stands: nothing is heard then, so fades are completed.
        """
        self._beats_per_second = beats_per_second
        passed = beats_per_second * elapsed_s
        for layer in self._layers:
            layer.progress = min(1.0, layer.progress + passed / layer.crossfade) if beats_per_second > 0 else 1.0
        self._drop_covered()
        waiting = self._waiting
        if waiting is None:
            return []
        shortest = max(SHORTEST_CROSSFADE_S * beats_per_second, SHORTEST_CROSSFADE_BEATS)
        waiting.crossfade = max(waiting.crossfade, shortest)
        late = beat - waiting.at_beat if self._layers else math.inf  # after silence a deck enters at once
        if late < 0:
            waiting.progress = late / waiting.crossfade
            return []
        if len(self._layers) >= MOST_LAYERS:
            hurried = self._layers[1]
            hurried.crossfade = min(hurried.crossfade, max(shortest, HURRIED_CROSSFADE_S * beats_per_second))
            waiting.progress = -math.inf
            return []
        if not self._layers:
            waiting.crossfade = shortest
        waiting.progress = late / waiting.crossfade if late <= LATE_HOPS * passed else 0.0
        self._layers.append(waiting)
        self._waiting = None
        self._drop_covered()
        return [waiting.deck_id]

    def powers(
        self,
        bins: slice,
        ahead_s: NDArray[np.float64],
        alphas: NDArray[np.float64],
        readings: list[tuple[NDArray[np.float64], NDArray[np.float64]]],
        meter: int,
    ) -> NDArray[np.float32]:
        """(frames, bins) powers of everything that sounds, `ahead_s` (frames,) seconds after the hop being made.

        `readings` are the playheads: weights and positions in beats, (frames,) each. Power that fades out and power
        that fades in add up: g B^2 + (1 - g) A^2.
        """
        total = np.zeros((ahead_s.size, bins.stop - bins.start), np.float32)
        ahead_beats = ahead_s * self._beats_per_second
        left = np.ones(ahead_s.size)
        layers = [*self._layers, *([self._waiting] if self._waiting else [])]
        for layer in reversed(layers):
            gain = np.clip(layer.progress + ahead_beats / layer.crossfade, 0.0, 1.0)
            weights = left * gain
            left = left * (1.0 - gain)
            for part, share in zip(layer.parts, layer.shares(alphas), strict=True):
                for playhead, positions in readings:
                    weight = weights * share * playhead
                    if weight.any():
                        part.add_to(total, bins, positions, weight, meter)
        return total

    def _drop_covered(self) -> None:
        """Layers under one that has replaced them are heard no more."""
        for index in range(len(self._layers) - 1, 0, -1):
            if self._layers[index].progress >= 1.0:
                del self._layers[:index]
                return
