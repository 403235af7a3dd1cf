"""`riffsynth render`: the embedded model in virtual time."""

from __future__ import annotations

import subprocess
import sys

import soundfile
from measuring.listening import loudness_db


def test_rendering_twice_gives_the_same_bytes_and_sounds_from_the_first_beat(tmp_path):
    preset = tmp_path / "preset.yaml"
    preset.write_text('a: {prompt: "solo piano"}\nb: {prompt: "techno drums"}\nalpha: 0.5\ntempo: 120\n')
    takes = [tmp_path / "first.wav", tmp_path / "second.wav"]
    for take in takes:
        command = [sys.executable, "-m", "riffsynth.cli", "render", str(preset), "-o", str(take), "--bars", "2"]
        subprocess.run(command, check=True, timeout=180)
    first, second = (take.read_bytes() for take in takes)
    assert first == second
    samples, rate = soundfile.read(takes[0])
    assert samples.shape == (4 * rate,)
    assert loudness_db(samples[: rate // 4]) > -60
    assert loudness_db(samples) > -40
