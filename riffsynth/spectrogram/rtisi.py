"""Phases for one resolution, made as the stream goes: RTISI with look-ahead.

Real-Time Iterative Spectrogram Inversion with Look-Ahead (Zhu, Beauregard and Wyse 2007): the frame about to sound and
a few frames after it are projected in turn onto the wanted magnitudes and onto what overlapping frames agree on
(Griffin and Lim 1984); then the first of them is committed and the rest move up. All look-ahead frames are projected
together, and their magnitudes are asked anew at every hop, so that the look-ahead delays no change.
"""

from __future__ import annotations

import numpy as np
import scipy.fft
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

_TINY = np.float32(1e-20)
_SEED_PHASE_LEVEL = 1e-3
"""How loud the random phases are that start a frame of which nothing is known yet, against its magnitudes."""


def hann(size: int) -> NDArray[np.float32]:
    """The periodic Hann window (size,)."""
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)).astype(np.float32)


class Rtisi:
    """The frame that sounds next and its look-ahead, each `n_fft` samples long and `hop` apart.

    Works on the first `bins` bins; those above stay empty. Magnitudes are in units of a sine's amplitude.
    """

    def __init__(self, n_fft: int, hop: int, bins: int, lookahead: int, seed: int) -> None:
        self.frames = lookahead + 1
        self._n_fft, self._hop, self._bins = n_fft, hop, bins
        self._rng = np.random.default_rng(seed)
        self._window = hann(n_fft)
        self._scale = np.float32(self._window.sum() / 2)
        length = (self.frames - 1) * hop + n_fft
        self._tail = np.zeros(n_fft, np.float32)  # what committed frames leave for this hop and later
        self._pieces = np.zeros((self.frames, n_fft), np.float32)  # windowed frames in time
        self._spectra = np.zeros((self.frames, n_fft // 2 + 1), np.complex64)
        self._sum = np.zeros(length, np.float32)
        self._views = sliding_window_view(self._sum, n_fft)[::hop]
        weight = np.zeros(length + n_fft)
        for start in range(-n_fft + hop, length - n_fft + 1, hop):
            squared = self._window.astype(np.float64) ** 2
            weight[max(0, start) : start + n_fft] += squared[max(0, -start) :]
        # Where only the rim of the last frame reaches, dividing by its small weight would blow up rounding.
        self._norm = (1 / np.maximum(weight[:length], 1e-3)).astype(np.float32)
        self.steady_weight = float(weight[0])
        """Sum of the squared windows over one sample, for making sound of committed frames."""
        self.silent = True

    @property
    def sum(self) -> NDArray[np.float32]:
        """The sound (length,) that committed and look-ahead frames make together, from this hop on."""
        return self._sum

    def commit(
        self,
        magnitudes: NDArray[np.float32],
        iterations: int,
        guide: NDArray[np.complex64] | None = None,
        noise: NDArray[np.complex64] | None = None,
    ) -> NDArray[np.complex64]:
        """The (n_fft / 2 + 1,) spectrum of the frame that starts with this hop, in units of the transform.

        `magnitudes` (frames, bins): the frame about to sound and its look-ahead, projected `iterations` times.
        `guide` (frames, guided bins) is the spectrum of other sound in the lowest bins whose phases this one must agree
        with. `noise` (bins,) is what the last frame holds of noise that comes anew. The result is valid until the next
        call.
        """
        if self.silent and not magnitudes.any():
            self._spectra[0] = 0
            return self._spectra[0]
        if self.silent:
            self._start_all_frames(magnitudes)
        self.silent = False
        self._start_last_frame(magnitudes[-1], noise)
        wanted = magnitudes * self._scale
        for _ in range(iterations):
            self._add_up()
            spectra = scipy.fft.rfft(self._views * self._window, axis=-1, workers=1)
            if guide is not None:
                spectra[:, : guide.shape[1]] += guide
            self._impose(wanted, spectra)
        self._add_up()
        return self._move_on()

    def _start_last_frame(self, magnitudes: NDArray[np.float32], noise: NDArray[np.complex64] | None) -> None:
        """A first guess for the frame that has just come into sight: its partials turn on as they did before."""
        used = slice(0, self._bins)
        last, before = self._spectra[-2, used], self._spectra[-3, used]
        turned = last * last * before.conj()
        turned /= np.maximum(np.abs(turned), _TINY)
        chance = np.exp(1j * self._rng.uniform(0, 2 * np.pi, self._bins).astype(np.float32))
        guess = (turned + np.float32(_SEED_PHASE_LEVEL) * chance) * magnitudes
        if noise is not None:
            # What of the magnitudes is not new noise goes on turning.
            rest = np.sqrt(np.maximum(0, np.square(magnitudes) - np.square(np.abs(noise))))
            guess = turned * rest + noise
        guess *= self._scale
        self._spectra[-1, used] = guess
        self._pieces[-1] = scipy.fft.irfft(self._spectra[-1], self._n_fft, workers=1) * self._window

    def _start_all_frames(self, magnitudes: NDArray[np.float32]) -> None:
        """Phases for what comes out of silence: without any the iterations would leave its first frames empty."""
        chance = np.exp(1j * self._rng.uniform(0, 2 * np.pi, self._bins).astype(np.float32))
        self._spectra[:, : self._bins] = np.float32(_SEED_PHASE_LEVEL) * chance * magnitudes * self._scale
        self._pieces[:] = scipy.fft.irfft(self._spectra, self._n_fft, axis=-1, workers=1) * self._window

    def _add_up(self) -> None:
        self._sum[:] = 0
        self._sum[: self._n_fft] = self._tail
        for index, piece in enumerate(self._pieces):
            self._sum[index * self._hop : index * self._hop + self._n_fft] += piece
        self._sum *= self._norm

    def _impose(self, wanted: NDArray[np.float32], spectra: NDArray[np.complex64]) -> None:
        used = spectra[:, : self._bins]
        size = np.abs(used)
        np.maximum(size, _TINY, out=size)
        np.divide(wanted, size, out=size)
        self._spectra[:, : self._bins] = used * size
        self._pieces[:] = scipy.fft.irfft(self._spectra, self._n_fft, axis=-1, workers=1)
        self._pieces *= self._window

    def _move_on(self) -> NDArray[np.complex64]:
        committed = self._spectra[0].copy()
        hop = self._hop
        self._tail += self._pieces[0]
        self._tail[:-hop] = self._tail[hop:]
        self._tail[-hop:] = 0
        self._pieces[:-1] = self._pieces[1:]
        self._spectra[:-1] = self._spectra[1:]
        self.silent = not (self._tail.any() or self._pieces[:-1].any())
        return committed
