"""A song's tempo written down beforehand: from which beat on it runs how fast."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from riffsynth.timing.musical import TEMPO_RANGE

DEFAULT_TEMPO = 120.0


class TempoMap:
    """Tempos (beats a minute, held inside TEMPO_RANGE) and the beats from which they hold; beat 0 is at 0 s."""

    def __init__(self, changes: Iterable[tuple[float, float]]) -> None:
        """`changes` are (beat, tempo), in any order; of several at one beat the last counts."""
        low, high = TEMPO_RANGE
        tempos = {0.0: DEFAULT_TEMPO}
        tempos.update((max(0.0, beat), min(high, max(low, tempo))) for beat, tempo in changes)
        self.changes = sorted(tempos.items())
        self._times = [0.0]
        for (beat, tempo), (following, _) in zip(self.changes, self.changes[1:], strict=False):
            self._times.append(self._times[-1] + (following - beat) * 60.0 / tempo)
        self._beats = [beat for beat, _ in self.changes]

    def time_at(self, beat: float) -> float:
        """Seconds from the song's beginning to `beat`, 0 or later."""
        index = bisect_right(self._beats, beat) - 1
        start, tempo = self.changes[index]
        return self._times[index] + (beat - start) * 60.0 / tempo
