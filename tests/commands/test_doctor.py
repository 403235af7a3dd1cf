"""The doctor: what it finds on machines that lack something, and what it advises."""

from __future__ import annotations

import json
import shutil
import socket
import struct
import subprocess
import sys
from types import SimpleNamespace

import pytest

from riffsynth.commands import doctor
from riffsynth.commands.checks import machine, model, sound
from riffsynth.commands.checks.finding import Finding
from riffsynth.control.errors import ControlError
from riffsynth.diffusion.completeness import FILES, missing_files
from riffsynth.playback.output import OutputError

GIB = 2**30


def refused(finding, found, mend):
    assert not finding.ok
    assert found in finding.found and mend in finding.mend
    return True


def test_as_a_process_it_tells_each_thing_and_exits_by_whether_it_could_play():
    finished = subprocess.run(
        [sys.executable, "-m", "riffsynth.cli", "doctor", "--json"], capture_output=True, text=True, timeout=120
    )
    rows = json.loads(finished.stdout)
    assert [row["check"] for row in rows] == list(doctor.CHECKS)
    assert all(set(row) == {"check", "ok", "found", "mend"} and row["found"] for row in rows)
    assert all(row["mend"] for row in rows if not row["ok"])
    lacking = [row["check"] for row in rows if not row["ok"] and row["check"] in doctor.NEEDED]
    assert finished.returncode == (1 if lacking else 0)
    assert finished.stderr == ""


def test_it_starts_without_the_libraries_that_it_may_find_missing():
    code = (
        "import json, sys\n"
        "for name in ('numpy', 'mido', 'yaml', 'pydantic', 'sounddevice', 'rtmidi', 'pythonosc', 'torch'):\n"
        "    sys.modules[name] = None\n"
        "import riffsynth.cli, riffsynth.commands.doctor as doctor\n"
        "checks = {n: c for n, c in doctor.CHECKS.items() if n != 'libraries'}\n"
        "print(json.dumps([n for n, f in doctor.findings(checks).items() if not f.ok]))\n"
    )
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert finished.stderr == ""
    assert {"torch", "PortAudio", "sound output", "MIDI", "MIDI inputs"} <= set(json.loads(finished.stdout))


@pytest.mark.parametrize(
    ("lacking", "code", "words"),
    [((), 0, "It can play here."), (("sound output", "disk"), 0, "2 things"), (("model", "disk"), 1, "cannot play")],
)
def test_exit_code_and_last_line_tell_whether_it_could_play(lacking, code, words, monkeypatch, capsys):
    checks = {name: lambda name=name: Finding(name not in lacking, "seen", "do it") for name in doctor.CHECKS}
    monkeypatch.setattr(doctor, "CHECKS", checks)
    assert doctor.run(SimpleNamespace(json=False)) == code
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(checks) + 1 and words in lines[-1]
    marks = {"model": "FAIL", "sound output": "warn", "disk": "warn"}
    for name, line in zip(checks, lines, strict=False):
        assert line.split()[0] == (marks[name] if name in lacking else "ok") and name in line


def test_a_check_that_breaks_keeps_no_other_from_being_told():
    def broken():
        raise RuntimeError("two\nlines")

    found = doctor.findings({"a": broken, "b": lambda: Finding(True, "there")})
    assert not found["a"].ok and "RuntimeError: two lines" in found["a"].found
    assert found["b"].ok


@pytest.mark.parametrize(("version", "ok"), [((3, 10, 9), False), ((3, 11, 0), True), ((3, 14, 1), True)])
def test_python(version, ok):
    assert machine.python(version).ok is ok


def test_a_python_that_is_too_new_is_said_to_be_untested():
    found = machine.python((3, 15, 0))
    assert found.ok and "untested" in found.mend


def test_missing_libraries_are_named():
    assert refused(machine.libraries(lambda name: None if name == "scipy" else name), "missing: scipy", "setup.sh")


def test_a_busy_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        assert refused(machine.osc_port(port), str(port), "--osc-port")
    assert machine.osc_port(port).ok


class Scheduler:
    """The scheduling calls of a system that grants real-time priority or does not."""

    SCHED_FIFO, SCHED_OTHER = 1, 0

    def __init__(self, grants):
        self.grants, self.now = grants, (0, 0)

    def sched_getscheduler(self, _pid):
        return self.now[0]

    def sched_getparam(self, _pid):
        return self.now[1]

    def sched_param(self, priority):
        return priority

    def sched_setscheduler(self, _pid, policy, parameters):
        if policy == self.SCHED_FIFO and not self.grants:
            raise PermissionError(1, "Operation not permitted")
        self.now = (policy, parameters)


def test_real_time_rights_are_tried_and_given_back():
    granting = Scheduler(True)
    assert machine.real_time(granting).ok
    assert granting.now == (Scheduler.SCHED_OTHER, 0)
    assert refused(machine.real_time(Scheduler(False)), "not permitted", "rtprio")
    assert machine.real_time(SimpleNamespace()).ok  # macOS and Windows have no such calls


@pytest.mark.parametrize(
    ("governors", "cores", "ok"),
    [(["performance"] * 2, 2, True), (["performance", "powersave"], 2, False), ([], 4, True), ([], 1, False)],
)
def test_the_governors_of_all_cores(governors, cores, ok, tmp_path):
    for number, governor in enumerate(governors):
        folder = tmp_path / f"cpu{number}" / "cpufreq"
        folder.mkdir(parents=True)
        (folder / "scaling_governor").write_text(governor + "\n")
    found = machine.cpu(tmp_path, cores)
    assert found.ok is ok and all(governor in found.found for governor in governors)


def test_room_for_a_recording(tmp_path):
    assert machine.disk(tmp_path, lambda _: SimpleNamespace(free=50 * GIB)).ok
    assert refused(machine.disk(tmp_path, lambda _: SimpleNamespace(free=GIB)), "1.0 GiB free", "--record")


def output(name, default=False, rates=(44100, 48000)):
    return {"name": name, "channels": 2, "rates": list(rates), "default": default}


def test_the_default_output_with_its_rates():
    found = sound.output(lambda: [output("HDMI"), output("Scarlett", default=True)])
    assert found.ok and "Scarlett" in found.found and "44100, 48000 Hz" in found.found and "1 more" in found.found


def test_what_can_be_wrong_with_the_output():
    def no_library():
        raise OutputError("PortAudio is missing")

    assert refused(sound.output(lambda: []), "no sound card", "null output")
    assert refused(sound.output(no_library), "PortAudio", "PortAudio")
    assert refused(sound.output(lambda: [output("HDMI", rates=())]), "HDMI", "--audio")
    assert refused(sound.portaudio(no_library), "missing", "--audio null")


def test_midi_that_is_not_installed_names_what_to_install():
    def missing():
        raise ImportError

    assert refused(sound.midi(missing, (3, 12)), "not installed", "pip install")
    assert refused(sound.midi(missing, (3, 13)), "not installed", "apt-get install")


def test_midi_inputs():
    def none():
        raise ControlError("no MIDI: no JACK server runs")

    assert sound.midi_inputs(lambda: [{"name": "nanoKONTROL"}]).found == "nanoKONTROL"
    assert sound.midi_inputs(list).ok
    assert refused(sound.midi_inputs(none), "no JACK server", "--midi none")


def test_midi_over_jack():
    def missing():
        raise ModuleNotFoundError

    def broken():
        raise OSError("Error loading JACK library")

    assert sound.jack(dict, str).ok
    assert refused(sound.jack(missing, str), "to a period", "pip install 'riffsynth[jack]'")
    assert refused(sound.jack(broken, str), "Error loading", "install")
    for load in (missing, broken):
        assert sound.jack(load, lambda _: None).ok  # who has no JACK lacks nothing


def torch_with(cuda=False, mps=False):
    return SimpleNamespace(
        __version__="2.13.0",
        cuda=SimpleNamespace(is_available=lambda: cuda, get_device_name=lambda _: "H200"),
        backends=SimpleNamespace(mps=SimpleNamespace(is_available=lambda: mps)),
        get_num_threads=lambda: 2,
    )


def test_torch_and_where_it_runs():
    def missing(_name):
        raise ImportError("No module named 'torch'")

    assert "H200" in model.torch(lambda _: torch_with(cuda=True)).found
    assert "Apple" in model.torch(lambda _: torch_with(mps=True)).found
    assert "2 CPU threads" in model.torch(lambda _: torch_with()).found
    assert refused(model.torch(missing), "No module", "setup.sh")


def weights(path, size=64):
    header = json.dumps({"w": {"dtype": "F32", "shape": [size // 4], "data_offsets": [0, size]}}).encode()
    path.write_bytes(struct.pack("<Q", len(header)) + header + bytes(size))


@pytest.fixture
def whole_model(tmp_path):
    for part, patterns in FILES.items():
        for pattern in patterns:
            path = tmp_path / part / pattern.replace("*", "weights")
            path.parent.mkdir(exist_ok=True)
            weights(path) if path.suffix == ".safetensors" else path.write_text("{}")
    return tmp_path


def test_a_whole_model(whole_model):
    assert missing_files(whole_model) == []
    assert model.embedded(whole_model).ok


def test_what_a_model_lacks_is_named(whole_model):
    (whole_model / "unet" / "weights.safetensors").unlink()
    shutil.rmtree(whole_model / "tokenizer")
    assert missing_files(whole_model) == ["unet/*.safetensors", "tokenizer/tokenizer_config.json"]
    assert refused(model.embedded(whole_model), "unet/*.safetensors", "--model")
    assert not model.embedded(whole_model / "nowhere").ok


@pytest.mark.parametrize("content", [b"", b"version https://git-lfs.github.com/spec/v1\n", None])
def test_weights_that_were_cut_short_or_never_fetched(content, whole_model):
    path = whole_model / "vae" / "weights.safetensors"
    path.write_bytes(path.read_bytes()[:-1] if content is None else content)
    assert missing_files(whole_model) == ["vae/weights.safetensors"]
