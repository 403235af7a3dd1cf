"""How much later sound leaves the speaker than the sound card says, by clicks that an input listens to."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riffsynth.errors import RiffsynthError
from riffsynth.playback.core import BLOCKS_PER_HOP
from riffsynth.playback.output import Output, OutputError, open_output
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.timing.card_clock import CardClock
from riffsynth.timing.clock import Clock, SystemClock

CLICKS = 16
SPACINGS_S = (0.25, 0.31, 0.27, 0.35)
"""Between clicks, in turn: not all the same, so that no click is taken for its neighbour."""
FIRST_CLICK_S = 1.2
"""After the beginning: by then the card has shown its time."""
CLICK_S = 0.002
CLICK_LEVEL = 0.5
REACH_S = 0.4
"""Sound that comes later than this after the first is not looked for."""
ABOVE_NOISE = 6.0
"""A click's peak over the noise between clicks."""
FEWEST = 0.6
"""Share of the clicks that must be heard."""
STEADY_S = 0.004
"""Further apart than this, they were not the clicks."""


class CalibrationError(RiffsynthError):
    """Nothing could be measured; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was measured."""

    late_ms: float
    """Sound leaves so much later than the card says; negative: earlier."""
    spread_ms: float
    """Between the first and the last quarter of the clicks."""
    clicks: int
    output: str
    input: str

    @property
    def clock_offset(self) -> float:
        """The value of `clock_offset` (ms) that makes up for it."""
        return -self.late_ms


def click_times() -> list[float]:
    """Seconds of all clicks after the beginning."""
    spacings = [SPACINGS_S[index % len(SPACINGS_S)] for index in range(CLICKS - 1)]
    return [FIRST_CLICK_S + sum(spacings[:index]) for index in range(CLICKS)]


def clicks(frames: NDArray[np.int64], rate: int) -> NDArray[np.float32]:
    """The sound at those frames since the beginning: short decaying bursts at `click_times`."""
    sound = np.zeros(frames.size, np.float32)
    length = round(CLICK_S * rate)
    for moment in click_times():
        within = frames - round(moment * rate)
        inside = (within >= 0) & (within < length)
        decay = 1.0 - within[inside] / length
        sound[inside] = CLICK_LEVEL * decay * np.where(within[inside] * 8 // length % 2 == 0, 1.0, -1.0)
    return sound


def lateness_s(heard: NDArray[np.float32], rate: int, expected: Sequence[float]) -> NDArray[np.float64]:
    """How much later than `expected` (seconds of the recording, ascending) each click is heard; only those that are.

    One lateness holds for all: it is found by adding up the recording at all places, then refined for each click.
    """
    level = np.abs(heard.astype(np.float64))
    level = np.convolve(level, np.ones(n := max(1, round(0.0005 * rate))) / n, "same")
    reach, near = round(REACH_S * rate), round(STEADY_S * rate)
    padded = np.pad(level, (reach, 2 * reach))
    places = [(round(moment * rate), moment) for moment in expected if 0 <= moment * rate < level.size]
    if not places:
        return np.zeros(0)
    around = int(np.sum([padded[place : place + 2 * reach] for place, _ in places], axis=0).argmax()) - reach
    noise = float(np.median(level)) + 1e-6
    late = []
    for place, moment in places:
        begin = max(0, place + around - near)
        stretch = level[begin : max(begin, place + around + near)]
        if stretch.size and stretch.max() > ABOVE_NOISE * noise:
            onset = int(np.argmax(stretch > 0.5 * stretch.max()))
            late.append((begin + onset) / rate - moment)
    return np.array(late)


class Input:
    """An input that is recorded, and when its first sample arrived, by the card's own times."""

    def __init__(self, device: str | None, rate: int, clock: Clock) -> None:
        """Raises CalibrationError where it cannot be opened."""
        import sounddevice

        self._clock = clock
        self._blocks: list[NDArray[np.float32]] = []
        self._frames = 0
        self._start = np.inf
        self._lock = threading.Lock()
        try:
            wanted: Any = int(device) if device is not None and device.isdigit() else device
            self._stream = sounddevice.InputStream(
                samplerate=rate, device=wanted, channels=1, latency="low", callback=self._hear
            )
            self.name = str(sounddevice.query_devices(self._stream.device)["name"])
            self._latency_s = float(self._stream.latency)
            self._stream.start()
        except (ValueError, sounddevice.PortAudioError) as error:
            raise CalibrationError(f"no input {device or 'at all'} to listen on: {error}") from None

    def _hear(self, data: NDArray[np.float32], frames: int, times: Any, _status: Any) -> None:
        now = self._clock.now()
        ago = times.currentTime - times.inputBufferAdcTime
        if not 0.0 < ago < 1.0:  # a host without times
            ago = self._latency_s
        with self._lock:
            self._blocks.append(data[:, 0].copy())
            # Python is late perhaps, never early.
            self._start = min(self._start, now - ago - self._frames / self._stream.samplerate)
            self._frames += frames

    def heard(self) -> tuple[NDArray[np.float32], float]:
        """All samples, and the clock's reading at the first."""
        self._stream.stop()
        self._stream.close()
        if not self._blocks:
            raise CalibrationError(f"{self.name} gave no sound at all")
        return np.concatenate(self._blocks), self._start


def calibrate(device: str | None, listen: str | None) -> Calibration:
    """Plays the clicks on an output and listens on an input; takes some 7 seconds.

    Raises OutputError or CalibrationError, with what to do.
    """
    clock = SystemClock()
    output, line = open_output(device, 1, None, None, clock)
    if line:
        raise OutputError("there is no sound card to play clicks on")
    microphone = Input(listen, output.sample_rate, clock)
    card = _play(output, clock)
    sound, start = microphone.heard()
    expected = [card.time_of(round(moment * output.sample_rate)) - start for moment in click_times()]
    late = lateness_s(sound, output.sample_rate, expected)
    if late.size < FEWEST * CLICKS:
        raise CalibrationError(
            f"{late.size} of {CLICKS} clicks were heard on {microphone.name}: bring its microphone to the speaker, or "
            f"join it to {output.name} by a cable, and turn it up"
        )
    first, last = np.percentile(late, [25, 75])
    if last - first > STEADY_S:
        raise CalibrationError(f"what was heard on {microphone.name} were not the clicks: is it quiet enough?")
    return Calibration(
        1000 * float(np.median(late)), 1000 * float(last - first), late.size, output.name, microphone.name
    )


def _play(output: Output, clock: Clock) -> CardClock:
    """Plays to the end of the last click; when each frame has left the speaker, by the card."""
    rate = output.sample_rate
    block = SynthesisGrid.for_rate(rate).hop // BLOCKS_PER_HOP
    card = CardClock(output.start(), rate)
    frame, end = 0, round((click_times()[-1] + REACH_S) * rate)
    reported = 0
    while frame < end:
        frame += output.lost()
        if output.room() < block:
            output.wait()
            continue
        output.write(clicks(np.arange(frame, frame + block), rate))
        frame += block
        if frame - reported > rate // 20:
            reported = frame
            if seen := output.heard():
                card.report(*seen)
    output.close()
    time.sleep(REACH_S)
    return card
