"""The player's loop: messages in, blocks out, in step with the output; recording and log beside it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from riffsynth.playback.core import PlayerCore
from riffsynth.playback.log import PlayerLog
from riffsynth.playback.messages import Finish, Heard, Opened, Record, Report, Warned
from riffsynth.playback.output import NullOutput, Output
from riffsynth.playback.recorder import Recorder
from riffsynth.processes.channel import Channel
from riffsynth.processes.door import Door
from riffsynth.timing.card_clock import CardClock
from riffsynth.timing.clock import Clock

REPORTS_PER_SECOND = 20
QUIETEST_DB = -120.0
ALONE_S = 60.0
"""How long it plays on when control has died, until a new one has come."""


class Peer(Protocol):
    """Control, seen from the player: one end of a `Channel`."""

    @property
    def closed(self) -> bool: ...
    @property
    def dismissed(self) -> bool: ...
    def send(self, value: Any) -> None: ...
    def receive(self) -> list[Any]: ...
    def close(self) -> None: ...


class Player:
    """Owns the output, the recording and the log. `step` does what can be done now and then waits for a moment."""

    def __init__(
        self,
        peer: Peer,
        output: Output,
        core: PlayerCore,
        clock: Clock,
        log: Path | None = None,
        seed: int = 0,
        sleep: Callable[[float], object] = time.sleep,
        share: bool = False,
        door: Door | None = None,
        scheduling: str = "",
    ) -> None:
        """`share`: control is sent what is heard, 20 times a second. `door`: where a control that was started again
        comes in; without one, the player ends with control. `scheduling`: what the system has granted, to be told.
        """
        self._scheduling = scheduling
        self._sleep = sleep
        self._door = door
        self._peer, self._output, self._core, self._clock = peer, output, core, clock
        self._recorder: Recorder | None = None
        self._index = 0
        """Blocks sent, silence included."""
        self._dead: Output | None = None
        self._alone_since: float | None = None
        self._leaving = False
        self._underruns_before = 0
        self._meter = _Meter()
        self._unshared: list[NDArray[np.float32]] | None = [] if share else None
        """Blocks that were sent since control was last told."""
        self._reported = 0
        start = output.start()
        self._card = CardClock(start, output.sample_rate)
        self._frames = self._card.line
        self._log = self._opened_log(log, seed, start)
        self._greet()

    @property
    def finished(self) -> bool:
        return self._core.finished

    def step(self) -> None:
        for message in self._peer.receive():
            self.handle(message)
        if self._peer.closed:
            self._play_alone()
        if not self._output.alive:
            self._fall_silent()
        self._fill_gap()
        slack = self._output.slack if self._core.resting else 0
        if self._output.room() < self._core.block_size + slack:
            self._output.wait()
            return
        self._make_block()
        for event in self._core.events():
            self._peer.send(event)
        frames_a_report = self._output.sample_rate // REPORTS_PER_SECOND
        if self._frame >= self._reported + frames_a_report:
            self._report()

    def run(self) -> None:
        """Until `Finish` has been met, or control is gone for good; then plays to the end and closes all files."""
        while not self.finished:
            self.step()
        self.close()

    def handle(self, message: Any) -> None:
        if isinstance(message, Record):
            self._record(message.path)
        if self._log:
            self._log.message(self._index, message)
        if not isinstance(message, Record):
            self._core.apply(message)

    def close(self) -> None:
        self._output.close()
        if self._recorder:
            self._recorder.close()
        if self._log:
            self._log.close(self._index)
        if self._door:
            self._door.close()

    def leave(self) -> None:
        """Takes leave of control, whichever it is by now."""
        self._peer.close()

    def _play_alone(self) -> None:
        """Control is gone. Where it died, another one comes; where it left, or none comes, the player fades out."""
        now = self._clock.now()
        if self._alone_since is None:
            self._alone_since = now
        visitor = self._door.visitor() if self._door else None
        if visitor:
            self._peer, self._alone_since = Channel(visitor, "control"), None
            self._greet()
            self._peer.send(self._core.holds)
        elif not self._leaving and (not self._door or self._peer.dismissed or now - self._alone_since > ALONE_S):
            self._leaving = True
            self.handle(Finish())

    @property
    def _frame(self) -> int:
        return self._index * self._core.block_size

    def _make_block(self) -> None:
        before = self._clock.now()
        samples = self._core.block(self._frames.time_of(self._frame))
        self._meter.add(samples, self._clock.now() - before)
        self._fill_gap(made=True)  # perhaps this very block took too long
        self._output.write(samples)
        self._sent(samples)

    def _fill_gap(self, made: bool = False) -> None:
        """Where the device has played silence, so does the recording, and the song goes on behind it.

        `made`: a block that was made for now has to wait behind the silence.
        """
        sounding = not self._core.resting
        frames = self._output.lost(sounding)
        if frames:
            if self._log:
                self._log.gap(self._index, frames // self._core.block_size, made)
            self._sent(np.zeros(frames, np.float32))
            if sounding:
                lost_ms = 1000 * frames / self._output.sample_rate
                self._peer.send(Warned(f"{lost_ms:.0f} ms of silence: sound came too late"))

    def _sent(self, samples: NDArray[np.float32]) -> None:
        self._index += samples.size // self._core.block_size
        if self._unshared is not None:
            self._unshared.append(samples)
        if self._recorder:
            self._recorder.put(samples)
            if self._recorder.failure:
                self._peer.send(Warned(f"recording to {self._recorder.path} ended: {self._recorder.failure}"))
                self._record(None)
        if self._log and self._log.failure:
            self._peer.send(Warned(f"the player's log ended: {self._log.failure}"))
            self._log = None

    def _record(self, path: Path | None) -> None:
        if self._recorder:
            self._recorder.end()
            self._recorder = None
        if path:
            try:
                self._recorder = Recorder(path, self._output.sample_rate)
            except OSError as error:
                self._peer.send(Warned(f"cannot record to {path}: {error.strerror or error}"))

    def _opened_log(self, path: Path | None, seed: int, start: float) -> PlayerLog | None:
        if path is None:
            return None
        try:
            return PlayerLog(path, self._output.sample_rate, seed, start)
        except OSError as error:
            self._peer.send(Warned(f"cannot write the log to {path}: {error.strerror or error}"))
            return None

    def _fall_silent(self) -> None:
        """The device is gone: the song, the recording and the log go on without it."""
        dead = self._dead = self._output  # its driver may still touch what belongs to it
        self._underruns_before += dead.underruns
        self._output = NullOutput(
            self._clock, self._core.block_size, dead.sample_rate, dead.channels, sleep=self._sleep
        )
        start = self._output.start()
        gap = math.ceil((start - self._frames.time_of(self._frame)) * dead.sample_rate / self._core.block_size)
        if gap > 0:
            if self._log:
                self._log.gap(self._index, gap, made=False)
            self._sent(np.zeros(gap * self._core.block_size, np.float32))
        self._peer.send(Warned(f"{dead.name} plays no more; going on without sound"))
        self._greet()

    def _greet(self) -> None:
        output = self._output
        self._peer.send(
            Opened(
                output.name,
                output.sample_rate,
                output.channels,
                output.latency_s,
                output.card_latency_s,
                self._scheduling,
            )
        )

    def _learn_time(self) -> None:
        """From what the card has said since the last time."""
        heard = self._output.heard()
        if heard and self._card.report(*heard):
            self._frames = self._card.line
            if self._log:
                self._log.line(self._index, self._frames)

    def _report(self) -> None:
        self._learn_time()
        now = self._frames.time_of(self._frame)
        peak, loudness_db, fraction = self._meter.read(self._output.sample_rate)
        self._reported = self._frame
        self._peer.send(
            Report(
                frame=self._frame,
                time=now,
                beat=self._core.timeline.beat_at(now),
                peak=peak,
                loudness_db=loudness_db,
                underruns=self._underruns_before + self._output.underruns,
                core_fraction=fraction,
                recording=self._recorder.path if self._recorder else None,
                ring_s=self._output.latency_s - self._output.card_latency_s,
            )
        )
        if self._unshared:
            samples = np.concatenate(self._unshared)
            self._unshared.clear()
            first = self._frame - samples.size
            self._peer.send(Heard(first, self._frames.time_of(first), self._output.sample_rate, samples))
        if self._log:
            self._log.mark(self._index)


class _Meter:
    """Peak, loudness and cost of the blocks since it was read last."""

    def __init__(self) -> None:
        self._peak = self._power = self._spent = 0.0
        self._frames = 0

    def add(self, samples: NDArray[np.float32], seconds: float) -> None:
        self._peak = max(self._peak, float(np.abs(samples).max()))
        self._power += float(np.dot(samples, samples))
        self._frames += samples.size
        self._spent += seconds

    def read(self, sample_rate: int) -> tuple[float, float, float]:
        """Peak, RMS in dB, and seconds spent for each second of sound."""
        frames = max(1, self._frames)
        power = self._power / frames
        decibels = max(QUIETEST_DB, 10.0 * math.log10(power)) if power > 0 else QUIETEST_DB
        reading = (self._peak, decibels, self._spent * sample_rate / frames)
        self.__init__()  # type: ignore[misc]
        return reading
