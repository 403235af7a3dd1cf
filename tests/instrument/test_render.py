"""`riffsynth render`: the embedded model in virtual time."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import soundfile
from measuring.listening import k_weighted_db, loudness_db


def render(preset, take, bars):
    command = [sys.executable, "-m", "riffsynth.cli", "render", str(preset), "-o", str(take), "--bars", str(bars)]
    subprocess.run(command, check=True, timeout=180)


def test_rendering_twice_gives_the_same_bytes_and_sounds_from_the_first_beat(tmp_path):
    preset = tmp_path / "preset.yaml"
    preset.write_text('a: {prompt: "solo piano"}\nb: {prompt: "techno drums"}\nalpha: 0.5\ntempo: 120\n')
    takes = [tmp_path / "first.wav", tmp_path / "second.wav"]
    for take in takes:
        render(preset, take, bars=2)
    first, second = (take.read_bytes() for take in takes)
    assert first == second
    samples, rate = soundfile.read(takes[0])
    assert samples.shape == (4 * rate,)
    assert loudness_db(samples[: rate // 4]) > -60
    assert loudness_db(samples) > -40


def test_clips_of_one_prompt_follow_each_other_without_a_jump_in_loudness(tmp_path):
    preset, take = tmp_path / "preset.yaml", tmp_path / "take.wav"
    preset.write_text('a: {prompt: "techno drums, synth bass"}\ntempo: 120\nquantize: 8\ncrossfade: 1\ndrift: true\n')
    render(preset, take, bars=8)
    samples, rate = soundfile.read(take)
    beats = samples.reshape(-1, rate // 2)
    for entry in (8, 16, 24):
        before, crossfade, after = (
            k_weighted_db(np.concatenate(beats[slice(*part)]), rate)
            for part in ((entry - 4, entry), (entry, entry + 1), (entry + 1, entry + 5))
        )
        assert abs(after - before) < 3
        assert abs(crossfade - before) < 3
