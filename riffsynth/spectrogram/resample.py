"""Pitch by playing a stream faster or slower, at a ratio that may change with every block."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

HALF_TAPS = 32
"""Source samples that an interpolated one hears on each side: images of what lies below 0.94 Nyquist are 60 dB down."""
_PHASES = 512
_KAISER_BETA = 5.65  # -60 dB (Kaiser 1974)
_ONE = 1 << 32
_SETTLE = _ONE // 1000
"""At ratio 1 the position slides to a whole sample by this part of a sample each (2 cents), so that samples pass
untouched again soon after a glide."""

NextHop = Callable[[float], NDArray[np.float32]]
"""Makes the next hop of source samples; told how many output samples after the block's first one it will be heard."""


class PitchResampler:
    """Reads a stream of hops at `ratio` source samples an output sample; 2.0 is an octave up.

    The kernel is a windowed sinc of full bandwidth: at whole positions it is the sample itself, so at ratio 1 samples
    pass untouched and nothing changes when a glide arrives there. What would pass Nyquist must be taken out of the
    source before. Positions are whole numbers of 2**-32 samples: the same samples whatever the block sizes are.
    """

    def __init__(self) -> None:
        self._source = np.zeros(HALF_TAPS, np.float32)
        self._position = HALF_TAPS * _ONE  # in `_source`; before it lies what the kernel still hears
        self._kernels = _kernels()

    def ahead(self, ratio: float) -> float:
        """Output samples from the next one pulled to the first sample of the next hop."""
        return (self._source.size - self._position / _ONE) / ratio

    def pull(self, samples: int, ratio: float, next_hop: NextHop) -> NDArray[np.float32]:
        """The next (samples,), asking for hops as needed, at least HALF_TAPS source samples before they sound."""
        count = np.arange(samples + 1, dtype=np.int64)
        step = round(ratio * _ONE)
        if step <= 0:
            raise ValueError(f"the ratio must be positive, found {ratio}")
        positions = self._position + count * step
        if step == _ONE:
            rest = (self._position + _ONE // 2) % _ONE - _ONE // 2  # distance to the nearest whole sample
            positions -= np.sign(rest) * np.minimum(abs(rest), count * _SETTLE)
        last = int(positions[samples - 1]) >> 32
        while self._source.size < last + HALF_TAPS + 1:
            self._source = np.concatenate([self._source, next_hop(self.ahead(ratio))])
        out = self._read(positions[:-1])
        self._position = int(positions[-1])
        done = (self._position >> 32) - HALF_TAPS
        if done > 0:
            done = min(done, self._source.size)
            self._source = self._source[done:]
            self._position -= done * _ONE
        return out

    def _read(self, positions: NDArray[np.int64]) -> NDArray[np.float32]:
        whole = positions >> 32
        fraction = positions & (_ONE - 1)
        if not fraction.any():
            return self._source[whole]
        around = sliding_window_view(self._source, 2 * HALF_TAPS)[whole - HALF_TAPS + 1]
        phase = fraction.astype(np.float64) * (_PHASES / _ONE)
        index = phase.astype(np.int64)
        part = (phase - index).astype(np.float32)[:, None]
        kernels = self._kernels[index]
        kernels += part * (self._kernels[index + 1] - kernels)
        return np.einsum("ij,ij->i", around, kernels)


def _kernels() -> NDArray[np.float32]:
    """(_PHASES + 1, 2 HALF_TAPS): the kernel for each fraction of a sample, 0 to 1."""
    offsets = np.arange(-HALF_TAPS + 1, HALF_TAPS + 1) - np.arange(_PHASES + 1)[:, None] / _PHASES
    window = np.i0(_KAISER_BETA * np.sqrt(np.maximum(0.0, 1.0 - (offsets / HALF_TAPS) ** 2))) / np.i0(_KAISER_BETA)
    kernels = np.sinc(offsets) * window
    return (kernels / kernels.sum(axis=1, keepdims=True)).astype(np.float32)
