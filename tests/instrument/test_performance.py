"""What is heard follows what is asked: tempo as onsets, mute as silence, pitch as partials, prompts as other sound."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
import soundfile
from made_clips import save, tone_clip
from measuring.listening import loudness_db, onset_times, partial_hz, spectrum_db

from riffsynth import cli
from riffsynth.rendering.recorded_session import read_session

RATE = 44100
CLIP_PLAYER = "init: {clip}\nstrength: 0\ntempo: {tempo}\nquantize: 0\ncrossfade: 0\n"


def test_a_clip_keeps_the_tempo_that_osc_sets_and_its_pitch(perform, tmp_path):
    clip = save(tone_clip(880.0, ticks_a_beat=1), tmp_path, "ticks")
    performance = perform(CLIP_PLAYER.format(clip=clip, tempo=120))
    performance.wait(lambda status: status["loudness_db"] > -40)
    fast = performance.listen(3.0)
    performance.send("/riffsynth/tempo", 90.0)
    slow = performance.listen(3.0)
    samples = performance.stop()
    for stretch, tempo in ((samples[fast], 120.0), (samples[slow], 90.0)):
        period = np.median(np.diff(onset_times(stretch, RATE)))
        assert abs(period * tempo / 60 - 1) < 0.01
        assert abs(1200 * np.log2(partial_hz(stretch, RATE) / 880.0)) < 10


def test_mute_is_silence_and_level_is_level(perform, tmp_path):
    clip = save(tone_clip(440.0), tmp_path, "tone")
    performance = perform(CLIP_PLAYER.format(clip=clip, tempo=120))
    performance.wait(lambda status: status["loudness_db"] > -40)
    stretches = [performance.listen(1.0)]
    performance.send("/riffsynth/mute", 1)
    stretches.append(performance.listen(1.0))
    performance.send("/riffsynth/mute", 0)
    performance.send("/riffsynth/level", -12.0)
    stretches.append(performance.listen(1.0))
    samples = performance.stop()
    full, silent, quiet = (loudness_db(samples[stretch]) for stretch in stretches)
    assert silent < -100
    assert abs(full - quiet - 12) < 0.5


def test_pitch_freeze_and_reverse_are_heard_and_the_beat_comes_back(perform, tmp_path):
    clip = save(tone_clip(660.0, ticks_a_beat=1), tmp_path, "ticks")
    performance = perform(CLIP_PLAYER.format(clip=clip, tempo=120))
    performance.wait(lambda status: status["loudness_db"] > -40)
    performance.send("/riffsynth/pitch", -12.0)
    stretches = [performance.listen(3.0)]
    performance.send("/riffsynth/pitch", 0.0)
    performance.send("/riffsynth/freeze", 1)
    stretches.append(performance.listen(1.5))
    performance.send("/riffsynth/freeze", 0)
    stretches.append(performance.listen(3.0))
    samples = performance.stop()
    low, frozen, after = (samples[stretch] for stretch in stretches)
    assert abs(1200 * np.log2(partial_hz(low, RATE) / 330.0)) < 10
    assert abs(np.median(np.diff(onset_times(low, RATE))) - 0.5) < 0.01
    assert len(onset_times(frozen, RATE)) <= 1
    assert abs(np.median(np.diff(onset_times(after, RATE))) - 0.5) < 0.01


def test_another_prompt_is_heard_as_other_spectral_content(perform):
    performance = perform('a: {prompt: "solo bass, no drums"}\ntempo: 120\nquantize: 0\ncrossfade: 0.25\n')
    performance.wait(lambda status: status["clips"] >= 1 and status["loudness_db"] > -50, 90)
    before = performance.listen(4.0)
    made = performance.status()["clips"]
    performance.send("/riffsynth/a/prompt", "hi-hats and cymbals only, no bass")
    performance.wait(lambda status: status["clips"] > made)
    after = performance.listen(4.0)
    samples = performance.stop()
    bass, hats = (spectrum_db(samples[stretch], RATE) for stretch in (before, after))
    assert np.abs(bass - hats).mean() > 6


def test_a_live_recording_is_what_its_session_renders(perform, tmp_path):
    session = tmp_path / "take.jsonl"
    performance = perform(
        'a: {prompt: "funk drums"}\nb: {prompt: "slow pad"}\ntempo: 110\nquantize: 1\n'
        "moves: [{lfo: sine, beats: 2, to: speed, range: [0.5, 2]}]\n",
        "--session",
        str(session),
    )
    performance.wait(lambda status: status["clips"] >= 1, 90)
    for step in range(20):
        performance.send("/riffsynth/alpha", step / 20)
        performance.send("/riffsynth/level", float(-step))
        performance.send("/riffsynth/pitch", float(step % 5))
        performance.play_on(0.1)
    recorded = performance.stop()
    again = tmp_path / "again.wav"
    assert cli.main(["render", "--session", str(session), "-o", str(again)]) == 0
    assert np.array_equal(recorded, soundfile.read(again, dtype="float32")[0])

    events = list(read_session(session))
    assert [event["event"] for event in events[:2]] == ["session", "player"]
    alpha = [event for event in events if event.get("parameter") == "alpha" and event["source"].startswith("osc:")]
    assert [event["value"] for event in alpha] == pytest.approx([step / 20 for step in range(1, 20)])
    assert all(before["beat"] < after["beat"] for before, after in pairwise(alpha))
    heard = [event for event in events if event["event"] == "osc" and event["address"] == "/riffsynth/alpha"]
    assert [event["args"] for event in heard] == [pytest.approx([step / 20]) for step in range(20)]
    assert sum(event.get("source") == "modulation" for event in events) > 20
    assert {"opened", "model", "request", "clip", "entered"} <= {event["event"] for event in events}
    assert np.isfinite(recorded).all()
    assert np.abs(recorded).max() < 1.0
    assert abs(recorded.mean()) < 1e-3


def test_it_plays_on_the_null_output_and_says_so_where_no_device_is_found(tmp_path):
    recording = tmp_path / "take.wav"
    clip = save(tone_clip(440.0), tmp_path, "tone")
    preset = tmp_path / "preset.yaml"
    preset.write_text(CLIP_PLAYER.format(clip=clip, tempo=120))
    finished = subprocess.run(
        [sys.executable, "-m", "riffsynth.cli", "play", str(preset), "--audio", "null", "--duration", "3"]
        + ["--record", str(recording), "--osc-port", "0", "--midi", "none", "--web-port", "none"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert finished.returncode == 0, finished.stderr
    assert "null" in finished.stderr
