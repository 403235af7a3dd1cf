"""The ring before a sound card, with a card and a clock of the test's own: how frames are counted when it runs dry."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from riffsynth.playback import rtmixer_output
from riffsynth.playback.rtmixer_output import RtmixerOutput
from riffsynth.timing.clock import ManualClock

RATE = 44100
BLOCK = 128
HOP_S = 0.004
"""What every fourth block takes to be made."""


class Buffer:
    def __init__(self) -> None:
        self.read_available = 0
        self.written = 0
        """Frames, of two channels."""

    def write(self, samples: np.ndarray) -> None:
        self.read_available += samples.size // 2
        self.written += samples.size // 2


class Card:
    """Sounddevice, rtmixer and the device: fetches a period at a time, as rtmixer's callback does."""

    def __init__(self, clock: ManualClock, period: int) -> None:
        self.clock, self.period = clock, period
        self.latency = period / RATE
        self.active, self.actions = True, set()
        self.buffer = Buffer()
        self.left: list[tuple[int, float]] = []
        """(frames written before it, time at which it leaves the speaker) of the first frame of each fetch."""
        self._next = clock.now()

    def Mixer(self, **_options: object) -> Card:
        return self

    def RingBuffer(self, _size: int, _capacity: int) -> Buffer:
        return self.buffer

    def start(self) -> None: ...

    @property
    def time(self) -> float:
        return self.clock.now()

    def play_ringbuffer(self, _buffer: Buffer, start: float) -> SimpleNamespace:
        action = SimpleNamespace(stats=SimpleNamespace(output_underflows=0))
        action.start = action.actual_time = start
        self.actions = {id(action): action}.values()
        return action

    def sleep(self, seconds: float) -> None:
        end = self.clock.now() + seconds
        while self._next <= end:
            self.clock.advance(max(0.0, self._next - self.clock.now()))
            self._fetch(self._next + self.latency)
            self._next += self.period / RATE
        self.clock.advance(max(0.0, end - self.clock.now()))

    def _fetch(self, leaves: float) -> None:
        for action in list(self.actions):
            skipped = max(0, round((action.start - leaves) * RATE))
            if skipped >= self.period:
                return
            taken = min(self.period - skipped, self.buffer.read_available)
            if taken:
                self.left.append((self.buffer.written - self.buffer.read_available, leaves + skipped / RATE))
            self.buffer.read_available -= taken
            action.start = 0.0
            if taken < self.period - skipped:
                self.actions = {}.values()


def opened(period: int, monkeypatch: pytest.MonkeyPatch) -> tuple[Card, RtmixerOutput]:
    clock = ManualClock(100.0)
    card = Card(clock, period)
    library = SimpleNamespace(
        query_devices=lambda: [{"name": "card", "max_output_channels": 2, "default_samplerate": RATE}],
        PortAudioError=OSError,
    )
    monkeypatch.setattr(rtmixer_output, "_libraries", lambda: (library, card))
    monkeypatch.setattr(rtmixer_output, "time", SimpleNamespace(sleep=card.sleep))
    output = RtmixerOutput("card", 2, None, 25.0, lambda _rate: BLOCK, clock)
    return card, output


@pytest.mark.parametrize("period", [64, 256, 1024])
def test_frames_lie_in_time_where_they_are_counted_however_often_the_ring_runs_dry(
    period: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    card, output = opened(period, monkeypatch)
    start, counted, dry, blocks = output.start(), 0, 0, 0
    numbers: dict[int, int] = {}
    """Of the frames that begin a block, by how many were written before them."""
    while dry < 200 and card.clock.now() < 130.0:
        frames = output.lost(sounding=False)
        counted += frames
        dry += frames > 0
        if output.room() < BLOCK + output.slack:
            output.wait()
            continue
        # Every fifth time the hop takes far too long.
        card.sleep((HOP_S if blocks % 20 else 0.05) if blocks % 4 == 0 else 0.0002)
        frames = output.lost(sounding=False)
        counted += frames
        dry += frames > 0
        numbers[card.buffer.written] = counted
        output.write(np.zeros(BLOCK, np.float32))
        counted += BLOCK
        blocks += 1
        heard = output.heard()
        if heard:  # a report is late where a hop was made meanwhile, and never early
            assert -0.0002 < heard[1] - (start + heard[0] / RATE) < 0.06
    assert dry == 200
    off = [leaves - (start + numbers[written] / RATE) for written, leaves in card.left if written in numbers]
    assert len(off) > 190
    assert np.abs(off).max() < 0.001


def test_a_hop_is_made_at_rest_without_running_dry(monkeypatch: pytest.MonkeyPatch) -> None:
    card, output = opened(64, monkeypatch)
    output.start()
    for block in range(2000):
        while output.room() < BLOCK + output.slack:
            output.wait()
            assert output.lost(sounding=False) == 0
        card.sleep(HOP_S if block % 4 == 0 else 0.0002)
        assert output.lost(sounding=False) == 0
        output.write(np.zeros(BLOCK, np.float32))
