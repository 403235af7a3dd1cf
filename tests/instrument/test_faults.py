"""What may die, hang or be cut off while the sound goes on. `docs/reliability.md` has a row for each."""

from __future__ import annotations

import os
import resource
import signal
import socket
import subprocess
import sys
import time
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile
from made_clips import save, tone_clip
from pythonosc.osc_message_builder import OscMessageBuilder
from real_parts import need_rtmidi, start_jack

from riffsynth.performance.session_log import numbered
from riffsynth.playback.log import read_log

PRESET = 'a: {prompt: "house drums"}\ndrift: true\ntempo: 150\n'
CLIP_PLAYER = "init: {clip}\nstrength: 0\ntempo: 120\n"
QUIET = 1e-4
WINDOW = 4410
SOUND_AGAIN_S = 15.0
"""On a machine that others load; `docs/reliability.md` has what an idle one takes, which is below 3."""
FADE_S = 0.05


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


def sounds_after_s(performance, nth, since, record_property):
    """Seconds from `since`, by the system's clock, until the nth player's first sound leaves the speaker."""
    head, _ = next(read_log(numbered(performance.log, nth)))
    samples, rate = soundfile.read(numbered(performance.recording, nth), dtype="float32")
    seconds = head["time"] + np.flatnonzero(np.abs(samples) > QUIET)[0] / rate - since
    record_property("sound_again_s", seconds)
    print(f"sound again after {seconds:.2f} s")
    return seconds


def alive(pid):
    """It runs, and is not only waited for."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def until(condition, timeout_s=30.0):
    end = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


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


def test_a_killed_player_comes_back_with_what_was_playing(a_clip, record_property):
    # Not on JACK: a synchronous server that loses a client like this stands still for a minute, for everybody.
    before = a_clip.wait(lambda status: sounding(status) and status["model"] != "loading", 90)
    since = time.perf_counter()
    os.kill(before["player_pid"], signal.SIGKILL)
    a_clip.wait(lambda status: status["player_pid"] not in (0, before["player_pid"]) and sounding(status), 30)
    a_clip.stop()
    assert sounds_after_s(a_clip, 2, since, record_property) < SOUND_AGAIN_S
    with wave.open(str(a_clip.recording)) as wav:
        assert wav.getnframes() > 0


def test_the_keeper_dies_and_all_files_are_closed(a_clip):
    before = a_clip.wait(sounding)
    assert before["scheduling"] and before["ring_ms"] > 0
    a_clip.process.kill()
    until(lambda: not any(alive(before[f"{name}_pid"]) for name in ("control", "player", "worker")))
    recorded = a_clip.samples()
    assert np.array_equal(recorded, a_clip.replayed())
    assert np.abs(recorded[-10:]).max() < QUIET  # it has faded out


def test_everything_dies_and_the_recording_opens(a_clip):
    a_clip.wait(sounding)
    frame = a_clip.play_on(1.0)
    status = a_clip.status()
    for pid in (a_clip.process.pid, *(status[f"{name}_pid"] for name in ("control", "player", "worker"))):
        os.kill(pid, signal.SIGKILL)
    with wave.open(str(a_clip.recording)) as wav:
        frames = wav.getnframes()
        assert frames > frame - 1.5 * a_clip.rate
        assert len(wav.readframes(frames)) == 3 * frames
    recorded, replayed = a_clip.samples(), a_clip.replayed()
    both = min(recorded.size, replayed.size)
    assert both > frame - 1.5 * a_clip.rate
    assert np.array_equal(recorded[:both], replayed[:both])


def test_told_to_stop_it_fades_out_in_50_ms_and_closes_its_files(a_clip, record_property):
    a_clip.wait(sounding)
    a_clip.play_on(0.5)
    since = time.perf_counter()
    recorded = a_clip.stop()
    head, _ = next(read_log(a_clip.log))
    ended_s = head["time"] + recorded.size / a_clip.rate - since
    window = a_clip.rate // 200
    peaks = np.abs(recorded[-60 * window :]).reshape(-1, window).max(axis=1)
    steady = np.median(peaks[:30])
    fade_s = np.count_nonzero((peaks > 0.02 * steady) & (peaks < 0.95 * steady)) / 200
    print(f"faded in {1000 * fade_s:.0f} ms, over {1000 * ended_s:.0f} ms after the signal")
    record_property("faded_s", fade_s)
    assert fade_s <= FADE_S + 0.01
    assert np.abs(recorded[-a_clip.rate // 1000 :]).max() < 0.02 * steady
    assert ended_s < SOUND_AGAIN_S
    assert np.array_equal(recorded, a_clip.replayed())


KNOBS = """
import select, sys, mido
mido.set_backend("mido.backends.rtmidi/UNIX_JACK")
out = mido.open_output("out", client_name="knobs", virtual=True)
value = 0
while not select.select([sys.stdin], [], [], 0.01)[0]:
    value = (value + 1) % 128
    out.send(mido.Message("control_change", control=1, value=value))
out.close()
"""


@pytest.mark.slow
def test_midi_unplugged_costs_no_sample(perform, tmp_path, monkeypatch):
    need_rtmidi()
    monkeypatch.setenv("RIFFSYNTH_MIDI", "jack")
    knobs = subprocess.Popen([sys.executable, "-c", KNOBS], stdin=subprocess.PIPE)
    try:
        preset = CLIP_PLAYER + "midi:\n  - {{cc: 1, to: alpha, takeover: jump}}\n"
        clip = save(tone_clip(440.0), tmp_path, "tone")
        performance = perform(preset.format(clip=clip), "--audio", "null", midi="knobs")
        before = performance.wait(sounding)
        first = performance.ask("/riffsynth/alpha")
        until(lambda: performance.ask("/riffsynth/alpha") != first)  # they are heard
    finally:
        knobs.stdin.close()  # not killed: a synchronous server would stand still, for everybody
        knobs.wait(10)
    until(lambda: "knobs" in performance.said() and "gone" in performance.said())
    performance.play_on(0.5)
    assert_nothing_was_lost(performance, before)


def page_dies(perform, tmp_path, signal_number):
    clip = save(tone_clip(440.0), tmp_path, "tone")
    performance = perform(CLIP_PLAYER.format(clip=clip), "--audio", "null", "--web-port", "0")
    before = performance.wait(lambda status: sounding(status) and "page and OSCQuery" in performance.said())
    os.kill(before["page_pid"], signal_number)
    performance.wait(lambda status: status["page_starts"] == 2 and status["page_pid"])
    assert_nothing_was_lost(performance, before)


def test_a_killed_page_costs_no_sample(perform, tmp_path):
    page_dies(perform, tmp_path, signal.SIGKILL)


@pytest.mark.slow
def test_a_stopped_page_is_replaced_and_costs_no_sample(perform, tmp_path):
    page_dies(perform, tmp_path, signal.SIGSTOP)


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
def test_a_model_that_runs_out_of_memory_gives_nan_or_makes_no_progress_costs_a_clip(perform):
    performance = perform('a: {prompt: "house drums"}\nquantize: 0\n', "--audio", "null", program=(FAULTY,))
    before = performance.wait(lambda status: status["clips"] >= 1 and sounding(status), 120)
    performance.send("/riffsynth/a/prompt", "little memory")
    performance.wait(lambda status: status["clips"] > before["clips"], 60)
    assert "out of memory in the U-Net: it goes on with 1 at a time, more slowly" in performance.said()
    for prompt, told in (("out of memory", "not even one clip fits into the U-Net; close"), ("not a number", "NaN")):
        performance.send("/riffsynth/a/prompt", prompt)
        until = time.monotonic() + 30
        while told not in performance.said() and time.monotonic() < until:
            time.sleep(0.05)
        assert told in performance.said()
    performance.send("/riffsynth/a/prompt", "drums again")
    performance.wait(lambda status: status["clips"] > before["clips"] + 1, 60)
    assert performance.status()["worker_starts"] == 1
    performance.send("/riffsynth/a/prompt", "without end")
    performance.wait(lambda status: status["worker_starts"] == 2, 90)
    assert "hangs" in performance.said()
    assert np.array_equal(performance.stop(), performance.replayed())


@pytest.mark.skipif(sys.platform != "linux", reason="the sound server of the tests is Linux's")
@pytest.mark.slow
def test_a_sound_server_that_dies_and_returns_is_played_on_again(perform, jack_server, tmp_path, record_property):
    performance = perform(
        CLIP_PLAYER.format(clip=save(tone_clip(440.0), tmp_path, "tone")), "--audio", "system", "--latency", "100"
    )
    performance.wait(
        lambda status: status["output"] == "system" and sounding(status) and status["model"] != "loading", 90
    )
    jack_server.process.kill()
    jack_server.process.wait()
    before = performance.wait(lambda status: status["output"] == "null" and sounding(status), 30)
    since = time.perf_counter()
    server = start_jack(jack_server.name, tmp_path / "again.log")
    try:
        after = performance.wait(lambda status: status["output"] == "system" and sounding(status), 30)
        assert after["beat"] > before["beat"]
        performance.stop()
    finally:
        server.stop()
    assert sounds_after_s(performance, after["player_starts"], since, record_property) < SOUND_AGAIN_S


@pytest.mark.slow
def test_without_its_sound_server_it_still_stops_when_it_is_told_to(perform, jack_server, tmp_path):
    clip = save(tone_clip(440.0), tmp_path, "tone")
    performance = perform(CLIP_PLAYER.format(clip=clip), "--audio", "system", "--latency", "100")
    performance.wait(lambda status: status["output"] == "system" and sounding(status))
    jack_server.process.kill()
    jack_server.process.wait()
    performance.stop()
