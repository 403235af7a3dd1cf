"""The last stage before the sound card: no sample passes the ceiling, whatever came before."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

LOOKAHEAD_S = 0.0015
RELEASE_S = 0.08
"""Time in which a reduction falls to 1/e."""
CEILING_DB = -0.3
CEILING = 10.0 ** (CEILING_DB / 20.0)


class Limiter:
    """Turns the gain down before a peak arrives, and lets it recover slowly; streaming, in chunks of any size.

    The reduction that each sample needs is held over the look-ahead, decays exponentially, and is smoothed by a Hann
    window as long as the look-ahead: it is complete when the peak leaves, so the ceiling holds without clipping. Below
    the ceiling samples pass unchanged. What is not finite becomes silence.
    """

    def __init__(self, sample_rate: int) -> None:
        self.delay = max(1, round(LOOKAHEAD_S * sample_rate))
        """Samples between input and output."""
        size = self.delay + 1
        window = np.hanning(size + 2)[1:-1]
        self._smoothing = window / window.sum()
        self._decay = np.exp(-1.0 / (RELEASE_S * sample_rate))
        self._samples = np.zeros(self.delay, np.float32)
        self._needed = np.zeros(self.delay)
        self._held = np.zeros(self.delay)
        """Reductions after hold and decay, as many as the smoothing reaches back."""

    def process(self, chunk: NDArray[np.float32]) -> NDArray[np.float32]:
        """(n,) samples in, the (n,) samples from `delay` samples before out, float32 within the ceiling."""
        clean = np.where(np.isfinite(chunk), chunk, np.float32(0.0)).astype(np.float32, copy=False)
        samples = np.concatenate([self._samples, clean])
        ready, self._samples = samples[: chunk.size], samples[chunk.size :]

        loudness = np.abs(clean, dtype=np.float64)
        needed = np.concatenate([self._needed, 1.0 - CEILING / np.maximum(loudness, CEILING)])
        self._needed = needed[chunk.size :]
        if not needed.any() and self._held[-1] < 1e-6:
            self._held = np.zeros(self.delay)
            return ready.copy()

        ahead = sliding_window_view(needed, self.delay + 1).max(axis=1)
        held = np.concatenate([self._held, self._decaying(ahead, self._held[-1])])
        self._held = held[chunk.size :]
        reduction = np.convolve(held, self._smoothing, mode="valid")
        limited = ready * (1.0 - reduction)
        return np.clip(limited, -CEILING, CEILING).astype(np.float32)

    def _decaying(self, reductions: NDArray[np.float64], before: float) -> NDArray[np.float64]:
        """u[n] = max(d[n], decay * u[n-1]), as a running maximum of d[n] / decay**n; in pieces, against overflow."""
        result = np.empty_like(reductions)
        for start in range(0, reductions.size, 4096):
            piece = reductions[start : start + 4096]
            powers = self._decay ** np.arange(1, piece.size + 1)
            result[start : start + piece.size] = powers * np.maximum.accumulate(np.maximum(piece / powers, before))
            before = result[start + piece.size - 1]
        return result
