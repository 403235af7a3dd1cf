"""The player as a process, on a real JACK server where there is one: what a listener hears is what was recorded."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import measuring
import numpy as np
import pytest
from real_parts import JackServer

from riffsynth.playback.log import replay
from riffsynth.playback.messages import (
    AddScore,
    Deck,
    Enter,
    Entered,
    Finish,
    Opened,
    PlaybackState,
    Report,
    SetPlayback,
    SetTimeline,
    Warned,
)
from riffsynth.playback.process import PlayerConfig, start_player
from riffsynth.playback.recorder import read_wav
from riffsynth.processes.channel import Channel
from riffsynth.spectrogram.clip import Score
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.timing.timeline import Timeline

GRID = SynthesisGrid.for_rate(44100)
PATIENCE_S = 20.0


@dataclass
class Control:
    """The test's end of the channel, and all it was told."""

    channel: Channel
    heard: list[object] = field(default_factory=list)

    def listen(self, seconds: float) -> None:
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0 and not self.channel.closed:
            self.channel.wait(left)
            self.heard += self.channel.receive()

    def until(self, kind: type) -> object:
        deadline = time.perf_counter() + PATIENCE_S
        while time.perf_counter() < deadline:
            for value in self.of(kind):
                return value
            self.listen(0.05)
        raise AssertionError(f"no {kind.__name__} in {self.heard}")

    def of(self, kind: type) -> list:
        return [value for value in self.heard if isinstance(value, kind)]


@contextmanager
def playing(config: PlayerConfig) -> Iterator[Control]:
    """A player with four on the floor at 120 bpm from now on; it is asked to finish, and has finished, at the end."""
    process, channel = start_player(config)
    control = Control(channel)
    try:
        control.until(Opened)
        yield control
        channel.send(Finish())
        process.join(PATIENCE_S)
        control.listen(0.1)
        assert process.exitcode == 0
    finally:
        process.kill()
        channel.close()


def play_pulses(control: Control) -> Timeline:
    magnitudes = np.zeros((256, GRID.bins), np.float32)
    for beat in range(8):
        magnitudes[32 * beat : 32 * beat + 2, 200:700] = 0.01
    timeline = Timeline(time.perf_counter(), 0.0, 2.0)
    control.channel.send(SetTimeline(timeline))
    control.channel.send(AddScore(1, Score(magnitudes, 8.0)))
    control.channel.send(Enter(Deck(1, ((0.0, 1),)), 0.0, 0.0))
    return timeline


def turn_knobs(control: Control, seconds: float) -> None:
    """Messages as a performer's hands make them, 50 a second."""
    for step in range(round(50 * seconds)):
        control.channel.send(
            SetPlayback(PlaybackState(level=-12.0 + 12 * np.sin(step / 9), speed=1.0, freeze=step % 40 > 35))
        )
        control.listen(0.02)


@pytest.fixture
def listener(jack_server: JackServer, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    script = Path(measuring.__file__).with_name("jack_listener.py")
    process = subprocess.Popen(
        [sys.executable, script, jack_server.name, tmp_path / "heard.npz"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "ready"
    yield process
    process.kill()
    process.wait()


def connect(listener: subprocess.Popen[str]) -> None:
    assert listener.stdin is not None
    assert listener.stdout is not None
    listener.stdin.write("connect\n")
    listener.stdin.flush()
    assert listener.stdout.readline().split()[0] == "2"


def saved(listener: subprocess.Popen[str], tmp_path: Path) -> dict[str, np.ndarray]:
    assert listener.stdin is not None
    assert listener.stdout is not None
    listener.stdin.close()
    assert listener.stdout.readline().strip() == "saved"
    listener.wait(PATIENCE_S)
    with np.load(tmp_path / "heard.npz") as file:
        return dict(file)


def test_the_player_imports_no_model() -> None:
    """It starts fast and cannot be taken down by what it never loads."""
    code = (
        "import sys; import riffsynth.playback.process, riffsynth.playback.player, riffsynth.playback.rtmixer_output\n"
        "import riffsynth.playback.log, riffsynth.spectrogram.streaming\n"
        "print([m for m in ('torch', 'diffusers', 'transformers', 'aiohttp') if m in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_numpy_comes_after_the_settings_it_reads() -> None:
    code = "import sys; import riffsynth.playback.process; print('numpy' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"


def test_a_live_recording_equals_its_replay(tmp_path: Path) -> None:
    recording, log = tmp_path / "live.wav", tmp_path / "live.log"
    with playing(PlayerConfig(device="null", record=recording, log=log)) as control:
        play_pulses(control)
        turn_knobs(control, 1.5)
    live, _ = read_wav(recording)
    assert np.abs(live).max() > 0.01
    assert np.array_equal(live, np.concatenate(list(replay(log))))
    assert control.of(Report)[-1].frame <= live.size


def test_it_ends_when_control_is_gone(tmp_path: Path) -> None:
    process, channel = start_player(PlayerConfig(device="null", record=tmp_path / "live.wav"))
    control = Control(channel)
    play_pulses(control)
    control.until(Entered)
    control.listen(0.6)
    channel.close()
    process.join(PATIENCE_S)
    assert process.exitcode == 0
    samples, _ = read_wav(tmp_path / "live.wav")
    assert np.abs(samples).max() > 0.01
    assert (samples[-GRID.hop // 4 :] == 0).all()  # faded, not cut off


def test_a_device_that_does_not_exist_ends_in_one_line(jack_server: JackServer) -> None:
    process, channel = start_player(PlayerConfig(device="Fender Rhodes"))
    control = Control(channel)
    warned = control.until(Warned)
    assert "Fender Rhodes" in warned.text and "system" in warned.text
    assert "\n" not in warned.text
    process.join(PATIENCE_S)
    assert process.exitcode == 2


def test_the_sound_card_gets_what_is_recorded(
    jack_server: JackServer, listener: subprocess.Popen[str], tmp_path: Path
) -> None:
    recording, log = tmp_path / "live.wav", tmp_path / "live.log"
    # A ring deep enough for a busy machine: this test is about what is sent, not about how fast.
    with playing(PlayerConfig(device="system", record=recording, log=log, latency_ms=150)) as control:
        connect(listener)
        timeline = play_pulses(control)
        turn_knobs(control, 1.0)
        control.channel.send(SetPlayback(PlaybackState()))
        control.listen(2.5)
    heard = saved(listener, tmp_path)
    left, right = heard["samples"]
    live, _ = read_wav(recording)
    assert np.array_equal(left, right)
    assert np.array_equal(live, np.concatenate(list(replay(log))))
    if any("silence" in warned.text for warned in control.of(Warned)):
        pytest.skip("the machine was too busy to play without a gap")
    shift = np.flatnonzero(left)[0] - np.flatnonzero(live)[0]
    assert shift > 0
    length = min(live.size, left.size - shift)
    assert np.flatnonzero(live)[-1] < length
    assert np.array_equal(left[shift : shift + length], live[:length])
    assert_on_the_beat(heard, timeline, jack_server)


def assert_on_the_beat(heard: dict[str, np.ndarray], timeline: Timeline, server: JackServer) -> None:
    """The pulses leave the speaker (a period after they were handed over) on the timeline's beats.

    Time is the server's frames since the timeline began, for a busy server loses some of it with every xrun.
    """
    power = np.square(heard["samples"][0].astype(np.float64))
    starts = np.arange(heard["times"].size) * server.period
    early = np.abs(heard["times"] - timeline.time) < 0.3
    began = np.median(heard["times"][early] - starts[early] / server.rate)
    seconds = began + (np.arange(power.size) + server.period) / server.rate
    centres = []
    for beat in range(4, 7):
        near = np.abs(seconds - timeline.time_at(beat)) < 0.15
        if power[near].any():
            centres.append(np.average(seconds[near], weights=power[near]) - timeline.time_at(beat))
    assert len(centres) == 3
    pulse_s = 1 / 64 / 2  # the centre of two columns, 32 a beat, lies half a column after the first
    # A machine that others share can be a sound server's period or two late; `bench clock` measures how exact it is.
    assert np.median(centres) == pytest.approx(pulse_s, abs=0.03)


def _stalls(connection: object, config: PlayerConfig) -> None:
    """A player whose interpreter is held up for 150 ms after a second."""
    from riffsynth.playback import core
    from riffsynth.playback.process import player_main

    made, make = [0], core.PlayerCore.block

    def block(self: core.PlayerCore, time_s: float) -> np.ndarray:
        made[0] += 1
        if made[0] == 400:
            time.sleep(0.3)
        return make(self, time_s)

    core.PlayerCore.block = block  # type: ignore[method-assign]
    player_main(connection, config)  # type: ignore[arg-type]


def test_after_an_underrun_it_plays_on_and_the_silence_is_recorded(
    jack_server: JackServer, listener: subprocess.Popen[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("riffsynth.playback.process.player_main", _stalls)
    recording, log = tmp_path / "live.wav", tmp_path / "live.log"
    with playing(PlayerConfig(device="system", record=recording, log=log, latency_ms=60)) as control:
        connect(listener)
        play_pulses(control)
        control.listen(4.0)
    heard = saved(listener, tmp_path)["samples"][0]
    live, _ = read_wav(recording)
    assert np.array_equal(live, np.concatenate(list(replay(log))))
    assert any("silence" in warned.text for warned in control.of(Warned))
    assert control.of(Report)[-1].underruns >= 1
    heard_span, live_span = (np.ptp(np.flatnonzero(samples)) / 44100 for samples in (heard, live))
    assert heard_span == pytest.approx(live_span, abs=0.25)
    assert np.array_equal(_last_second(heard), _last_second(live))


def _last_second(samples: np.ndarray) -> np.ndarray:
    end = np.flatnonzero(samples)[-1]
    return samples[end - 44100 : end + 1]
