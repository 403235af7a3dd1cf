"""A clip as sound of its own: a file that loops without a seam, of exactly the samples that its beats last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from riffsynth.spectrogram.clip import Score
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.spectrogram.streaming import ITERATIONS, StreamingSynthesizer

LEAD_S = 0.5
"""The stream begins this long before what is kept, so that its phases have settled."""
SEAM_S = 0.03
"""The end fades for so long into what led to the beginning, which follows it in the loop."""


class ScoreReader:
    """Reads rows of a score along time, `columns_a_second` of them; powers between two columns are linear."""

    def __init__(self, grid: SynthesisGrid, magnitudes: NDArray[np.floating], columns_a_second: float, closed: bool):
        """`magnitudes` (columns, grid.bins); where it is `closed` the first column follows the last, else silence."""
        self._grid, self._magnitudes, self._pace, self._closed = grid, magnitudes, columns_a_second, closed
        self.at_s = 0.0

    def rows(self, resolution: int, offsets_s: NDArray[np.float64]) -> NDArray[np.float32]:
        place = (self.at_s + offsets_s) * self._pace
        below = np.floor(place).astype(np.int64)
        part = (place - below).astype(np.float32)[:, None]
        first, second = (self._power(below + step, resolution) for step in (0, 1))
        return np.sqrt(first + part * (second - first))

    def _power(self, columns: NDArray[np.int64], resolution: int) -> NDArray[np.float32]:
        count = len(self._magnitudes)
        rows = self._magnitudes[columns % count, self._grid.slices[resolution]].astype(np.float32)
        if not self._closed:
            rows[(columns < 0) | (columns >= count)] = 0
        return rows * rows


def loop_sound(
    score: Score, grid: SynthesisGrid, samples: int, seed: int = 0, iterations: int = ITERATIONS
) -> NDArray[np.float32]:
    """(samples,) of one pass through a score, mono, as loud as its magnitudes say; the same for the same seed.

    Played again and again it has no seam.
    """
    source = ScoreReader(grid, score.magnitudes, score.columns * grid.sample_rate / samples, closed=True)
    lead = -(-round(LEAD_S * grid.sample_rate) // grid.hop) * grid.hop
    source.at_s = -lead / grid.sample_rate
    sound = np.concatenate(list(_hops(source, grid, lead + samples, seed, iterations)))
    return closed_loop(sound[:lead], sound[lead : lead + samples], grid.sample_rate)


def closed_loop(before: NDArray[np.float32], loop: NDArray[np.float32], sample_rate: int) -> NDArray[np.float32]:
    """`loop` (samples,) with its end fading into `before`, what led to its beginning: it goes round without a seam."""
    seam = min(round(SEAM_S * sample_rate), loop.size // 2, before.size)
    rise = np.sin(np.pi / 2 * (np.arange(seam) + 0.5) / seam).astype(np.float32)
    kept = loop.copy()
    # Two sounds of the same magnitudes whose phases know nothing of each other: their powers add up.
    kept[loop.size - seam :] = loop[loop.size - seam :] * rise[::-1] + before[before.size - seam :] * rise
    return kept


def long_sound(
    scores: Iterable[Score], grid: SynthesisGrid, columns_a_second: float, seed: int = 0
) -> Iterator[NDArray[np.float32]]:
    """The sound of scores one after the other, as one stream, in pieces; phases go on across their borders."""
    synthesizer = StreamingSynthesizer(grid, seed)
    reach = int(np.ceil(columns_a_second)) + 2  # what the look-ahead may see of the next score
    window = np.zeros((0, grid.bins), np.float32)
    made = passed = 0  # hops made; columns that are gone from the window's front
    for magnitudes, last in _with_last(scores):
        window = np.concatenate([window, magnitudes.astype(np.float32)])
        source = ScoreReader(grid, window, columns_a_second, closed=False)
        ready = passed + len(window) - (0 if last else reach)
        pieces = []
        while made * grid.hop / grid.sample_rate * columns_a_second < ready:
            source.at_s = made * grid.hop / grid.sample_rate - passed / columns_a_second
            pieces.append(synthesizer.hop(source))
            made += 1
        gone = max(0, ready - passed - 1)
        window, passed = window[gone:], passed + gone
        if pieces:
            yield np.concatenate(pieces)


def _hops(
    source: ScoreReader, grid: SynthesisGrid, samples: int, seed: int, iterations: int
) -> Iterator[NDArray[np.float32]]:
    synthesizer = StreamingSynthesizer(grid, seed, iterations)
    for _ in range(-(-samples // grid.hop)):
        yield synthesizer.hop(source)
        source.at_s += grid.hop / grid.sample_rate


def _with_last(scores: Iterable[Score]) -> Iterator[tuple[NDArray[np.floating], bool]]:
    """Each score's magnitudes, and whether it is the last one."""
    before: Score | None = None
    for score in scores:
        if before is not None:
            yield before.magnitudes, False
        before = score
    if before is not None:
        yield before.magnitudes, True
