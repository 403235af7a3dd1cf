"""What may die, hang or be cut off while the sound goes on. `docs/reliability.md` has a row for each."""

from __future__ import annotations

import os
import resource
import signal
import socket
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from made_clips import save, tone_clip
from pythonosc.osc_message_builder import OscMessageBuilder

PRESET = 'a: {prompt: "house drums"}\ndrift: true\ntempo: 150\n'
CLIP_PLAYER = "init: {clip}\nstrength: 0\ntempo: 120\n"
QUIET = 1e-4
WINDOW = 4410


@pytest.fixture
def a_clip(perform, tmp_path):
    """A performance that needs no model, on the null output: what is lost is lost by us."""
    return perform(CLIP_PLAYER.format(clip=save(tone_clip(440.0), tmp_path, "tone")), "--audio", "null")


def sounding(status):
    return status["loudness_db"] > -60


def assert_nothing_was_lost(performance, before):
    """The recording is what the log replays, and since `before` no part of it is silent that the machine left us."""
    status = performance.status()
    recorded = performance.stop()
    assert np.array_equal(recorded, performance.replayed())
    if status["underruns"] == before["underruns"]:
        heard = recorded[before["frame"] + WINDOW : -performance.rate // 2]
        windows = np.abs(heard[: heard.size // WINDOW * WINDOW]).reshape(-1, WINDOW).max(axis=1)
        assert (windows > QUIET).all()


def test_a_killed_worker_costs_no_sample_and_comes_back(perform):
    performance = perform(PRESET)
    before = performance.wait(lambda status: status["clips"] >= 2, 90)
    os.kill(before["worker_pid"], signal.SIGKILL)
    after = performance.wait(
        lambda status: status["worker_starts"] == 2 and status["clips"] > before["clips"], timeout_s=60
    )
    assert after["worker_pid"] != before["worker_pid"]
    recorded = performance.stop()
    assert np.array_equal(recorded, performance.replayed())
    assert after["underruns"] == before["underruns"] or len(recorded) >= after["frame"]
    quiet = np.abs(recorded[before["frame"] : after["frame"]]).reshape(-1)
    windows = quiet[: quiet.size // WINDOW * WINDOW].reshape(-1, WINDOW).max(axis=1)
    assert (windows > QUIET).mean() > 0.9


def test_a_killed_player_comes_back_with_what_was_playing(perform):
    # Not on JACK: a synchronous server that loses a client like this stands still for a minute, for everybody.
    performance = perform(PRESET, "--audio", "null")
    before = performance.wait(lambda status: status["clips"] >= 1 and sounding(status), 90)
    os.kill(before["player_pid"], signal.SIGKILL)
    performance.wait(lambda status: status["player_pid"] not in (0, before["player_pid"]) and sounding(status), 30)


def test_a_killed_control_costs_no_sample_and_comes_back_as_it_was(a_clip):
    before = a_clip.wait(sounding)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as subscriber:
        subscriber.bind(("127.0.0.1", 0))
        subscriber.settimeout(30.0)
        subscriber.sendto(OscMessageBuilder("/riffsynth/notify").build().dgram, ("127.0.0.1", a_clip.port))
        a_clip.send("/riffsynth/tempo", 97.0)
        a_clip.send("/riffsynth/pitch", 3.0)
        a_clip.play_on(0.5)
        os.kill(before["control_pid"], signal.SIGKILL)
        after = a_clip.wait(lambda status: status["control_pid"] != before["control_pid"], 60)
        while b"control ended" not in subscriber.recv(65536):
            pass
    assert after["player_pid"] == before["player_pid"]
    assert after["frame"] > before["frame"]
    assert a_clip.ask("/riffsynth/pitch") == [3.0]
    assert a_clip.ask("/riffsynth/tempo") == [97.0]
    assert_nothing_was_lost(a_clip, before)


@pytest.mark.slow
def test_a_stopped_control_is_replaced(a_clip):
    before = a_clip.wait(sounding)
    os.kill(before["control_pid"], signal.SIGSTOP)
    a_clip.wait(lambda status: status["control_pid"] != before["control_pid"], 60)
    assert_nothing_was_lost(a_clip, before)


@pytest.mark.slow
def test_a_stopped_player_is_replaced(a_clip):
    before = a_clip.wait(sounding)
    os.kill(before["player_pid"], signal.SIGSTOP)
    a_clip.wait(lambda status: status["player_pid"] not in (0, before["player_pid"]) and sounding(status), 60)


@pytest.mark.slow
def test_a_stopped_worker_is_replaced(perform):
    performance = perform(PRESET, "--audio", "null")
    before = performance.wait(lambda status: status["clips"] >= 1, 120)
    os.kill(before["worker_pid"], signal.SIGSTOP)
    performance.wait(lambda status: status["worker_starts"] == 2 and status["clips"] > before["clips"], 120)
    assert np.array_equal(performance.stop(), performance.replayed())


def test_a_flood_a_bad_preset_and_a_full_disk_cost_no_sample(a_clip, tmp_path):
    before = a_clip.wait(sounding)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as flood:
        packets = [OscMessageBuilder("/riffsynth/level").build().dgram[:16] + os.urandom(12) for _ in range(50)]
        end = time.perf_counter() + 1.0
        while time.perf_counter() < end:
            for packet in packets:
                flood.sendto(packet, ("127.0.0.1", a_clip.port))
            time.sleep(0.005)
    bad = tmp_path / "bad.yaml"
    bad.write_text("tempo: fast\nalhpa: 2\n")
    a_clip.send("/riffsynth/preset", str(bad))
    a_clip.play_on(0.5)
    assert "bad.yaml:1" in a_clip.said() and "alpha" in a_clip.said()
    full_at = a_clip.recording.stat().st_size
    resource.prlimit(before["player_pid"], resource.RLIMIT_FSIZE, (full_at, full_at))
    a_clip.play_on(1.0)
    assert "recording to" in a_clip.said() and "ended" in a_clip.said()
    assert sounding(a_clip.status())
    recorded = a_clip.stop()
    replayed = a_clip.replayed()
    both = min(recorded.size, replayed.size)
    assert both > before["frame"]
    assert np.array_equal(recorded[:both], replayed[:both])


FAULTY = str(Path(__file__).with_name("faulty_worker.py"))


@pytest.mark.slow
def test_a_model_that_runs_out_of_memory_or_gives_nan_costs_a_clip(perform):
    performance = perform('a: {prompt: "house drums"}\nquantize: 0\n', "--audio", "null", program=(FAULTY,))
    before = performance.wait(lambda status: status["clips"] >= 1 and sounding(status), 120)
    for prompt, told in (("out of memory", "out of memory"), ("not a number", "NaN")):
        performance.send("/riffsynth/a/prompt", prompt)
        until = time.monotonic() + 30
        while told not in performance.said() and time.monotonic() < until:
            time.sleep(0.05)
        assert told in performance.said()
    performance.send("/riffsynth/a/prompt", "drums again")
    performance.wait(lambda status: status["clips"] > before["clips"], 60)
    assert performance.status()["worker_starts"] == 1
    assert np.array_equal(performance.stop(), performance.replayed())


@pytest.mark.skipif(sys.platform != "linux", reason="the sound server of the tests is Linux's")
@pytest.mark.slow
def test_a_sound_server_that_dies_and_returns_is_played_on_again(perform, jack_server, tmp_path):
    from real_parts import start_jack

    performance = perform(
        CLIP_PLAYER.format(clip=save(tone_clip(440.0), tmp_path, "tone")), "--audio", "system", "--latency", "100"
    )
    performance.wait(lambda status: status["output"] == "system" and sounding(status))
    jack_server.process.kill()
    jack_server.process.wait()
    before = performance.wait(lambda status: status["output"] == "null" and sounding(status), 30)
    server = start_jack(jack_server.name, tmp_path / "again.log")
    try:
        performance.wait(lambda status: status["output"] == "system" and sounding(status), 30)
        assert performance.status()["beat"] > before["beat"]
    finally:
        performance.process.send_signal(signal.SIGTERM)
        performance.process.wait(20)
        server.stop()
