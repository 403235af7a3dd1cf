"""A sound card through PortAudio. Its callback is C (`rtmixer`), so that Python's interpreter lock never stops it."""

from __future__ import annotations

import contextlib
import math
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riffsynth.playback.output import LONGEST_RING_S, POLL_S, RESTART_S, RESTING_BLOCKS, RESTING_S, OutputError, longer
from riffsynth.timing.clock import Clock

START_DELAY_S = 0.03
"""From `start` to the first frame's leaving the ring: time to fill it."""
PROBE_S = 0.08
PROBE_TIMEOUT_S = 1.0
LONGEST_LEAD_S = 0.5
"""A host that says sound leaves the speaker longer than this after it was fetched, or before it, is not believed."""
TIMES_AGREE_S = 0.005
SOONEST_OF = 16
"""Fetches: they are seen late by up to POLL_S as a rule, never early."""
LOST_S = 0.002
"""All of them seen later than this: the device has lost time."""
DEAD_S = 1.0
CLOSE_TIMEOUT_S = 1.0


class Fetches:
    """When frames were fetched, since the ring was scheduled last: the one seen soonest of the latest."""

    def __init__(self, sample_rate: int) -> None:
        self._rate = sample_rate
        self._offsets: deque[float] = deque(maxlen=SOONEST_OF)
        self._first = True

    def begin(self) -> None:
        self._offsets.clear()
        self._first = True

    def saw(self, frame: int, now: float) -> bool:
        """`frame` was the first of a fetch that was seen at `now` (s); false where that tells no time.

        The first one begins anywhere in the device's period, and so is fetched before its time.
        """
        if self._first:
            self._first = False
            return False
        self._offsets.append(now - frame / self._rate)
        return True

    def offset(self, scheduled: float) -> float:
        """Seconds at which frame 0 would have been fetched: as `scheduled`, or as seen where the device lost time."""
        if len(self._offsets) < SOONEST_OF or min(self._offsets) < scheduled + LOST_S:
            return scheduled
        return min(self._offsets)


class RtmixerOutput:
    """One PortAudio stream that plays from a ring buffer. Raises OutputError where it cannot be opened.

    When the ring runs dry, rtmixer's action has ended for good: silence is played until `lost` has told how much of
    it there is and scheduled the next action at its end. The ring is twice as deep from then on.
    """

    def __init__(
        self,
        device: str | None,
        channels: int,
        sample_rate: int | None,
        latency_ms: float,
        block_at: Callable[[int], int],
        clock: Clock,
    ) -> None:
        sounddevice, self._rtmixer = _libraries()
        index, info = find_device(sounddevice, device)
        self.name = str(info["name"])
        self.sample_rate = round(sample_rate or info["default_samplerate"])
        self.channels = channels
        self.underruns = 0
        self._clock = clock
        self._block = block_at(self.sample_rate)
        if channels > info["max_output_channels"]:
            raise OutputError(f"{self.name} has {info['max_output_channels']} output channels, not {channels}")
        try:
            self._stream = self._rtmixer.Mixer(
                device=index, channels=channels, samplerate=self.sample_rate, latency="low", blocksize=0
            )
            self._stream.start()
        except sounddevice.PortAudioError as error:
            raise OutputError(f"{self.name} refuses {self.sample_rate} Hz, {channels} channels: {error}") from error
        capacity = 1 << math.ceil(math.log2(2 * LONGEST_RING_S * self.sample_rate))
        self._buffer = self._rtmixer.RingBuffer(4 * channels, capacity)
        self._action: Any = None
        self._xruns = 0
        self._waiting = -1
        self._frames = 0
        """Written, and of silence that the player was told of."""
        self._seen: tuple[int, float] | None = None
        self._to_issue = False
        self._begin_time = self._progress_time = 0.0
        self._begin_offset = 0.0
        """Seconds at which frame 0 would have been fetched, by when the ring was scheduled last."""
        self._fetches = Fetches(self.sample_rate)
        self._lead_s = float(self._stream.latency)
        """From the callback's fetching a sample to its leaving the speaker."""
        self._times_agree, self._period = self._probe()
        # A callback takes a whole period at once: what is left after it must last until the next hop is made.
        self._ring = max(round(latency_ms / 1000 * self.sample_rate), self._period + 4 * self._block)

    @property
    def latency_s(self) -> float:
        return self._ring / self.sample_rate + self._lead_s

    @property
    def card_latency_s(self) -> float:
        return self._lead_s

    def start(self) -> float:
        return self._play_in(START_DELAY_S)

    def heard(self) -> tuple[int, float] | None:
        seen, self._seen = self._seen, None
        return seen

    @property
    def slack(self) -> int:
        taken = max(self._period, round(RESTING_S * self.sample_rate))
        return max(0, self._ring - taken - RESTING_BLOCKS * self._block)

    def lost(self, sounding: bool = True) -> int:
        self._count_xruns()
        if self._playing:
            return 0
        if sounding:
            self.underruns += 1
            self._ring = longer(self._ring, self.sample_rate)
        now = self._clock.now()
        dry = self._fetches.offset(self._begin_offset) + self._frames / self.sample_rate
        # A period that has been fetched already cannot be played into.
        silent_s = max(0.0, now + max(RESTART_S, self._period / self.sample_rate) - dry)
        frames = self._block * math.ceil(silent_s * self.sample_rate / self._block)
        self._frames += frames
        self._play_in(dry + frames / self.sample_rate - now)
        return frames

    def room(self) -> int:
        now, waiting = self._clock.now(), self._buffer.read_available
        if self._to_issue and now >= self._begin_time:
            self._issue(0.0)
        if waiting < self._waiting:
            self._progress_time = now
            fetched = self._frames - self._waiting
            if self._fetches.saw(fetched, now):
                self._see(fetched, now + self._lead_s)
        self._waiting = waiting
        return self._ring - waiting

    def write(self, samples: NDArray[np.float32]) -> None:
        self._buffer.write(np.ascontiguousarray(np.repeat(samples.astype(np.float32), self.channels)))
        self._waiting = self._buffer.read_available
        self._frames += samples.size

    def wait(self) -> None:
        time.sleep(POLL_S)

    @property
    def alive(self) -> bool:
        return bool(self._stream.active) and self._clock.now() - self._progress_time < DEAD_S

    def close(self) -> None:
        deadline = self._clock.now() + LONGEST_RING_S
        while self._buffer.read_available and self._clock.now() < deadline:
            time.sleep(POLL_S)
        time.sleep(min(LONGEST_RING_S, float(self._stream.latency)))
        # The library waits forever for a sound server that died.
        closing = threading.Thread(target=self._close_stream, daemon=True)
        closing.start()
        closing.join(CLOSE_TIMEOUT_S)

    def _close_stream(self) -> None:
        with contextlib.suppress(Exception):
            self._stream.abort()
            self._stream.close()

    @property
    def _playing(self) -> bool:
        """The ring has not run dry since it was last scheduled."""
        return self._action is None or self._action in self._stream.actions

    def _play_in(self, seconds: float) -> float:
        """Lets the ring's first frame be fetched `seconds` from now; the clock's reading when it leaves the speaker."""
        self._begin_time = self._progress_time = self._clock.now() + seconds
        self._begin_offset = self._begin_time - self._frames / self.sample_rate
        self._fetches.begin()
        if self._times_agree:
            self._issue(self._stream.time + seconds + self._lead_s)
        else:
            self._to_issue, self._action = True, None
        return self._begin_time + self._lead_s

    def _see(self, frame: int, time: float) -> None:
        """`frame` was the first of a fetch. It is seen late perhaps, never early: the one seen soonest is told."""
        if self._seen is None or time - self._seen[1] < (frame - self._seen[0]) / self.sample_rate:
            self._seen = (frame, time)

    def _issue(self, requested: float) -> None:
        self._action = self._stream.play_ringbuffer(self._buffer, start=requested)
        self._to_issue, self._xruns = False, 0

    def _count_xruns(self) -> None:
        """Times the host itself came too late, as PortAudio tells."""
        if self._action is not None:
            xruns = int(self._action.stats.output_underflows)
            self.underruns += max(0, xruns - self._xruns)
            self._xruns = xruns

    def _probe(self) -> tuple[bool, int]:
        """Plays a moment of silence: whether the host's times can be believed, and the frames that a callback takes."""
        frames = round(PROBE_S * self.sample_rate)
        self._buffer.write(np.zeros(frames * self.channels, np.float32))
        begin = self._clock.now()
        requested = self._stream.time + START_DELAY_S + self._lead_s
        action = self._stream.play_ringbuffer(self._buffer, start=requested)
        period, waiting, lead = 0, frames, -math.inf
        while action in self._stream.actions and self._clock.now() < begin + PROBE_TIMEOUT_S:
            time.sleep(POLL_S / 4)
            left, fetched = self._buffer.read_available, self._stream.time
            if waiting < frames and left < waiting:  # the first fetch may be a part of a period
                period = max(period, waiting - left)
                # Seen late perhaps, never early: the longest lead is the one seen soonest.
                lead = max(lead, requested + (frames - waiting) / self.sample_rate - fetched)
            waiting = left
        if not period:  # a host without times: the action waits for a moment that never comes
            self._stream.cancel(action)
            self._stream.wait(action)
            self._buffer.flush()
            return False, 0
        if abs(action.actual_time - requested) > TIMES_AGREE_S or not 0 <= lead < LONGEST_LEAD_S:
            return False, period
        self._lead_s = lead
        return True, period


def find_device(sounddevice: Any, wanted: str | None) -> tuple[int, dict[str, Any]]:
    """Number and description of an output device; None is the system's default. Raises OutputError naming all."""
    outputs = {i: d for i, d in enumerate(sounddevice.query_devices()) if d["max_output_channels"] > 0}
    if not outputs:
        looked_for = f", so none is called {wanted!r}" if wanted else ""
        raise OutputError(f"there is no sound card{looked_for}; --audio null plays without")
    if wanted is None:
        default = sounddevice.default.device[1]
        index = default if default in outputs else next(iter(outputs))
        return index, outputs[index]
    if wanted.isdigit() and int(wanted) in outputs:
        return int(wanted), outputs[int(wanted)]
    exact = [i for i, d in outputs.items() if d["name"].lower() == wanted.lower()]
    partly = [i for i, d in outputs.items() if wanted.lower() in d["name"].lower()]
    for index in [*exact, *partly]:
        return index, outputs[index]
    names = "; ".join(f"{i} {d['name']}" for i, d in outputs.items())
    raise OutputError(f"no sound device is called {wanted!r}; there are: {names}")


def look_again(device: str | None) -> None:
    """Lets PortAudio see devices that have come since it looked last. Only while no stream is open.

    Raises OutputError while `device` is not there.
    """
    sounddevice, _ = _libraries()
    with _silent_stderr():  # libraries that find no server or card say so there, each time
        sounddevice._terminate()
        sounddevice._initialize()
    find_device(sounddevice, device)


@contextlib.contextmanager
def _silent_stderr() -> Iterator[None]:
    saved, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nowhere)


def _libraries() -> tuple[Any, Any]:
    try:
        import rtmixer
        import sounddevice
    except OSError as error:
        raise OutputError(f"PortAudio is missing ({error}); on Debian: apt-get install libportaudio2") from error
    return sounddevice, rtmixer
