"""The built wheel alone holds what an installed instrument needs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NOT_PACKAGED = ("__pycache__", "*.pyc")


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """A folder with nothing in it but what the wheel has; built from a copy, so that the checkout stays clean."""
    source, wheels = (tmp_path_factory.mktemp(name) for name in ("source", "wheels"))
    for name in ("riffsynth", "presets"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns(*NOT_PACKAGED))
    for name in ("pyproject.toml", "setup.py", "README.md"):
        shutil.copy(ROOT / name, source)
    built = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", wheels, source],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert built.returncode == 0, built.stderr
    assert "absent from" not in built.stdout + built.stderr, "a first `make play` would show pages of warnings"
    site = tmp_path_factory.mktemp("site")
    zipfile.ZipFile(next(wheels.glob("riffsynth-*.whl"))).extractall(site)
    return site


def riffsynth(site: Path, *arguments: str | Path) -> str:
    """What a command of the installed package prints, in a folder that is no checkout."""
    finished = subprocess.run(
        [sys.executable, "-m", "riffsynth.cli", *arguments],
        cwd=site.parent,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def test_everything_that_lies_in_the_package_is_in_the_wheel(installed):
    package = ROOT / "riffsynth"
    there = {path.relative_to(package) for path in package.rglob("*") if path.is_file()}
    missing = {path for path in there if path.suffix != ".pyc" and not (installed / "riffsynth" / path).is_file()}
    assert not missing, "setup.py's package_data names no pattern for them"
    assert (installed / "riffsynth/embedded/model/unet/diffusion_pytorch_model.safetensors").stat().st_size > 1e6


def test_an_installed_instrument_has_every_preset_with_its_clip(installed):
    found = json.loads(riffsynth(installed, "presets", "--json"))
    wanted = {path.stem for path in (ROOT / "presets").glob("*.yaml")}
    assert wanted <= {preset["name"] for preset in found}
    for name in wanted:
        assert json.loads(riffsynth(installed, "check", name, "--json")) == []


def test_an_installed_instrument_makes_every_patch(installed, tmp_path):
    riffsynth(installed, "patches", "--output", tmp_path)
    made, wanted = (
        {path.relative_to(top) for path in top.rglob("*") if path.is_file()} for top in (tmp_path, ROOT / "patches")
    )
    assert made == wanted


@pytest.mark.slow
def test_an_installed_instrument_makes_a_clip_plays_and_serves_its_page(installed, tmp_path):
    riffsynth(installed, "generate", "funk, slap bass", "--output", tmp_path)
    assert next(tmp_path.glob("*.png")).stat().st_size > 1e4
    command = [sys.executable, "-m", "riffsynth.cli", "play", "dub", "--audio", "null", "--midi", "none"]
    playing = subprocess.Popen(
        [*command, "--osc-port", "0", "--web-port", "0"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert playing.stderr
        url = next(line for line in playing.stderr if "page and OSCQuery on" in line).split()[-1]
        for file in (installed / "riffsynth" / "web" / "page").iterdir():
            with urllib.request.urlopen(f"{url}page/{file.name}", timeout=20) as answer:
                assert answer.read() == file.read_bytes()
    finally:
        playing.terminate()
        playing.communicate(timeout=20)
    assert playing.returncode == 0
