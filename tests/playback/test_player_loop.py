"""The player's loop in virtual time: what is recorded, what is told, and that its log makes the same sound again."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np

from riffsynth.playback.core import PlayerCore
from riffsynth.playback.log import replay, replay_to_wav
from riffsynth.playback.messages import (
    AddScore,
    Deck,
    Enter,
    Entered,
    Finish,
    Heard,
    Opened,
    PlaybackState,
    Record,
    Report,
    SetPlayback,
    SetTimeline,
    Warned,
)
from riffsynth.playback.output import NullOutput
from riffsynth.playback.player import Player
from riffsynth.playback.recorder import read_wav
from riffsynth.spectrogram.clip import Score
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.timing.clock import ManualClock
from riffsynth.timing.timeline import Timeline

GRID = SynthesisGrid.for_rate(44100)


class ScriptedPeer:
    """Control that sends each message when the clock reaches its moment."""

    def __init__(self, clock: ManualClock, script: list[tuple[float, object]]) -> None:
        self._clock = clock
        self._script = sorted(script, key=lambda entry: entry[0])
        self.closed = False
        self.heard: list[object] = []

    def send(self, value: object) -> None:
        self.heard.append(value)

    def receive(self) -> list[object]:
        due = []
        while self._script and self._script[0][0] <= self._clock.now():
            due.append(self._script.pop(0)[1])
        return due

    def of(self, kind: type) -> list:
        return [value for value in self.heard if isinstance(value, kind)]


def pulses(low: int, high: int, level: float = 0.02) -> Score:
    """Short bursts on every beat of eight, in bins low to high."""
    magnitudes = np.zeros((256, GRID.bins), np.float32)
    for beat in range(8):
        magnitudes[32 * beat : 32 * beat + 3, low:high] = level
    return Score(magnitudes, 8.0)


def start(
    script: list[tuple[float, object]], log: Path | None = None, share: bool = False
) -> tuple[Player, ScriptedPeer, ManualClock]:
    clock = ManualClock(100.0)
    peer = ScriptedPeer(clock, script)
    core = PlayerCore(GRID, 3)
    output = NullOutput(clock, core.block_size, sleep=clock.advance)
    return Player(peer, output, core, clock, log, 3, share=share), peer, clock


def a_session(path: Path) -> list[tuple[float, object]]:
    states = [
        (101.0, PlaybackState(freeze=True)),
        (101.3, PlaybackState(level=-6.0)),
        (101.5, PlaybackState(speed=0.5, alpha=0.5)),
        (101.8, PlaybackState(reverse=True, pitch=3.0)),
        (102.1, PlaybackState(loop_beats=0.5)),
    ]
    return [
        (0.0, Record(path)),
        (0.0, SetTimeline(Timeline(100.0, 0.0, 2.0))),
        (0.0, AddScore(1, pulses(100, 300))),
        (0.0, AddScore(2, pulses(300, 600))),
        (0.0, Enter(Deck(1, ((0.0, 1),)), 0.0, 0.0)),
        (100.4, Enter(Deck(2, ((0.0, 1), (1.0, 2))), 2.0, 1.0)),
        *((moment, SetPlayback(state)) for moment, state in states),
        (102.5, Finish()),
    ]


def test_a_recording_equals_its_replay(tmp_path: Path) -> None:
    recording, log = tmp_path / "session.wav", tmp_path / "session.log"
    player, peer, _ = start(a_session(recording), log)
    player.run()
    live, rate = read_wav(recording)
    assert rate == 44100
    assert np.abs(live).max() > 0.05
    again = np.concatenate(list(replay(log)))
    assert np.array_equal(live, again)
    replay_to_wav(log, tmp_path / "again.wav")
    assert (tmp_path / "again.wav").read_bytes() == recording.read_bytes()
    assert not peer.of(Warned)


def test_while_the_song_stands_less_is_made_ahead() -> None:
    standing = Timeline(100.0, 0.0, 2.0, playing=False)
    script = [
        (0.0, SetTimeline(standing)),
        (0.0, AddScore(1, pulses(100, 300))),
        (0.0, Enter(Deck(1, ((0.0, 1),)), 0.0, 0.0)),
        (101.0, SetTimeline(standing.started(101.0))),
        (102.0, Finish()),
    ]
    player, peer, clock = start(script)
    ahead: list[tuple[float, float]] = []
    while not player.finished:
        player.step()
        if len(peer.of(Report)) > len(ahead):
            ahead.append((clock.now(), peer.of(Report)[-1].time - clock.now()))
    latency_s = peer.of(Opened)[0].latency_s
    assert max(lead for now, lead in ahead if 100.2 < now < 101.0) < 0.6 * latency_s
    assert max(lead for now, lead in ahead if 101.2 < now < 102.0) > 0.9 * latency_s


class SlowOutput(NullOutput):
    """A card that is slower than it should be, and loses a period now and then."""

    def heard(self) -> tuple[int, float] | None:
        frame = self._written
        return frame, self._start + frame / self.sample_rate * 1.0002 + 0.004 * (frame // 40_000)


def test_a_card_that_is_off_is_followed_and_replayed_to_the_sample(tmp_path: Path) -> None:
    clock = ManualClock(100.0)
    peer = ScriptedPeer(clock, a_session(tmp_path / "take.wav"))
    core = PlayerCore(GRID, 3)
    output = SlowOutput(clock, core.block_size, sleep=clock.advance)
    Player(peer, output, core, clock, tmp_path / "take.log", 3).run()
    live, _ = read_wav(tmp_path / "take.wav")
    assert np.array_equal(live, np.concatenate(list(replay(tmp_path / "take.log"))))
    last = peer.of(Report)[-1]
    counted = output._start + last.frame / 44100
    assert 0.006 < last.time - counted < 0.011


def test_it_tells_what_it_does(tmp_path: Path) -> None:
    player, peer, _ = start(a_session(tmp_path / "session.wav"))
    player.run()
    assert peer.of(Opened) == [Opened("null", 44100, 2, peer.of(Opened)[0].latency_s)]
    assert [entered.deck_id for entered in peer.of(Entered)] == [1, 2]
    assert 2.0 <= peer.of(Entered)[1].beat < 2.0 + 2 * 2 * GRID.hop / 44100
    reports = peer.of(Report)
    assert 45 <= len(reports) <= 55
    assert all(b.frame > a.frame for a, b in pairwise(reports))
    assert max(report.peak for report in reports) > 0.05
    assert reports[0].recording == tmp_path / "session.wav"


def test_who_looks_is_sent_every_sample_with_its_time_and_nobody_else(tmp_path: Path) -> None:
    for share in (True, False):
        player, peer, _ = start(a_session(tmp_path / "take.wav"), share=share)
        player.run()
        recorded, _ = read_wav(tmp_path / "take.wav")
        heard = peer.of(Heard)
        assert bool(heard) == share
        for piece in heard:
            assert abs(piece.time - (heard[0].time + (piece.frame - heard[0].frame) / GRID.sample_rate)) < 1e-6
        for before, after in pairwise(heard):
            assert after.frame == before.frame + before.samples.size
        if share:
            samples = np.concatenate([piece.samples for piece in heard])
            assert np.array_equal(samples, recorded[: samples.size])
            assert recorded.size - samples.size < GRID.sample_rate / 10


def test_a_clip_entering_late_or_a_stall_leaves_silence_in_the_recording_and_the_beat_in_place(tmp_path: Path) -> None:
    recording, log = tmp_path / "session.wav", tmp_path / "session.log"
    player, peer, clock = start(a_session(recording)[:5] + [(104.0, Finish())], log)
    while clock.now() < 101.2:
        player.step()
    clock.advance(0.4)
    player.run()
    samples, rate = read_wav(recording)
    assert np.array_equal(samples, np.concatenate(list(replay(log))))
    assert [warned.text for warned in peer.of(Warned)] == [peer.of(Warned)[0].text]
    assert "silence" in peer.of(Warned)[0].text
    assert abs(samples.size / rate - (clock.now() - 100.025)) < 0.02
    power = np.square(samples.astype(np.float64))
    for beat in (5, 6, 7):  # after the gap
        first = round((beat / 2 - 0.025 - 0.1) * rate)
        near = power[first : first + round(0.2 * rate)]
        centre = np.average(np.arange(near.size), weights=near) / rate - 0.1
        assert abs(centre - 1.5 / 64) < 0.012


def test_a_disk_that_fails_costs_the_recording_only(tmp_path: Path) -> None:
    player, peer, _ = start([(0.0, Record(tmp_path / "nowhere" / "a.wav")), *a_session(tmp_path / "b.wav")[1:]])
    player.run()
    assert "cannot record" in peer.of(Warned)[0].text
    assert max(report.peak for report in peer.of(Report)) > 0.05


class DyingOutput(NullOutput):
    """A device that plays no more after a second."""

    name = "dying"

    @property
    def alive(self) -> bool:
        return self._clock.now() < 101.0


def test_when_the_device_dies_the_song_and_the_recording_go_on(tmp_path: Path) -> None:
    recording, log = tmp_path / "session.wav", tmp_path / "session.log"
    clock = ManualClock(100.0)
    peer = ScriptedPeer(clock, a_session(recording))
    core = PlayerCore(GRID, 3)
    output = DyingOutput(clock, core.block_size, sleep=clock.advance)
    Player(peer, output, core, clock, log, 3, clock.advance).run()
    samples, rate = read_wav(recording)
    assert np.array_equal(samples, np.concatenate(list(replay(log))))
    assert samples.size / rate > 2.4
    assert [opened.output for opened in peer.of(Opened)] == ["null", "null"]
    assert any("plays no more" in warned.text for warned in peer.of(Warned))
