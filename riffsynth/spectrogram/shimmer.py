"""Keeps a held spectrum alive: noise that stands still in a spectrogram would turn into a hum of fixed sines.

A frozen row of magnitudes is satisfied best by steady sines, one at each of its peaks, whether they were partials or
chance. So where a row does not look like partials, its magnitudes follow those of real noise, made as it goes.
"""

from __future__ import annotations

import numpy as np
import scipy.fft
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, uniform_filter1d

_SMOOTH_BINS = 17
_LOBE_BINS = 2
"""A partial's lobe in a Hann window ends this many bins from its peak."""
_TONE_RATIO = 0.2
"""Partials stand clear of what lies just beyond their lobe: it is at most this part of them."""
_ENTRY_HOPS = 8
"""A held spectrum turns lively over this many hops, so that its start is not heard."""


class Shimmer:
    """Noise for one resolution: turns held rows into lively ones, and leaves all others as they are."""

    def __init__(self, n_fft: int, hop: int, bins: slice, frames: int, window: NDArray[np.float32], seed: int) -> None:
        self._n_fft, self._hop, self._bins, self._frames, self._window = n_fft, hop, bins, frames, window
        self._rng = np.random.default_rng(seed)
        # A bin of white noise through the window has an RMS of sqrt(sum of squares).
        self._scale = np.float32(1 / np.sqrt(float(np.square(window, dtype=np.float64).sum())))
        self._noise = np.zeros(n_fft + (frames - 1) * hop, np.float32)
        self._spectra = np.zeros((frames, bins.stop - bins.start), np.complex64)
        self._held: NDArray[np.float32] | None = None
        self._hops = 0
        self._noise_level = self._tone = np.zeros(bins.stop - bins.start, np.float32)

    def apply(self, rows: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.complex64] | None]:
        """(frames, bins) rows as they should sound, and the noise (bins,) whose phases suit the last of them.

        Without a held spectrum: the rows themselves and None.
        """
        row = rows[0]
        if not (np.array_equal(row, rows[-1]) and row.any()):
            self._held, self._hops = None, 0
            return rows, None
        if self._held is None or not np.array_equal(row, self._held):
            self._held, self._hops = row.copy(), 0
            return rows, None
        if self._hops == 0:
            self._begin(row)
        self._move_on()
        self._hops += 1
        part = np.float32(min(1.0, self._hops / _ENTRY_HOPS))
        power = np.square(np.abs(self._spectra)) * self._noise_level
        power += self._tone
        lively = np.sqrt((1 - part) * np.square(rows) + part * power)
        return lively, self._spectra[-1] * np.sqrt(self._noise_level) * part

    def _begin(self, row: NDArray[np.float32]) -> None:
        tone = tonal_part(row)
        power = np.square(row)
        self._tone = tone * power
        # The filter's running sum may end a rounding below nothing.
        self._noise_level = np.maximum(0, uniform_filter1d((1 - tone) * power, _SMOOTH_BINS, mode="nearest"))
        self._noise = self._rng.standard_normal(self._noise.size, np.float32)
        frames = np.lib.stride_tricks.sliding_window_view(self._noise, self._n_fft)[:: self._hop]
        self._spectra = self._show(frames)

    def _move_on(self) -> None:
        self._noise[: -self._hop] = self._noise[self._hop :]
        self._noise[-self._hop :] = self._rng.standard_normal(self._hop, np.float32)
        self._spectra[:-1] = self._spectra[1:]
        self._spectra[-1] = self._show(self._noise[-self._n_fft :])

    def _show(self, frames: NDArray[np.float32]) -> NDArray[np.complex64]:
        return scipy.fft.rfft(frames * self._window, axis=-1, workers=1)[..., self._bins] * self._scale


def tonal_part(row: NDArray[np.float32]) -> NDArray[np.float32]:
    """(bins,) 1.0 under the lobe of what looks like a partial, 0.0 elsewhere, for a row (bins,) of magnitudes."""
    peak = row >= maximum_filter1d(row, 3, mode="nearest")
    beyond = np.minimum(_shifted(row, -_LOBE_BINS - 1), _shifted(row, _LOBE_BINS + 1))
    near = np.minimum(_shifted(row, -_LOBE_BINS), _shifted(row, _LOBE_BINS))
    partial = peak & (row > 0) & (np.maximum(beyond, near) < _TONE_RATIO * row)
    return maximum_filter1d(partial.astype(np.float32), 2 * _LOBE_BINS + 1, mode="nearest")


def _shifted(row: NDArray[np.float32], by: int) -> NDArray[np.float32]:
    """The row moved up by some bins, its rim repeated."""
    places = np.arange(row.size) - by
    return row[np.clip(places, 0, row.size - 1)]
