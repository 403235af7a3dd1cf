"""What a performer is told about the clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

LockState = Literal["stopped", "waiting", "locking", "locked", "holdover"]
"""`waiting`: started or chosen, but nothing to follow has come yet; `holdover`: the source fell silent while
running, and the tempo is held."""


@dataclass(frozen=True, slots=True)
class ClockStatus:
    """How well the song follows its source."""

    source: str
    """`internal`, or the name of the port that is followed; empty while none has been heard."""
    state: LockState
    tempo: float
    """Beats a minute."""
    phase_error_ms: float = 0.0
    """Mean lateness of the latest ticks against the timeline; positive: the ticks come later."""
    jitter_ms: float = 0.0
    """Standard deviation of single ticks."""
    problem: str = ""
    """What is wrong with the source, in one line; empty if nothing is."""

    def line(self) -> str:
        """For a terminal: everything in one line."""
        text = f"{self.source or 'no clock'} {self.state} {self.tempo:.1f} bpm"
        if self.state == "locked" and self.jitter_ms:
            text += f" error {self.phase_error_ms:+.1f} ms, jitter {self.jitter_ms:.1f} ms"
        return f"{text} ({self.problem})" if self.problem else text
