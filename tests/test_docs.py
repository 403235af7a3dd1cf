"""The site of docs builds without a warning: no broken reference, no page that nothing leads to."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
from real_parts import missing

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    if not all(importlib.util.find_spec(name) for name in ("sphinx", "myst_parser", "furo")):
        missing("the docs extra is not installed")
    built = tmp_path_factory.mktemp("site")
    finished = subprocess.run(
        [
            sys.executable,
            "-m",
            "sphinx",
            "-q",
            "-W",
            "--keep-going",
            "-d",
            built / "trees",
            ROOT / "docs",
            built / "html",
        ],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert finished.returncode == 0, finished.stderr
    return built / "html"


def test_every_page_is_built(site):
    pages = {path.stem for path in site.glob("*.html")}
    assert {path.stem for path in (ROOT / "docs").glob("*.md")} | {"tour"} <= pages


def test_the_reference_is_made_from_docstrings_and_commands(site):
    text = (site / "reference.html").read_text()
    for wanted in ("riffsynth.generate", "The clip of a prompt", "--osc-port"):
        assert wanted in text


def test_the_tour_shows_its_code(site):
    assert "funk bassline" in (site / "tour.html").read_text()
