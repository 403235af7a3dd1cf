"""What is heard as a picture: a column of levels 43 times a second. In the page's process, never in the player."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from riffsynth.spectrogram.mel import hertz_to_mel, mel_to_hertz

BANDS = 128
F_MIN, F_MAX = 30.0, 14000.0
"""Hz of the lowest and the highest band's centre; they lie evenly on a mel scale."""
FLOOR_DB = -78.0
"""A level of 0 or less is this far below a full-scale sine (level 255)."""
COLUMN_S = 1024 / 44100
_WINDOW_S = 4096 / 44100

Column = NDArray[np.uint8]


class BandLevels:
    """Turns spectra, of any resolution, into (BANDS,) levels: the loudest bin of each band in dB."""

    def __init__(self, frequencies: NDArray[np.float64]) -> None:
        """`frequencies` (bins,) in Hz, ascending."""
        edges = _edges()
        self._starts = np.searchsorted(frequencies, edges[:-1])
        ends = np.searchsorted(frequencies, edges[1:])
        centres = np.sqrt(edges[:-1] * edges[1:])
        nearest = np.abs(frequencies[None, :] - centres[:, None]).argmin(axis=1)
        narrow = ends <= self._starts  # no bin lies in the band
        self._starts = np.where(narrow, nearest, self._starts)
        self._slices = np.stack([self._starts, np.where(narrow, nearest + 1, ends)], axis=1).ravel()

    def levels(self, powers: NDArray[np.floating]) -> NDArray[np.uint8]:
        """(columns, BANDS) from (columns, bins) powers, 1.0 a full-scale sine."""
        padded = np.pad(powers, ((0, 0), (0, 1)))
        loudest = np.maximum.reduceat(padded, self._slices, axis=1)[:, ::2]
        decibels = 10.0 * np.log10(np.maximum(loudest, 1e-12))
        return np.clip(255.0 * (1.0 - decibels / FLOOR_DB), 0, 255).astype(np.uint8)


class HeardPicture:
    """Samples in any pieces in, columns out. A gap in the samples starts anew."""

    def __init__(self, sample_rate: int) -> None:
        self.sample_rate = sample_rate
        self.hop = round(COLUMN_S * sample_rate)
        self._window = np.hanning(1 << round(np.log2(_WINDOW_S * sample_rate)))
        self._bands = BandLevels(np.fft.rfftfreq(self._window.size, 1 / sample_rate).astype(np.float64))
        self._waiting = np.zeros(self._window.size - self.hop, np.float32)
        self._next: int | None = None

    def feed(self, frame: int, samples: NDArray[np.float32]) -> tuple[float, NDArray[np.uint8]]:
        """The columns that `samples`, which begin at number `frame`, complete.

        Answers the frame at the middle of the first one's window, and (columns, BANDS) levels.
        """
        if frame != self._next:
            self._waiting = np.zeros(self._window.size - self.hop, np.float32)
        self._next = frame + samples.size
        sound = np.concatenate([self._waiting, samples])
        first = frame - self._waiting.size + self._window.size / 2
        count = max(0, (sound.size - self._window.size) // self.hop + 1)
        self._waiting = sound[count * self.hop :]
        if not count:
            return first, np.zeros((0, BANDS), np.uint8)
        windows = np.lib.stride_tricks.sliding_window_view(sound, self._window.size)[:: self.hop][:count]
        spectra = np.fft.rfft(windows * self._window, axis=1) * (2.0 / self._window.sum())
        return first, self._bands.levels(np.square(spectra.real) + np.square(spectra.imag))


@lru_cache(maxsize=1)
def _edges() -> NDArray[np.float64]:
    """The (BANDS + 1,) frequencies in Hz between which the bands lie."""
    low, high = hertz_to_mel(np.array([F_MIN, F_MAX]))
    half = (high - low) / (BANDS - 1) / 2
    return mel_to_hertz(np.linspace(max(0.0, low - half), high + half, BANDS + 1))
