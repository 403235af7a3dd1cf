"""The command line as a whole: help that reads well, options that arrive, libraries that are missing."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from riffsynth import cli
from riffsynth.performance.options import PlayOptions, RenderOptions
from riffsynth.processes import keeper
from riffsynth.rendering import virtual_time

COMMANDS = sorted(path.stem for path in (Path(cli.__file__).parent / "commands").glob("*.py"))
COMMANDS = [name for name in COMMANDS if name not in ("__init__", "arguments", "printing")]


def help_of(capsys, *words):
    with pytest.raises(SystemExit) as left:
        cli.main([*words, "--help"])
    assert left.value.code == 0
    return capsys.readouterr().out


def test_the_help_names_every_command(capsys):
    text = help_of(capsys)
    listed = [line.split()[0] for line in text.splitlines() if line.startswith("    ") and line[4] != " "]
    assert sorted(listed) == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_says_what_it_does_and_what_it_takes(command, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    lines = help_of(capsys, command).splitlines()
    assert any(line.endswith(".") and line[0].isupper() for line in lines if line)
    assert all(len(line) <= 100 for line in lines)
    bare = [line for line in lines if line.startswith("  ") and len(line.split()) == 1 and not line.startswith("   ")]
    assert bare == [], "arguments without a word of explanation"
    assert importlib.import_module(f"riffsynth.commands.{command}").run


def test_the_options_of_play_arrive(monkeypatch):
    asked = []
    monkeypatch.setattr(keeper, "play", lambda options: asked.append(options) or 0)
    words = "play dub --latency 40 --duration 3 --midi one --midi two --tempo 90 --record x.wav --osc-port 0 --quiet"
    assert cli.main(words.split()) == 0
    expected = PlayOptions("dub", latency_ms=40.0, duration_s=3.0, midi=("one", "two"), tempo=90.0, osc_port=0)
    assert asked == [PlayOptions(**{**_fields(expected), "record": Path("x.wav"), "quiet": True})]


def test_the_options_of_render_arrive(monkeypatch):
    asked = []
    monkeypatch.setattr(virtual_time, "render", asked.append)
    words = "render dub -o x.wav --bars 2 --rate 48000 --generation 0.25 --seed 7"
    assert cli.main(words.split()) == 0
    assert asked == [RenderOptions("dub", Path("x.wav"), 2, sample_rate=48000, generation_s=0.25, seed=7)]


def test_the_bare_name_tells_what_there_is(capsys):
    assert cli.main([]) == 2
    assert "riffsynth play" in capsys.readouterr().err


@pytest.mark.parametrize("words", ["render dub --bars 1 -o", "replay x.log -o", "play --record", "remake x.wav -o"])
def test_a_folder_that_is_missing_is_told_before_anything_is_made(words, tmp_path, capsys):
    with pytest.raises(SystemExit) as left:
        cli.main([*words.split(), str(tmp_path / "gone" / "x.wav")])
    assert left.value.code == 2
    assert f"there is no folder {tmp_path / 'gone'}" in capsys.readouterr().err


def test_what_the_system_refuses_is_told_by_name(tmp_path, capsys):
    assert cli.main(["replay", str(tmp_path / "gone.log"), "-o", str(tmp_path / "x.wav")]) == 2
    assert f"riffsynth: {tmp_path / 'gone.log'}: no such file or directory" in capsys.readouterr().err


def test_a_missing_library_is_one_line(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "yaml", None)
    for name in ("riffsynth.recall.preset", "riffsynth.recall.preset_reader", "riffsynth.commands.presets"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    assert cli.main(["presets"]) == 2
    assert "yaml is missing; `riffsynth doctor`" in capsys.readouterr().err


def test_a_set_begins_with_its_first_preset_unless_another_is_named(monkeypatch, tmp_path, capsys):
    asked = []
    monkeypatch.setattr(keeper, "play", lambda options: asked.append(options) or 0)
    (tmp_path / "one.yaml").write_text("a: {prompt: one}\n")
    evening = tmp_path / "evening.yaml"
    evening.write_text("- one.yaml\n- dub\n")
    assert cli.main(["play", "--set", str(evening)]) == cli.main(["play", "dub", "--set", str(evening)]) == 0
    assert [options.preset for options in asked] == [str(tmp_path / "one.yaml"), "dub"]
    assert all(options.setlist == str(evening) for options in asked)
    evening.write_text("- nothing-of-this-name\n")
    assert cli.main(["play", "--set", str(evening)]) == 2
    assert f"{evening}:1: nothing-of-this-name" in capsys.readouterr().err


def _fields(options):
    return {name: getattr(options, name) for name in type(options).__slots__}
