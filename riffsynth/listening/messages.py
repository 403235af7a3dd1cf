"""What crosses the pipe between control and the listener. Frozen values, each whole in itself."""

from __future__ import annotations

from dataclasses import dataclass

from riffsynth.spectrogram.clip import Clip, Score


@dataclass(frozen=True, slots=True)
class Listen:
    """Asks for what was heard between two readings of the clock, as one loop."""

    start: float
    end: float
    phase: float
    """Where in the loop it begins, 0..1: what was heard first is put there, so that beats stay on their beats."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The loop, as a clip and on the session's grid."""

    clip: Clip
    score: Score


@dataclass(frozen=True, slots=True)
class Early:
    """Listening has begun later than what was asked for."""


@dataclass(frozen=True, slots=True)
class Deaf:
    """Nothing can be heard, or not what was asked for; why, in one line."""

    text: str


FromListener = Heard | Early | Deaf
