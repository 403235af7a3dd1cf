"""The pages about control: what they show can be typed, and what they point at is there."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from riffsynth.control.osc_router import PREFIX
from riffsynth.parameters import TABLE
from riffsynth.recall.preset_reader import read_contents

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [DOCS / "control.md", *sorted((DOCS / "control").glob("*.md"))]
WANTED = ("max", "touchdesigner", "ableton-live", "bitwig", "pure-data", "touchosc", "midi-controller")
_INDENTED = re.compile(r"(?:^(?: {4,}[^\n]*)?\n)+", re.MULTILINE)
_FIRST_KEYS = ("midi:", "moves:")


def test_there_is_a_page_for_each_program_and_the_reference_leads_to_it():
    reference = PAGES[0].read_text(encoding="utf-8")
    assert {page.stem for page in PAGES[1:]} == set(WANTED)
    assert all(f"(control/{name}.md)" in reference for name in WANTED)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_pieces_of_presets_can_be_read(page):
    blocks = [textwrap.dedent(block.group()) for block in _INDENTED.finditer(page.read_text(encoding="utf-8"))]
    presets = [block for block in blocks if block.lstrip().startswith(_FIRST_KEYS)]
    for preset in presets:
        read_contents(preset.encode(), page.name)
    assert presets or page.stem not in ("control", "midi-controller", "ableton-live", "bitwig")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_addresses_files_and_links_are_there(page):
    text = page.read_text(encoding="utf-8")
    known = {parameter.osc_address for parameter in TABLE}
    for address in re.findall(r"`(/riffsynth/[a-z0-9_/]+)", text):
        plain = address.replace("/norm/", "/")
        commands = ["notify", "refresh", "status", "sync", "learn", "unlearn", "worker", "clock_status", "error"]
        assert plain in known or plain.removeprefix(PREFIX) in commands, address
    for file in re.findall(r"`(patches/[^`<>]+)`", text):
        assert (DOCS.parent / file).exists(), file
    for target in re.findall(r"\]\(([^)#:]+)", text):
        assert (page.parent / target).exists(), target
