"""Sets: folders and lists of presets, with the faults of both."""

from __future__ import annotations

import pytest

from riffsynth.recall import preset as preset_module
from riffsynth.recall.set_list import read_set


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name in ("dub", "bells", "house"):
        (tmp_path / f"{name}.yaml").write_text(f"a: {{prompt: {name}}}\n")
    monkeypatch.setattr(preset_module, "preset_folders", lambda: [tmp_path])
    return tmp_path


def names(read):
    return [preset.file.stem for preset in read.presets]


def test_a_folder_is_played_in_the_order_of_its_names(folder):
    read = read_set(folder)
    assert names(read) == ["bells", "dub", "house"] and not read.problems
    assert read.index_of(folder / "dub.yaml") == 1
    assert read.index_of(folder / "gone.yaml") is None


def test_a_list_has_an_order_of_its_own_and_may_repeat(folder, tmp_path):
    evening = tmp_path / "lists" / "friday.yaml"
    evening.parent.mkdir()
    (evening.parent / "own.yaml").write_text("a: {prompt: own}\n")
    evening.write_text("- house\n- own.yaml\n- ../bells.yaml\n- house\n")
    assert names(read_set(evening)) == ["house", "own", "bells", "house"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("- house\n- hause\n", "friday.yaml:2: hause: there is no preset of this name; did you mean house?"),
        ("- house\n- [1]\n", "friday.yaml:2: an entry is"),
        ("house: 1\n", "friday.yaml:1: a set list is a list"),
        ("- house\n- gone.yaml\n", "gone.yaml: cannot be read"),
        ("- 'house\n", "friday.yaml:2: "),
        ("[]\n", "a set list is a list of 1 to"),
    ],
)
def test_a_fault_is_told_with_its_line_and_the_rest_can_be_played(folder, text, fault):
    evening = folder / "friday.yaml"
    evening.write_text(text)
    read = read_set(evening)
    assert any(fault in str(problem) for problem in read.problems), read.problems
    assert names(read) == (["house"] if text.startswith("- house") else [])


def test_a_preset_that_was_broken_stays_as_it_was(folder):
    before = read_set(folder)
    (folder / "dub.yaml").write_text("tempo: fast\n")
    after = read_set(folder, before)
    assert names(after) == ["bells", "dub", "house"]
    assert after.presets[1].values == {"a.prompt": "dub"}
    assert "dub.yaml:1: tempo" in str(after.problems[0])


def test_no_folder_and_an_empty_one_are_told(tmp_path):
    assert "cannot be read" in str(read_set(tmp_path / "gone").problems[0])
    assert "holds no presets" in str(read_set(tmp_path).problems[0])
