"""The player without its devices: messages and moments in, sound out; the same samples from the same calls."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from riffsynth.parameters import PARAMETERS
from riffsynth.playback.decks import DeckRefused
from riffsynth.playback.glide import Glide
from riffsynth.playback.limiter import Limiter
from riffsynth.playback.messages import (
    AddScore,
    Enter,
    Entered,
    Finish,
    ForgetScores,
    Hold,
    Holds,
    PlaybackState,
    SetPlayback,
    SetTimeline,
    Silence,
    Warned,
)
from riffsynth.playback.scene import Scene
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.spectrogram.resample import PitchResampler
from riffsynth.spectrogram.source import MagnitudeSource
from riffsynth.timing.timeline import Timeline

BLOCKS_PER_HOP = 4
START_FADE_S = 0.003
STOP_FADE_S = 0.015
SILENCE_FADE_S = 0.005
FINISH_FADE_S = 0.05
FASTEST_BEATS_PER_SECOND = 50.0
FULL_SCALE_24_BIT = float(1 << 23)


class Synthesizer(Protocol):
    def hop(self, source: MagnitudeSource, pace: float) -> NDArray[np.float32]:
        """The next (grid.hop,) samples, of which `pace` times as many are used as sound."""
        ...


class PlayerCore:
    """Owns everything that sounds. Calls never raise for what a message holds: it is refused, and the sound goes on.

    `block(time_s)` makes the (hop / 4,) samples of which the first leaves the speaker at `time_s`. Level and mute act
    with the next block, what shapes the spectrum with the next hop. What the samples pass on the way out is rounded
    to 24 bits, so that a recording holds exactly what was sent.
    """

    def __init__(
        self, grid: SynthesisGrid, seed: int = 0, synthesizer: Callable[[], Synthesizer] | None = None
    ) -> None:
        self.grid = grid
        self.block_size = grid.hop // BLOCKS_PER_HOP
        self._new_synthesizer = synthesizer or (lambda: _streaming(grid, seed))
        self._scene = Scene(grid)
        self._timeline = Timeline()
        self._state = PlaybackState()
        self._pitch = Glide(0.0, PARAMETERS["pitch"].smoothing_s)
        self._level = Glide(1.0, PARAMETERS["level"].smoothing_s)
        self._transport = Glide(1.0, STOP_FADE_S)
        self._panic = Glide(1.0, SILENCE_FADE_S)
        self._limiter = Limiter(grid.sample_rate)
        self._within_block = np.arange(self.block_size) / grid.sample_rate
        self._events: list[Entered | Warned] = []
        self._silencing = self._finishing = False
        self._now = 0.0
        self._synthesizer = self._new_synthesizer()
        self._resampler = PitchResampler()

    @property
    def finished(self) -> bool:
        """The fade that `Finish` asked for is over."""
        return self._finishing and self._panic.at(self._now) == 0.0

    @property
    def resting(self) -> bool:
        """The song stands, and its last sound has faded."""
        return not self._timeline.playing and self._transport.at(self._now) == 0.0

    @property
    def timeline(self) -> Timeline:
        return self._timeline

    @property
    def holds(self) -> Holds:
        return Holds(self._scene.decks.known, *self._scene.decks.ids)

    def events(self) -> list[Entered | Warned]:
        """What has happened since the last call."""
        events, self._events = self._events, []
        return events

    def apply(self, message: Any) -> None:
        """Takes a message of `ToPlayer` for the next block or hop; others and odd ones are answered by a `Warned`."""
        try:
            self._apply(message)
        except (DeckRefused, TypeError, ValueError, AttributeError, OverflowError) as error:
            self._events.append(Warned(f"{type(message).__name__} refused: {error}"))

    def _apply(self, message: Any) -> None:
        match message:
            case SetTimeline(timeline):
                self._timeline = checked_timeline(timeline)
            case SetPlayback(state):
                self._state = checked_state(state, self._state)
            case AddScore(key, score):
                self._scene.decks.add(key, score)
            case ForgetScores(keys):
                self._scene.decks.forget(keys)
            case Enter(deck, at_beat, crossfade):
                self._scene.decks.enter(deck, at_beat, crossfade)
            case Hold():
                self._scene.hold()
            case Silence():
                self._silencing = True
                self._scene.decks.clear()
            case Finish():
                self._finishing = True
            case _:
                raise TypeError("not a message to the player")

    def block(self, time_s: float) -> NDArray[np.float32]:
        """The next (block_size,) samples, float32 within the limiter's ceiling."""
        self._now = now = time_s + self._limiter.delay / self.grid.sample_rate
        self._aim_gains(now)
        samples = self._source_block(now)
        limited = self._limiter.process(self._gained(samples, now))
        return (np.rint(limited * FULL_SCALE_24_BIT) / FULL_SCALE_24_BIT).astype(np.float32)

    def _source_block(self, now: float) -> NDArray[np.float32]:
        self._pitch.aim(self._state.pitch, now)
        ratio = 2.0 ** (self._pitch.at(now) / 12.0)
        return self._resampler.pull(self.block_size, ratio, lambda ahead: self._next_hop(now, ahead, ratio))

    def _next_hop(self, now: float, ahead: float, ratio: float) -> NDArray[np.float32]:
        """The synthesised hop that is heard `ahead` samples after `now`."""
        heard = now + ahead / self.grid.sample_rate
        self._events += self._scene.advance(heard, ratio, self._timeline, self._state)
        hop = self._synthesizer.hop(self._scene, ratio)
        if not np.isfinite(hop).all():
            self._events.append(Warned("the synthesis broke down and was started anew"))
            self._synthesizer = self._new_synthesizer()
            return np.zeros(self.grid.hop, np.float32)
        return hop

    def _restart(self) -> None:
        """Forgets the sound made so far, so that nothing of it rings on."""
        self._synthesizer = self._new_synthesizer()
        self._resampler = PitchResampler()

    def _aim_gains(self, now: float) -> None:
        state = self._state
        self._level.aim(0.0 if state.mute else 10.0 ** (state.level / 20.0), now)
        playing = self._timeline.playing
        self._transport.aim(float(playing), now, START_FADE_S if playing else STOP_FADE_S)
        if self._finishing:
            self._panic.aim(0.0, now, FINISH_FADE_S)
        elif self._silencing:
            self._panic.aim(0.0, now)
            if self._panic.at(now) == 0.0:
                self._silencing = False
                self._restart()
        else:
            self._panic.aim(1.0, now)

    def _gained(self, samples: NDArray[np.float32], now: float) -> NDArray[np.float32]:
        times = now + self._within_block
        for glide in (self._level, self._transport, self._panic):
            if not glide.settled(now):
                samples = samples * glide.at(times).astype(np.float32)
            elif glide.target != 1.0:
                samples = samples * np.float32(glide.target)
        return samples


def _streaming(grid: SynthesisGrid, seed: int) -> Synthesizer:
    from riffsynth.spectrogram.streaming import StreamingSynthesizer

    return StreamingSynthesizer(grid, seed)


def checked_timeline(timeline: Timeline) -> Timeline:
    """The timeline itself. Raises ValueError for one that no playhead can follow."""
    if not all(math.isfinite(x) for x in (timeline.time, timeline.beat, timeline.beats_per_second)):
        raise ValueError("a timeline's numbers must be finite")
    if not 0 <= timeline.beats_per_second <= FASTEST_BEATS_PER_SECOND:
        raise ValueError(f"0 to {FASTEST_BEATS_PER_SECOND:g} beats a second, found {timeline.beats_per_second:g}")
    return timeline


def checked_state(state: PlaybackState, before: PlaybackState) -> PlaybackState:
    """`state` held inside the ranges of the table; a value that is not finite stays as it was before."""
    held: dict[str, Any] = {}
    for field in fields(PlaybackState):
        parameter, value = PARAMETERS[field.name], getattr(state, field.name)
        if parameter.bounded:
            number = float(value)
            held[field.name] = (
                type(getattr(before, field.name))(min(parameter.maximum, max(parameter.minimum, number)))
                if math.isfinite(number)
                else getattr(before, field.name)
            )
        else:
            held[field.name] = bool(value)
    return replace(state, **held)
