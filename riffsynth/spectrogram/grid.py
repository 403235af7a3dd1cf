"""The session's synthesis grid: which magnitudes the player reads, at the sound card's own rate."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

CROSSOVER_HZ = (250.0, 390.0)
"""Below, long windows keep bass notes apart; above, short ones keep drums sharp; between, one fades into the other.
It ends below 400 Hz, where the embedded model's short windows begin: too coarse a measure for long ones."""
HOP_S = 512 / 44100
_LONG_WINDOW_S = 4096 / 44100
_SHORT_WINDOW_S = 2048 / 44100


@dataclass(frozen=True, slots=True)
class Resolution:
    """One part of the spectrum through one window: bins first_bin to last_bin (exclusive) of an n_fft transform."""

    n_fft: int
    first_bin: int
    last_bin: int

    @property
    def bins(self) -> int:
        return self.last_bin - self.first_bin


@dataclass(frozen=True)
class SynthesisGrid:
    """Bins in Hz and windows in samples at one sample rate; a row of magnitudes is all resolutions side by side."""

    sample_rate: int
    hop: int
    resolutions: tuple[Resolution, ...]

    @classmethod
    def for_rate(cls, sample_rate: int) -> SynthesisGrid:
        """The grid for a device's rate in Hz: windows of about 93 and 46 ms, a hop of about 12 ms, powers of two."""

        def samples(seconds: float) -> int:
            return 1 << round(np.log2(seconds * sample_rate))

        long, short = samples(_LONG_WINDOW_S), samples(_SHORT_WINDOW_S)
        low_end = int(np.ceil(CROSSOVER_HZ[1] * long / sample_rate))
        high_start = int(np.ceil(CROSSOVER_HZ[0] * short / sample_rate))
        return cls(
            sample_rate,
            samples(HOP_S),
            (Resolution(long, 0, low_end), Resolution(short, high_start, short // 2 + 1)),
        )

    @property
    def bins(self) -> int:
        return sum(resolution.bins for resolution in self.resolutions)

    @cached_property
    def slices(self) -> tuple[slice, ...]:
        """Where each resolution's bins lie in a row."""
        ends = np.cumsum([0, *(r.bins for r in self.resolutions)])
        return tuple(slice(int(a), int(b)) for a, b in pairwise(ends))

    @cached_property
    def frequencies(self) -> NDArray[np.float64]:
        """The (bins,) frequencies in Hz; ascending inside each resolution."""
        return np.concatenate(
            [np.arange(r.first_bin, r.last_bin) * self.sample_rate / r.n_fft for r in self.resolutions]
        )

    @cached_property
    def shares(self) -> NDArray[np.float64]:
        """The (bins,) part 0..1 that each bin has in the sound: at any frequency both resolutions add up to 1."""
        position = (self.frequencies - CROSSOVER_HZ[0]) / (CROSSOVER_HZ[1] - CROSSOVER_HZ[0])
        rise = np.sin(np.pi / 2 * np.clip(position, 0.0, 1.0)) ** 2
        rise[self.slices[0]] = 1.0 - rise[self.slices[0]]
        return rise
