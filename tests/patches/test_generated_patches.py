"""The committed patches are what the table says, and a new row reaches every one of them."""

from __future__ import annotations

import zlib

import pytest

from riffsynth.cli import main
from riffsynth.errors import RiffsynthError
from riffsynth.parameters import TABLE, Acts, Kind, Parameter
from riffsynth.patches import reference_page, writing
from riffsynth.patches.layout import Widget, page, widget_of

NEW_ROWS = [
    Parameter("shimmer", Kind.FLOAT, "How much it glitters.", 0.5, 0.0, 1.0),
    Parameter("voices", Kind.INT, "How many sing.", 2, 1, 8, acts=Acts.CLIP),
    Parameter("sparkle", Kind.BOOL, "Glitters or not.", False),
    Parameter("c.prompt", Kind.TEXT, "The prompt of end C.", "", acts=Acts.CLIP),
    Parameter("colour", Kind.CHOICE, "Which light.", "red", choices=("red", "green", "blue")),
    Parameter("cheer", Kind.TRIGGER, "Cheers once."),
    Parameter("brightness", Kind.FLOAT, "Without ends.", 1.0),
]


def test_the_committed_files_are_what_the_table_says():
    assert writing.stale() == []


def test_check_exits_1_where_a_file_is_stale_or_missing(tmp_path, capsys):
    arguments = ["patches", "--output", str(tmp_path)]
    assert main([*arguments, "--check"]) == 1
    assert main(arguments) == 0
    assert main([*arguments, "--check"]) == 0
    changed = tmp_path / "pd" / "riffsynth.pd"
    changed.write_text(changed.read_text().replace("9000", "9005"))
    (tmp_path / "touchosc" / "riffsynth.tosc").write_bytes(b"not a layout")
    capsys.readouterr()
    assert main([*arguments, "--check"]) == 1
    told = capsys.readouterr().out
    assert "riffsynth.pd" in told and "riffsynth.tosc" in told and "scd" not in told


def test_the_same_table_makes_the_same_bytes():
    assert writing.files() == writing.files()


@pytest.mark.parametrize("row", NEW_ROWS, ids=lambda row: row.name)
def test_a_new_row_is_found_in_every_file(row):
    before, after = writing.files(), writing.files((*TABLE, row))
    for path, content in after.items():
        if path.endswith("package-info.json"):
            continue
        text = (zlib.decompress(content) if path.endswith(".tosc") else content).decode()
        if path.startswith("midi/"):
            assert row.name in text.partition("midi:")[0], path  # named among those that wait for a control
        elif path.endswith("schema.json"):
            assert f'"{row.name.rpartition(".")[2]}": {{' in text or row.kind is Kind.TRIGGER
            assert f'"{row.name}"' in text
        elif path.startswith("pd/"):
            assert "oscformat " + row.osc_address.strip("/").replace("/", " ") in text
        else:
            assert row.osc_address in text, path
        assert content != before[path], path
    assert row.osc_address in reference_page.tables((*TABLE, row))


def test_no_two_controls_stand_on_each_other():
    grid = page((*TABLE, *NEW_ROWS))
    cells = [(column, line) for _, column, line in grid.titles]
    cells += [(place.column, place.line) for place in grid.places]
    assert len(set(cells)) == len(cells) == len(grid.titles) + len(TABLE) + len(NEW_ROWS)
    assert all(column < grid.columns and line < grid.lines for column, line in cells)


@pytest.mark.parametrize(
    ("row", "widget"),
    list(zip(NEW_ROWS, ["dial", "number", "toggle", "text", "menu", "button", "number"], strict=True)),
    ids=lambda item: str(item),
)
def test_each_kind_has_a_fitting_control(row, widget):
    assert widget_of(row) is Widget(widget)


def test_the_page_keeps_what_was_written_by_hand():
    text = f"before\n{reference_page.START}\nwhat was here\n{reference_page.END}\nafter\n"
    made = reference_page.with_tables(text, TABLE)
    assert made.startswith("before\n") and made.endswith("\nafter\n") and "what was here" not in made
    assert reference_page.with_tables(made, TABLE) == made
    with pytest.raises(RiffsynthError, match="markers"):
        reference_page.with_tables("no markers", TABLE)
