"""Hands on musical time while a MIDI clock is followed: which beat of the clip is heard on which beat."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from measuring.beats import beat_heard, beats_clip

from riffsynth.playback.core import PlayerCore
from riffsynth.playback.messages import AddScore, Deck, Enter, PlaybackState, SetPlayback, SetTimeline
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.spectrogram.inversion import score_of
from riffsynth.timing.midi_clock import ClockMessage
from riffsynth.timing.transport import Transport

RATE = 44100
GRID = SynthesisGrid.for_rate(RATE)
BEAT_S = 0.5
AHEAD_S = 0.04
"""The player makes sound so long before it is heard."""
SCORE = score_of(beats_clip(), GRID)


@dataclass
class Performance:
    """A drum machine at 120 beats a minute and two hands, in virtual time."""

    transport: Transport = field(default_factory=lambda: Transport(0.0))
    core: PlayerCore = field(default_factory=lambda: PlayerCore(GRID))
    state: PlaybackState = field(default_factory=PlaybackState)
    now: float = 0.0

    def set(self, **values: float | bool) -> None:
        self.state = replace(self.state, **values)
        self.core.apply(SetPlayback(self.state))

    def locate(self, beat: int) -> None:
        self.transport.on_clock(ClockMessage("songpos", self.now, 4 * beat))

    def play(self, beats: int, moves: dict[float, Callable[[Performance], None]]) -> np.ndarray:
        """The sound from the first tick on; `moves` by the beat of the clock at which they are made."""
        self.transport.choose(0.0, "midi", 4.0)
        self.transport.on_clock(ClockMessage("start", 0.0))
        self.core.apply(AddScore(1, SCORE))
        self.core.apply(Enter(Deck(1, ((0.0, 1),)), 0.0, 0.0))
        ticks, waiting, pieces = 0, sorted(moves), []
        for index in range(round(beats * BEAT_S * RATE / self.core.block_size)):
            heard = index * self.core.block_size / RATE
            self.now = heard - AHEAD_S
            while waiting and waiting[0] * BEAT_S <= self.now:
                moves[waiting.pop(0)](self)
            while ticks * BEAT_S / 24 <= self.now:
                self.transport.on_clock(ClockMessage("tick", ticks * BEAT_S / 24))
                ticks += 1
            self.transport.poll(max(0.0, self.now))
            self.core.apply(SetTimeline(self.transport.timeline))
            pieces.append(self.core.block(heard))
        return np.concatenate(pieces).astype(np.float64)


WINDOW_S = 0.2
"""In which a beat is known by its pitch: after its attack, or before it where the sound runs backwards."""
HANDS: dict[str, tuple[Callable[[Performance], None], list[int]]] = {
    "nothing": (lambda p: None, [2, 3, 4]),
    "double speed": (lambda p: p.set(speed=2.0), [3, 5, 7]),
    "freeze": (lambda p: p.set(freeze=True), [1, 1, 1]),
    "loop of 4": (lambda p: p.set(loop_beats=4.0), [2, 3, 0, 1]),
    "loop of 2": (lambda p: p.set(loop_beats=2.0), [0, 1, 0]),
    "loop of 1": (lambda p: p.set(loop_beats=1.0), [1, 1, 1]),
    "loop of 1/2": (lambda p: p.set(loop_beats=0.5), [1, 1, 1]),
    "loop of 1/4": (lambda p: p.set(loop_beats=0.25), [1, 1, 1]),
    "jump": (lambda p: p.transport.jump(p.now, 5.0), [7, 0, 1]),
    "song position": (lambda p: p.locate(6), [7, 0, 1]),
}


@pytest.mark.parametrize(("move", "expected"), HANDS.values(), ids=HANDS)
def test_a_hand_at_beat_1_is_heard_in_time_from_beat_2_on(
    move: Callable[[Performance], None], expected: list[int]
) -> None:
    sound = Performance().play(2 + len(expected), {1.05: move})
    assert [beat_heard(sound, (2 + beat) * BEAT_S * RATE, RATE) for beat in range(len(expected))] == expected


def test_at_half_speed_every_other_beat_of_the_clock_is_one_of_the_clip() -> None:
    sound = Performance().play(6, {1.05: lambda p: p.set(speed=0.5)})
    assert [beat_heard(sound, beat * BEAT_S * RATE, RATE) for beat in (3, 5)] == [2, 3]


def test_in_reverse_attacks_still_lie_on_the_beat() -> None:
    sound = Performance().play(5, {1.05: lambda p: p.set(reverse=True)})
    assert [beat_heard(sound, (beat * BEAT_S - WINDOW_S) * RATE, RATE) for beat in (2, 3, 4)] == [0, 7, 6]
