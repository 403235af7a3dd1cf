"""What will be heard, as far as it is known: the clips that sound and wait, as pictures, and where they are read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riffsynth.playback.messages import Enter
from riffsynth.playback.playhead import DEFAULT_CLIP_BEATS, Motion, Playhead
from riffsynth.spectrogram.clip import Score
from riffsynth.spectrogram.grid import CROSSOVER_HZ, SynthesisGrid
from riffsynth.timing.musical import loop_length
from riffsynth.web.heard import BandLevels
from riffsynth.web.mirror import Mirror


@dataclass(frozen=True, eq=False)
class Picture:
    """A clip as levels (columns, BANDS), and its length in beats."""

    levels: NDArray[np.uint8]
    beats: float


class Painter:
    """Levels of scores on one grid: its long windows below the crossover, its short ones above."""

    def __init__(self, sample_rate: int) -> None:
        grid = SynthesisGrid.for_rate(sample_rate)
        split = sum(CROSSOVER_HZ) / 2
        low, high = grid.slices
        self._bins = np.r_[
            np.flatnonzero(grid.frequencies[low] < split) + low.start,
            np.flatnonzero(grid.frequencies[high] >= split) + high.start,
        ]
        self._bands = BandLevels(grid.frequencies[self._bins])

    def picture(self, score: Score) -> Picture:
        powers = np.square(np.asarray(score.magnitudes)[:, self._bins], dtype=np.float32)
        return Picture(self._bands.levels(powers), float(score.beats))


class Led:
    """The player's playhead, followed from what the player is told: where freeze, speed, reverse and loops lead it."""

    def __init__(self) -> None:
        self._playhead = Playhead()

    def follow(self, mirror: Mirror[Picture | None], now: float) -> None:
        """Something has changed at `now` seconds."""
        if not mirror.timeline or not mirror.playback:
            return
        state, line = mirror.playback.state, mirror.timeline.timeline
        song = replace(line, time=line.time + state.clock_offset / 1000.0)
        heard = now + (mirror.opened.latency_s if mirror.opened else 0.0)
        self._playhead.move(heard, song, Motion.asked(state), _looped_beats(mirror, state.meter))

    @property
    def told(self) -> dict[str, float]:
        """The clip's beat is `position + rate * (beat of the song - at)`, folded into `loop` beats from `start` on."""
        reading = self._playhead.leading
        return {
            "rate": reading.rate,
            "position": reading.position,
            "at": reading.at_beat,
            "start": reading.loop_start,
            "loop": reading.loop_beats,
        }


def _looped_beats(mirror: Mirror[Picture | None], meter: int) -> float:
    if mirror.sounding and (picture := mirror.scores.get(mirror.sounding.deck.anchors[0][1])):
        return loop_length(picture.beats, meter)
    return DEFAULT_CLIP_BEATS


def told(mirror: Mirror[Any]) -> dict[str, Any]:
    """Time and decks as plain values: `timeline`, `sounding` and `coming`."""
    line = mirror.timeline.timeline if mirror.timeline else None
    return {
        "timeline": [line.time, line.beat, line.beats_per_second, line.playing] if line else None,
        "sounding": _entry(mirror.sounding),
        "coming": _entry(mirror.waiting),
    }


def _entry(entry: Enter | None) -> dict[str, Any] | None:
    if entry is None:
        return None
    return {"id": entry.deck.id, "anchors": entry.deck.anchors, "at": entry.at_beat, "crossfade": entry.crossfade}
