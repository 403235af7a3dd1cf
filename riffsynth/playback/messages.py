"""What crosses the pipe between control and player. Frozen values, each whole in itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from riffsynth.spectrogram.clip import Score
from riffsynth.timing.timeline import Timeline


@dataclass(frozen=True, slots=True)
class PlaybackState:
    """The parameters that act on what is sounding now; names, units and ranges as in `riffsynth.parameters`."""

    alpha: float = 0.0
    level: float = 0.0
    mute: bool = False
    freeze: bool = False
    speed: float = 1.0
    reverse: bool = False
    pitch: float = 0.0
    loop_beats: float = 0.0
    meter: int = 4
    clock_offset: float = 0.0


@dataclass(frozen=True, slots=True)
class Deck:
    """What plays: scores at their places on alpha's way, ascending. Between two of them their powers are blended.

    With one anchor it plays whatever alpha is; outside the outermost anchors the nearest one plays.
    """

    id: int
    anchors: tuple[tuple[float, int], ...]
    """(alpha, key of a score that was added)."""


# Control to player


@dataclass(frozen=True, slots=True)
class SetTimeline:
    timeline: Timeline


@dataclass(frozen=True, slots=True)
class SetPlayback:
    state: PlaybackState


@dataclass(frozen=True, slots=True)
class AddScore:
    key: int
    score: Score


@dataclass(frozen=True, slots=True)
class ForgetScores:
    """The player drops them once no deck that sounds or waits needs them."""

    keys: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Enter:
    """`deck` replaces what plays, from `at_beat` on (at once where that has passed), fading over `crossfade` beats.

    A deck that waits for a later beat is replaced by one that arrives after it.
    """

    deck: Deck
    at_beat: float
    crossfade: float


@dataclass(frozen=True, slots=True)
class Hold:
    """The decks that sound or wait stay where alpha is now, whatever it becomes: it is of other ends than theirs."""


@dataclass(frozen=True, slots=True)
class Record:
    """Starts recording what is sent to the sound card into a WAV file, or ends it with None."""

    path: Path | None


@dataclass(frozen=True, slots=True)
class Silence:
    """Panic: fades what sounds in a few milliseconds and drops all decks; the next `Enter` sounds at once."""


@dataclass(frozen=True, slots=True)
class Finish:
    """Fades out, closes the recording and ends the player."""


@dataclass(frozen=True, slots=True)
class Open:
    """To one that stands by: the output is yours."""


ToPlayer = Open | SetTimeline | SetPlayback | AddScore | ForgetScores | Enter | Hold | Record | Silence | Finish


# Player to control


@dataclass(frozen=True, slots=True)
class Opened:
    """The output is open: its name, rate in Hz and latencies in seconds."""

    output: str
    sample_rate: int
    channels: int
    latency_s: float
    """From the synthesis to the speaker."""
    card_latency_s: float = 0.0
    """The card's own part of it, by what it reports."""
    scheduling: str = ""
    """What the system has granted the player: `real-time`, `nice -11` or `normal`."""


@dataclass(frozen=True, slots=True)
class Entered:
    """A deck has begun to sound."""

    deck_id: int
    beat: float


@dataclass(frozen=True, slots=True)
class Report:
    """How the player is, about 20 times a second."""

    frame: int
    """Frames made since the start."""
    time: float
    """The clock's reading at which that frame leaves the speaker, in seconds."""
    beat: float
    """The timeline's beat at that time."""
    peak: float
    """Largest sample since the last report, 1.0 full scale."""
    loudness_db: float
    """RMS since the last report, dB full scale."""
    underruns: int
    core_fraction: float
    """Time spent making sound over time that the sound lasts."""
    recording: Path | None = None
    ring_s: float = 0.0
    """How much sound waits before the device at the most, by now: longer after each underrun."""


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """What was sent to the sound card since the last `Heard`, for those who look at it."""

    frame: int
    """Number of the first sample since the player's start."""
    time: float
    """The clock's reading at which it leaves the speaker, in seconds."""
    sample_rate: int
    samples: NDArray[np.float32]
    """(frames,), 1.0 full scale."""


@dataclass(frozen=True, slots=True)
class Warned:
    """Something a performer should know, in one line."""

    text: str


@dataclass(frozen=True, slots=True)
class Holds:
    """What a player has that control, started again, takes over: keys of its scores, ids of its decks."""

    scores: tuple[int, ...]
    sounding: int | None
    waiting: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """From one that stands by: the device is there."""


FromPlayer = Found | Opened | Entered | Report | Heard | Warned | Holds
