"""`devices`, `presets` and `check`: what they list, for people and for programs."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from riffsynth.cli import main
from riffsynth.commands import devices
from riffsynth.control.errors import ControlError
from riffsynth.playback.output import OutputError
from riffsynth.recall import preset as preset_module


class PortAudio:
    """Two cards; one of them takes nothing but 48 kHz, and the library prints where it should not."""

    class PortAudioError(Exception):
        pass

    class default:
        device = (0, 2)

    def query_hostapis(self):
        return ({"name": "ALSA"}, {"name": "JACK"})

    def query_devices(self):
        os.write(2, b"ALSA lib pcm.c: no such thing\n")
        rows = [("Mic", 0, 0, 44100.0), ("HDMI", 0, 8, 48000.0), ("system", 1, 2, 44100.0)]
        keys = ("name", "hostapi", "max_output_channels", "default_samplerate")
        return [dict(zip(keys, row, strict=True)) for row in rows]

    def check_output_settings(self, device, channels, samplerate):
        assert channels == 2
        if device == 1 and samplerate != 48000:
            raise self.PortAudioError


def test_outputs_with_the_rates_that_they_take(capfd):
    hdmi, jack = devices.outputs(PortAudio())
    assert (hdmi["number"], hdmi["name"], hdmi["system"], hdmi["channels"]) == (1, "HDMI", "ALSA", 8)
    assert hdmi["rates"] == [48000] and not hdmi["default"]
    assert jack["default"] and jack["rates"] == list(devices.RATES)
    print("heard", file=sys.stderr)
    assert capfd.readouterr().err == "heard\n"


def test_devices_are_lines_or_objects(monkeypatch, capsys):
    outputs = devices.outputs(PortAudio())
    monkeypatch.setattr(devices, "outputs", lambda: outputs)
    monkeypatch.setattr(devices, "midi_inputs", lambda: [{"kind": "midi", "name": "nanoKONTROL"}])
    monkeypatch.setattr(devices, "midi_outputs", lambda: [{"kind": "midi out", "name": "drums"}])
    assert main(["devices"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "output 1 HDMI [ALSA]: 8 channels, 48000 Hz"
    assert "(default)" in lines[1] and lines[2].split() == ["midi", "nanoKONTROL"]
    assert lines[3].split() == ["midi", "out", "drums"]
    assert main(["devices", "--json"]) == 0
    assert [row["name"] for row in json.loads(capsys.readouterr().out)] == ["HDMI", "system", "nanoKONTROL", "drums"]


def test_a_machine_without_sound_and_midi_is_told_in_a_line_each(monkeypatch, capsys):
    def no_midi():
        raise ControlError("no MIDI: this system has none")

    def no_sound():
        raise OutputError("PortAudio is missing")

    monkeypatch.setattr(devices, "outputs", no_sound)
    monkeypatch.setattr(devices, "midi_inputs", no_midi)
    monkeypatch.setattr(devices, "midi_outputs", no_midi)
    assert main(["devices", "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out) == []
    assert len(told.err.splitlines()) == 2


def test_devices_of_this_machine_as_a_process():
    finished = subprocess.run(
        [sys.executable, "-m", "riffsynth.cli", "devices", "--json"], capture_output=True, text=True, timeout=60
    )
    assert finished.returncode == 0
    assert all(row["kind"] in ("output", "midi", "midi out") for row in json.loads(finished.stdout))
    assert all(line.startswith("riffsynth: ") for line in finished.stderr.splitlines())


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "dub.yaml").write_text("name: Night bus\ndescription: half-time\na: {prompt: dub}\n")
    (tmp_path / "broken.yaml").write_text("tempo: fast\nclip: gone.png\nalpah: 1\n")
    monkeypatch.setattr(preset_module, "preset_folders", lambda: [tmp_path])
    return tmp_path


def test_presets_with_the_broken_ones_marked(folder, capsys):
    assert main(["presets"]) == 0
    broken, dub = capsys.readouterr().out.splitlines()
    assert "riffsynth check broken" in broken and "Night bus: half-time" in dub
    assert main(["presets", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert rows[0] == {
        "name": "broken",
        "title": "",
        "description": "",
        "file": str(folder / "broken.yaml"),
        "problems": 3,
    }
    assert (rows[1]["name"], rows[1]["title"], rows[1]["problems"]) == ("dub", "Night bus", 0)


def test_check_tells_all_problems_at_once_and_exits_with_2(folder, capsys):
    """A key's value, a file that is not there and an unknown key: none hides the others."""
    assert main(["check", "broken"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert [line.rsplit("broken.yaml:", 1)[1][:2] for line in told.err.splitlines()] == ["1:", "2:", "3:"]
    assert main(["check", "broken", "--json"]) == 2
    rows = json.loads(capsys.readouterr().out)
    assert [row["line"] for row in rows] == [1, 2, 3] and all(row["text"] for row in rows)


def test_check_of_a_preset_that_is_fine_is_one_line(folder, capsys):
    assert main(["check", "dub"]) == 0
    assert capsys.readouterr().out == f"{folder / 'dub.yaml'}: fine\n"
    assert main(["check", "dub", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


@pytest.mark.parametrize(
    ("content", "hint"),
    [("model: no/such/folder/at-all\n", "no/such/folder/at-all"), ("model: empty\n", "model_index.json")],
)
def test_check_looks_for_the_model(content, hint, folder, capsys):
    (folder / "empty").mkdir()
    (folder / "p.yaml").write_text(content)
    assert main(["check", str(folder / "p.yaml")]) == 2
    assert hint in capsys.readouterr().err


def test_check_of_no_preset(folder, capsys):
    assert main(["check", "dup"]) == 2
    assert "did you mean dub?" in capsys.readouterr().err


def test_check_as_a_process(folder):
    finished = subprocess.run(
        [sys.executable, "-m", "riffsynth.cli", "check", str(folder / "broken.yaml")],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert finished.returncode == 2 and len(finished.stderr.splitlines()) == 3
