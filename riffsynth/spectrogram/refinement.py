"""A whole loop brought nearer to what its clip measured: for files, where there is time that a stream has not.

Fast Griffin-Lim (Perraudin, Balazs and Sondergaard 2013) around the closed loop, with the clip's own window at its own
columns. What is imposed is the bands and not magnitudes guessed from them: every bin is scaled by what the bands that
see it lack, so each step asks for exactly what the clip holds and for nothing else. Clips measured by two windows, as
the embedded model's are, lie as near already, and two windows at once would pull apart.
"""

from __future__ import annotations

from concurrent.futures import Executor, ThreadPoolExecutor
from functools import lru_cache

import numpy as np
import scipy.fft
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from riffsynth.spectrogram.clip import Clip
from riffsynth.spectrogram.mel import triangles
from riffsynth.spectrogram.spec import SpectrogramSpec

ITERATIONS = 16
ACCELERATION = 0.9
MOST_COLUMNS = 2048
"""Wider clips are left as they are: their spectra would not fit into memory."""
BLOCK_COLUMNS = 32
"""Columns that are worked on together, each block by a thread: few enough that their spectra stay in a core's cache."""
_PADDING = 2
_LEAST, _MOST = 0.05, 20.0
"""What a step may scale a bin by."""
_TINY = np.float32(1e-9)


def refinable(clip: Clip, samples: int, sample_rate: int) -> bool:
    """Whether so many samples can be brought nearer: one window, not too wide, not so slow that gaps are left."""
    spec = clip.spec
    size = round(spec.windows[0].window_s * sample_rate)
    fits = 2 * size <= samples <= spec.columns * size / 2
    return fits and len(spec.windows) == 1 and spec.columns <= MOST_COLUMNS


def refined(sound: NDArray[np.float32], clip: Clip, sample_rate: int) -> NDArray[np.float32]:
    """(samples,) of the clip's loop at its true level, as `score_of` has it, with magnitudes nearer to the clip's.

    What is not `refinable` comes back as it is.
    """
    if not refinable(clip, sound.size, sample_rate):
        return sound
    steps = _Steps(clip, sound.size, sample_rate)
    with ThreadPoolExecutor(thread_name_prefix="refinement") as pool:
        for _ in range(ITERATIONS):
            sound = steps.imposed(sound, pool)
    return sound


class _Steps:
    """The steps towards one clip; they share what one leaves for the next."""

    def __init__(self, clip: Clip, samples: int, sample_rate: int) -> None:
        spec = clip.spec
        self._mel = clip.mel
        self._size = round(spec.windows[0].window_s * sample_rate)
        self._n_fft = _PADDING * self._size
        self._filters, self._back, self._top = _bands(spec, sample_rate)
        self._window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(self._size) / self._size)).astype(np.float32)
        starts = np.round(np.arange(spec.columns) * samples / spec.columns).astype(np.int64) - self._size // 2
        self._starts = starts + self._size  # in a loop that has its end before it and its beginning after it
        self._samples = samples
        self._weight = self._added(np.broadcast_to(self._window**2, (spec.columns, self._size)))
        self._blocks = [slice(first, first + BLOCK_COLUMNS) for first in range(0, spec.columns, BLOCK_COLUMNS)]
        self._before: list[NDArray[np.complex64] | None] = [None] * len(self._blocks)

    def imposed(self, sound: NDArray[np.float32], pool: Executor) -> NDArray[np.float32]:
        """One step: the sound (samples,) with the bands that the clip holds, as far as sound can have them."""
        size = self._size
        wrapped = np.take(sound, np.arange(-size, sound.size + size), mode="wrap")
        views = np.lib.stride_tricks.sliding_window_view(wrapped, size)
        pieces = pool.map(lambda block: self._pieces(block, views), range(len(self._blocks)))
        return self._added(np.concatenate(list(pieces))) / self._weight

    def _pieces(self, block: int, views: NDArray[np.float32]) -> NDArray[np.float32]:
        """(columns, size) of one block: what each window sees, brought to its bands and windowed again."""
        columns = self._blocks[block]
        frames = views[self._starts[columns]] * self._window
        spectra = scipy.fft.rfft(frames, self._n_fft, axis=1, workers=1)[:, : self._top]
        before = self._before[block]
        ahead = spectra if before is None else spectra + np.float32(ACCELERATION) * (spectra - before)
        self._before[block] = spectra
        found = self._filters @ np.abs(ahead).T
        lacking = np.clip(self._mel[:, columns] / np.maximum(found, _TINY), _LEAST, _MOST)
        brought = ahead * (self._back @ lacking).T
        pieces = scipy.fft.irfft(brought, self._n_fft, axis=1, workers=1)[:, : self._size]
        return np.asarray(pieces * self._window)

    def _added(self, pieces: NDArray[np.float32]) -> NDArray[np.float32]:
        size = self._size
        wrapped = np.zeros(self._samples + 2 * size, np.float32)
        for start, piece in zip(self._starts, pieces, strict=True):
            wrapped[start : start + size] += piece
        loop = wrapped[size:-size]
        loop[:size] += wrapped[-size:]
        loop[-size:] += wrapped[:size]
        return loop


@lru_cache(maxsize=8)
def _bands(spec: SpectrogramSpec, sample_rate: int) -> tuple[csr_matrix, csr_matrix, int]:
    """The bands' filters (bands, bins), what spreads their needs over the bins (bins, bands), and how many bins."""
    window_s = spec.windows[0].window_s
    size = round(window_s * sample_rate)
    bin_hz = sample_rate / (_PADDING * size)
    frequencies = np.arange(_PADDING * size // 2 + 1, dtype=np.float64) * bin_hz
    top = min(frequencies.size, int(np.searchsorted(frequencies, spec.f_max + 2 * _PADDING * bin_hz)))
    # As `analysis` scales: a sine of amplitude 1 reads size / 4, its lobe 2 / (bin_hz * window_s) times that.
    scale = 4.0 / size * bin_hz * window_s / 2.0
    filters = triangles(spec, frequencies[:top], min_half_width_hz=bin_hz)
    sums = np.maximum(np.asarray(filters.sum(axis=0)).ravel(), 1e-12)
    back = csr_matrix(filters.T.multiply(1.0 / sums[:, None]), dtype=np.float32)
    return csr_matrix(filters * scale, dtype=np.float32), back, top
