"""Where sound goes: what every output can do, the one that is no device, and the choice between them."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from riffsynth.errors import RiffsynthError
from riffsynth.timing.clock import Clock

DEFAULT_LATENCY_MS = 25.0
DEFAULT_RATE = 44100
LONGEST_RING_S = 0.4
RESTART_S = 0.012
"""After the ring ran dry sound goes on this much later: time to make the first hops."""
POLL_S = 0.001
RESTING_BLOCKS = 1
"""Blocks that the ring holds while nothing sounds, beside what the device takes at once."""
RESTING_S = 0.006
"""What is left then when the next block is made: a look each POLL_S and a hop, which is made at rest, too, take longer
than a short period. A ring that runs dry is silent for RESTART_S, and where frames lie in time has to be found anew."""
LOOK_S = 0.4
"""A device that is away is looked for this often."""
NULL = "null"


class OutputError(RiffsynthError):
    """A sound device that cannot be used; the message says why and what there is instead."""


class Output(Protocol):
    """A ring of samples with a device at its end. Only one thread uses it, and no call waits but `wait` and `close`."""

    name: str
    sample_rate: int
    channels: int
    underruns: int

    @property
    def latency_s(self) -> float:
        """From writing a sample to a full ring to its leaving the speaker."""
        ...

    @property
    def card_latency_s(self) -> float:
        """The part of it that begins where the device has fetched the sample."""
        ...

    def start(self) -> float:
        """Begins to play what will be written; when the first frame leaves the speaker, in seconds of the clock."""
        ...

    def heard(self) -> tuple[int, float] | None:
        """A frame, counted from the start with all silence, and when it leaves the speaker by what the device shows.

        None where nothing new was seen, or the device is as exact as the clock.
        """
        ...

    @property
    def slack(self) -> int:
        """Frames that the ring may be less full while nothing sounds: what starts then is heard sooner."""
        ...

    def lost(self, sounding: bool = True) -> int:
        """Frames of silence, in whole blocks, that come before the next write because the ring ran dry.

        The ring is deeper from then on, unless nothing was `sounding` that could be missed.
        """
        ...

    def room(self) -> int:
        """Frames that may be written now."""
        ...

    def write(self, samples: NDArray[np.float32]) -> None:
        """Puts (frames,) samples behind what is waiting; every channel gets the same."""
        ...

    def wait(self) -> None:
        """Sleeps for a moment, until there may be room again."""
        ...

    @property
    def alive(self) -> bool:
        """False when the device plays nothing any more."""
        ...

    def close(self) -> None:
        """Plays what is waiting and gives the device back."""
        ...


class NullOutput:
    """No sound, in real time: a device as punctual as its clock."""

    def __init__(
        self,
        clock: Clock,
        block: int,
        sample_rate: int = DEFAULT_RATE,
        channels: int = 2,
        latency_ms: float = DEFAULT_LATENCY_MS,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self.name = NULL
        self.sample_rate = sample_rate
        self.channels = channels
        self.underruns = 0
        self._clock = clock
        self._block = block
        self._sleep = sleep
        self._ring = max(2 * block, round(latency_ms / 1000 * sample_rate))
        self._written = 0
        self._start = math.inf

    @property
    def latency_s(self) -> float:
        return self._ring / self.sample_rate

    @property
    def card_latency_s(self) -> float:
        return 0.0

    def heard(self) -> tuple[int, float] | None:
        return None

    def start(self) -> float:
        self._start = self._clock.now() + self._ring / self.sample_rate
        return self._start

    @property
    def slack(self) -> int:
        return max(0, self._ring - (1 + RESTING_BLOCKS) * self._block)  # it takes a block at once

    def lost(self, sounding: bool = True) -> int:
        missing = self._played() - self._written
        if missing <= 0:
            return 0
        if sounding:
            self.underruns += 1
            self._ring = longer(self._ring, self.sample_rate)
        frames = self._block * math.ceil((missing + RESTART_S * self.sample_rate) / self._block)
        self._written += frames
        return frames

    def room(self) -> int:
        return math.floor(self._ring - (self._written - max(0.0, self._played())))

    def write(self, samples: NDArray[np.float32]) -> None:
        self._written += samples.size

    def wait(self) -> None:
        self._sleep(max(POLL_S / 2, (self._block - self.room()) / self.sample_rate))

    @property
    def alive(self) -> bool:
        return True

    def close(self) -> None:
        self._sleep(max(0.0, (self._written - self._played()) / self.sample_rate))

    def _played(self) -> float:
        return (self._clock.now() - self._start) * self.sample_rate


def longer(ring: int, sample_rate: int) -> int:
    """The ring's depth in frames after an underrun at depth `ring`."""
    return min(2 * ring, round(LONGEST_RING_S * sample_rate))


def await_device(device: str | None, given_up: Callable[[], bool]) -> bool:
    """Waits until the device is there; false once `given_up` is true. It is not opened."""
    from riffsynth.playback.rtmixer_output import look_again

    while not given_up():
        with contextlib.suppress(OutputError):
            look_again(device)
            return True
        time.sleep(LOOK_S)
    return False


def open_output(
    device: str | None,
    channels: int,
    sample_rate: int | None,
    latency_ms: float | None,
    clock: Clock,
    fallback: bool = False,
) -> tuple[Output, str | None]:
    """The output that `device` names: part of a name, a number, `null`, or None for the system's default.

    Without any sound card None falls to the null output, and with `fallback` so does every device that cannot be used;
    the line that says so comes with it. Raises OutputError for a device that was asked for and cannot be used.
    """
    from riffsynth.playback.core import BLOCKS_PER_HOP
    from riffsynth.spectrogram.grid import SynthesisGrid

    def block(rate: int) -> int:
        return SynthesisGrid.for_rate(rate).hop // BLOCKS_PER_HOP

    def null() -> Output:
        rate = sample_rate or DEFAULT_RATE
        return NullOutput(clock, block(rate), rate, channels, latency_ms or DEFAULT_LATENCY_MS)

    if device == NULL:
        return null(), None
    try:
        from riffsynth.playback.rtmixer_output import RtmixerOutput

        return RtmixerOutput(device, channels, sample_rate, latency_ms or DEFAULT_LATENCY_MS, block, clock), None
    except OutputError as error:
        if device is not None and not fallback:
            raise
        return null(), f"no sound: {error}; playing to the null output"
