"""The commands as a person types them: what they print, and how they refuse."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from riffsynth.parameters import TABLE


def riffsynth(*arguments: str, timeout_s: float = 60) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "riffsynth.cli", *arguments], capture_output=True, text=True, timeout=timeout_s
    )


def test_osc_lists_the_whole_table_as_a_list_of_objects():
    rows = json.loads(riffsynth("osc", "--json").stdout)
    assert [row["address"] for row in rows] == [parameter.osc_address for parameter in TABLE]
    plain = riffsynth("osc").stdout.splitlines()
    assert len(plain) == len(rows)


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["play", "no-such-preset"], "no-such-preset"),
        (["play", "--audio", "no-such-device"], "no-such-device"),
        (["play", "--tempo", "-3"], "above 0"),
        (["play", "--tempo", "5000"], "tempo"),
        (["play", "--osc-port", "70000"], "65535"),
        (["play", "--audio", "null", "--osc-host", "203.0.113.7"], "203.0.113.7"),
        (["play", "--audio", "null", "--record", "/no/such/folder/take.wav"], "/no/such/folder"),
        (["play", "--audio", "null", "--model", "no/such/folder/at-all"], "no/such/folder/at-all"),
        (["play", "--audio", "null", "--model", str(Path(__file__).parent)], "not a model"),
        (["play", "--audio", "null", "--model", "nobody/no-model"], "the hub could not be reached"),
        (["play", "--audio", "null", "--workers", "elsewhere"], "http://host:3013"),
        (["render", "no-such-preset", "-o", "x.wav", "--bars", "1"], "no-such-preset"),
        (["replay", "/no/such/log", "-o", "x.wav"], "/no/such/log"),
        (["bench", "nothing"], "nothing"),
        (["sing"], "sing"),
    ],
)
def test_bad_input_is_one_clear_message_and_exit_code_2(arguments, hint, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")  # nobody answers there
    extra = ["--midi", "none", "--osc-port", "0"] if arguments[0] == "play" and "--osc-port" not in arguments else []
    finished = riffsynth(*arguments, *extra)
    assert finished.returncode == 2
    assert hint in finished.stderr
    assert "Traceback" not in finished.stderr
    assert len(finished.stderr.strip().splitlines()) == 1


def damaged_model(folder: Path, fault: str) -> Path:
    """A model's files without sense, one of them missing, cut short or pickled: that is told before they are read."""
    for part in ("unet", "vae", "text_encoder", "tokenizer", "scheduler"):
        if (fault, part) != ("missing", "vae"):
            (folder / part).mkdir(parents=True)
    for part in ("unet", "vae", "text_encoder"):
        if (folder / part).is_dir() and (fault, part) != ("pickled", "text_encoder"):
            save_file({"weight": np.zeros(1000, np.float32)}, folder / part / "model.safetensors")
    if fault == "cut short":
        with (folder / "unet" / "model.safetensors").open("r+b") as file:
            file.truncate(2000)
    (folder / "model_index.json").write_text("{}")
    return folder


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("missing", "{folder}: vae is missing"),
        ("cut short", "{folder}/unet/model.safetensors: it is cut short or damaged; copy or download it again"),
        ("pickled", "{folder}/text_encoder: no .safetensors file (pickled weights are not loaded; convert them once)"),
    ],
)
def test_a_model_that_lacks_a_part_is_refused_before_anything_sounds(tmp_path, fault, told):
    folder = damaged_model(tmp_path / "model", fault)
    preset = tmp_path / "preset.yaml"
    preset.write_text(f"a: {{prompt: rain}}\nmodel: {folder}\n")
    finished = riffsynth("play", str(preset), "--audio", "null", "--midi", "none", "--osc-port", "0")
    assert finished.returncode == 2
    assert finished.stderr.strip().endswith(told.format(folder=folder)) and len(finished.stderr.splitlines()) == 1


def test_a_busy_port_is_one_clear_message_and_exit_code_2():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = str(taken.getsockname()[1])
        finished = riffsynth("play", "--audio", "null", "--midi", "none", "--web-port", "none", "--osc-port", port)
    assert finished.returncode == 2
    assert port in finished.stderr and len(finished.stderr.strip().splitlines()) == 1


def test_a_broken_preset_names_every_fault_with_its_line(tmp_path):
    preset = tmp_path / "broken.yaml"
    preset.write_text("a: {prompt: hello}\ntempoo: 120\nalpha: 7\n")
    finished = riffsynth("play", str(preset), "--audio", "null", "--midi", "none", "--osc-port", "0")
    assert finished.returncode == 2
    assert "broken.yaml:2" in finished.stderr and "tempo" in finished.stderr
    assert "broken.yaml:3" in finished.stderr and "alpha" in finished.stderr


def test_control_and_player_import_no_torch():
    code = (
        "import sys; import riffsynth.performance.instrument, riffsynth.playback.player, riffsynth.playback.output;"
        "print([m for m in ('torch', 'diffusers', 'transformers') if m in sys.modules])"
    )
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert finished.stdout.strip() == "[]", finished.stderr
