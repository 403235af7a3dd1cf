"""What the spectrum is around the hop being made: decks under the playhead, alpha gliding. A `MagnitudeSource`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from riffsynth.parameters import PARAMETERS
from riffsynth.playback.decks import Decks
from riffsynth.playback.glide import Glide
from riffsynth.playback.messages import Entered, PlaybackState
from riffsynth.playback.playhead import DEFAULT_CLIP_BEATS, Motion, Playhead
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.timing.timeline import Timeline


class Scene:
    """Puts timeline, playback state and decks together; asked anew for every frame of every hop."""

    def __init__(self, grid: SynthesisGrid) -> None:
        self._grid = grid
        self.decks = Decks(grid.bins)
        self._playhead = Playhead()
        self._alpha = Glide(0.0, PARAMETERS["alpha"].smoothing_s)
        self._now: float | None = None
        self._ratio = 1.0
        self._meter = 4

    def advance(self, now: float, ratio: float, timeline: Timeline, state: PlaybackState) -> list[Entered]:
        """Moves on to the hop whose first sample leaves the speaker at `now`, in seconds; the decks that enter there.

        `ratio` seconds of synthesised sound become one second of what is heard: 2 is an octave up.
        """
        elapsed = 0.0 if self._now is None else max(0.0, now - self._now)
        self._now, self._ratio, self._meter = now, ratio, state.meter
        song = replace(timeline, time=timeline.time + state.clock_offset / 1000.0)
        beat = song.beat_at(now)
        entering = self.decks.advance(beat, song.beats_per_second * song.playing, elapsed)
        newest = self.decks.newest
        clip_beats = newest.looped_beats(state.meter) if newest else DEFAULT_CLIP_BEATS
        self._playhead.move(now, song, Motion.asked(state), clip_beats)
        self._alpha.aim(state.alpha, now)
        return [Entered(deck_id, beat) for deck_id in entering]

    def hold(self) -> None:
        """Decks that are there no longer follow alpha."""
        self.decks.hold(float(self._alpha.at(self._now or 0.0)))

    def rows(self, resolution: int, offsets_s: NDArray[np.float64]) -> NDArray[np.float32]:
        """(frames, bins) magnitudes; offsets are seconds of synthesised sound, see `MagnitudeSource`."""
        now = self._now or 0.0
        bins = self._grid.slices[resolution]
        ahead = np.asarray(offsets_s, np.float64) / self._ratio
        times = now + ahead
        readings = self._playhead.read(times, now)
        magnitudes = np.sqrt(self.decks.powers(bins, ahead, self._alpha.at(times), readings, self._meter))
        audible = self._grid.frequencies[bins] * self._ratio < self._grid.sample_rate / 2
        magnitudes[:, ~audible] = 0.0
        return magnitudes
