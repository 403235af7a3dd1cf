"""`riffsynth render`: the embedded model in virtual time."""

from __future__ import annotations

import subprocess
import sys

import mido
import numpy as np
import soundfile
from made_clips import save, tone_clip
from measuring.listening import k_weighted_db, loudness_db, onset_times
from PIL import Image
from safetensors.numpy import save_file


def render(preset, take, bars=None, *more):
    command = [sys.executable, "-m", "riffsynth.cli", "render", str(preset), "-o", str(take), *more]
    command += ["--bars", str(bars)] if bars else []
    return subprocess.run(command, check=True, timeout=180, stderr=subprocess.PIPE, text=True)


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


def test_a_bad_image_and_a_lora_of_another_model_are_told_and_the_prompt_sounds_without_them(tmp_path, monkeypatch):
    """By a relative name, too: the files lie beside the preset, wherever that is."""
    folder = tmp_path / "set"
    folder.mkdir()
    Image.new("L", (100, 60)).save(folder / "small.png")
    weights = {"up": np.ones((9, 2, 1, 1), np.float32), "down": np.ones((2, 9, 3, 3), np.float32)}
    save_file({f"lora_unet_conv_in.lora_{way}.weight": each for way, each in weights.items()}, folder / "x.safetensors")
    preset = folder / "preset.yaml"
    preset.write_text("a: {prompt: piano, strength: 0.6}\ninit: small.png\nlora1: x.safetensors\ntempo: 120\n")
    monkeypatch.chdir(tmp_path)
    told = render(preset.relative_to(tmp_path), tmp_path / "take.wav", 2).stderr.strip().splitlines()
    assert len(told) == 2 and all(line.endswith("clips are made without it") for line in told)
    assert "small.png: 100 x 60 pixels" in told[0] and "set/x.safetensors: a LoRA for another model" in told[1]
    samples, rate = soundfile.read(tmp_path / "take.wav")
    assert all(loudness_db(beat) > -60 for beat in samples.reshape(-1, rate // 2)[2:]), "after the clip that failed"


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


def test_a_midi_file_is_the_performer_and_its_tempo_map_the_clock(tmp_path):
    """8 beats at 90, 8 at 150 beats a minute; its controller turns the level down for the last four."""
    clip = save(tone_clip(880.0, ticks_a_beat=1), tmp_path, "ticks")
    preset, take, song = tmp_path / "preset.yaml", tmp_path / "take.wav", tmp_path / "song.mid"
    preset.write_text(
        f"init: {clip}\nstrength: 0\nquantize: 0\ncrossfade: 0\nclock: midi\n"
        "midi:\n  - {cc: 7, to: level, range: [-60, 0], takeover: jump}\n"
    )
    file = mido.MidiFile(ticks_per_beat=480)
    file.tracks.append(
        mido.MidiTrack(
            [
                mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(90)),
                mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(150), time=8 * 480),
                mido.Message("control_change", control=7, value=0, time=4 * 480),
                mido.Message("note_on", note=20, time=4 * 480 - 1),
            ]
        )
    )
    file.save(song)
    render(preset, take, None, "--midi", str(song))
    samples, rate = soundfile.read(take)
    beats = np.concatenate([np.arange(9) * 60 / 90, 8 * 60 / 90 + np.arange(1, 9) * 60 / 150])
    assert samples.size == round(beats[16] * rate)
    found = onset_times(samples, rate)
    loud = beats[1:12]
    nearest = np.array([found[np.abs(found - beat).argmin()] for beat in loud])
    assert np.ptp(nearest - loud) < 0.01
    assert abs(np.median(nearest - loud)) < 0.02
    assert loudness_db(samples[: round(beats[12] * rate)]) - loudness_db(samples[round(beats[13] * rate) :]) > 40
