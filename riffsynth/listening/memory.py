"""The last seconds of a stream of samples, with the time at which each one was heard."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

ANCHOR_DRIFT = 2e-4
"""How fast, in seconds a second, the anchor gives way to reports that come late: twice as fast as sound cards drift."""

GAP_S = 0.01
"""Reports that are all later than this for SURE_S of sound are not late: samples were lost before them."""
SURE_S = 1.0


class SoundMemory:
    """A ring of `seconds` of mono sound.

    A block can be reported late and never early, so the earliest report tells when samples were heard (running minimum
    of report minus samples, which slowly gives way so that a sound card may drift, and at once where samples are lost).
    """

    def __init__(self, sample_rate: int, seconds: float) -> None:
        self.sample_rate = sample_rate
        self._ring = np.zeros(math.ceil(sample_rate * seconds), np.float32)
        self._count = 0
        self._anchor = math.inf
        """The time of sample 0."""
        self._late, self._late_frames = math.inf, 0
        """The earliest of the reports since they have been late, and the sound that they are about."""

    @property
    def heard_until(self) -> float:
        """The time of the newest sample; minus infinity before the first."""
        return self._anchor + self._count / self.sample_rate if self._count else -math.inf

    @property
    def full(self) -> bool:
        """Something was heard that is not remembered any more."""
        return self._count > self._ring.size

    def put(self, samples: NDArray[np.float32], time: float) -> None:
        """(frames,) samples, of which the first was heard at `time`, in seconds of the clock."""
        told = time - self._count / self.sample_rate
        if told > self._anchor + GAP_S:
            self._late, self._late_frames = min(self._late, told), self._late_frames + samples.size
        else:
            self._late, self._late_frames = math.inf, 0
        if self._late_frames >= SURE_S * self.sample_rate:
            self._anchor = self._late
        self._anchor = min(told, self._anchor + ANCHOR_DRIFT * samples.size / self.sample_rate)
        samples = samples[-self._ring.size :]
        at = (self._count + np.arange(samples.size)) % self._ring.size
        self._ring[at] = samples
        self._count += samples.size

    def between(self, start: float, end: float) -> NDArray[np.float32] | None:
        """The samples from `start` to `end`; None where they are not all here, not yet or not any more."""
        if not self._count:
            return None
        first, last = (round((time - self._anchor) * self.sample_rate) for time in (start, end))
        if last <= first or first < max(0, self._count - self._ring.size) or last > self._count:
            return None
        return self._ring[np.arange(first, last) % self._ring.size]
