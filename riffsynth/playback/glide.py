"""A value that never steps: it moves to each new target in a straight line."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Times = TypeVar("Times", float, NDArray[np.float64])


class Glide:
    """Moves to every new target over `seconds`, starting from wherever it is then."""

    def __init__(self, value: float, seconds: float) -> None:
        self._seconds = seconds
        self._start = self._target = value
        self._start_time = 0.0
        self._duration = seconds

    @property
    def target(self) -> float:
        return self._target

    def aim(self, target: float, time: float, seconds: float | None = None) -> None:
        """From `time` on towards `target`; a target that it has already changes nothing."""
        if target == self._target:
            return
        self._start = self.at(time)
        self._target = target
        self._start_time = time
        self._duration = self._seconds if seconds is None else seconds

    def at(self, times: Times) -> Times:
        """The value at `times`, any shape; before the glide began it is where it started."""
        if self._duration <= 0:
            progress = np.asarray(times >= self._start_time, dtype=np.float64)
        else:
            progress = np.clip((times - self._start_time) / self._duration, 0.0, 1.0)
        values = self._start + progress * (self._target - self._start)
        return float(values) if np.ndim(values) == 0 else values  # type: ignore[return-value]

    def settled(self, time: float) -> bool:
        """The target is reached at `time` and from then on."""
        return self._start == self._target or time >= self._start_time + self._duration
