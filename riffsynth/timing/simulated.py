"""A sender of MIDI clock that is not there: for tests, for benchmarks, and to see what jitter does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from riffsynth.timing.midi_clock import ClockMessage, MidiClockFollower
from riffsynth.timing.tick_loop import TICKS_PER_BEAT


@dataclass(frozen=True)
class SimulatedSender:
    """Ticks along a tempo curve, each late or early by white jitter; the order is that of arrival."""

    tempo: Callable[[float], float]
    """Beats a minute at a beat."""
    beats: float
    jitter_s: float = 0.0
    seed: int = 0
    start_s: float = 10.0
    block_s: float = 0.0
    """Ticks leave at the end of the block of sound of this length in which they fall."""
    times: np.ndarray = field(init=False)
    """(ticks,) seconds at which each tick is meant; tick n is beat n / 24."""

    def __post_init__(self) -> None:
        ticks = np.arange(int(self.beats * TICKS_PER_BEAT))
        periods = [60.0 / self.tempo(tick / TICKS_PER_BEAT) / TICKS_PER_BEAT for tick in ticks]
        object.__setattr__(self, "times", self.start_s + np.concatenate([[0.0], np.cumsum(periods)]))

    def arrivals(self) -> np.ndarray:
        """(ticks,) seconds at which they are received, ascending."""
        noise = np.random.default_rng(self.seed).normal(0.0, self.jitter_s, self.times.size)
        arrivals = np.sort(self.times + noise)
        return np.ceil(arrivals / self.block_s) * self.block_s if self.block_s else arrivals

    def messages(self) -> Iterator[ClockMessage]:
        """Start, then the ticks."""
        arrivals = self.arrivals()
        yield ClockMessage("start", float(min(self.start_s, arrivals[0])) - 0.001)
        for time in arrivals:
            yield ClockMessage("tick", float(time))


def errors_ms(sender: SimulatedSender, follower: MidiClockFollower | None = None, ahead_s: float = 0.0) -> np.ndarray:
    """(ticks,) how far the follower's song is off at the moment of each tick, positive where it is ahead.

    Only messages that have arrived count: by that moment, or `ahead_s` before it, as for sound that is made ahead.
    """
    follower = follower or MidiClockFollower(0.0)
    errors = []
    messages = list(sender.messages())
    fed = 0
    for tick, time in enumerate(sender.times):
        while fed < len(messages) and messages[fed].time_s <= time - ahead_s:
            follower.feed(messages[fed])
            fed += 1
        timeline = follower.timeline
        beats = timeline.beat_at(float(time)) - tick / TICKS_PER_BEAT
        errors.append(1000.0 * beats * 60.0 / sender.tempo(tick / TICKS_PER_BEAT))
    return np.array(errors)
