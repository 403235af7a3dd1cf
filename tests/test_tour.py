"""The tour of the library, executed as a person would: every cell, in a fresh kernel, from the docs' folder."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

TOUR = Path(__file__).parent.parent / "docs" / "tour.ipynb"


def test_the_tour_is_kept_without_what_it_made():
    cells = [cell for cell in nbformat.read(TOUR, 4).cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in cells)
    assert TOUR.stat().st_size < 20_000


@pytest.mark.slow  # torch, eight clips and their sounds
def test_every_cell_of_the_tour_runs_and_shows_what_it_says():
    notebook = NotebookClient(nbformat.read(TOUR, 4), timeout=300, kernel_name="python3").execute()
    said = [output for cell in notebook.cells for output in cell.get("outputs", ()) if output.output_type == "stream"]
    assert not said, "a warning of some library's stands on the page"
    shown = [
        "".join(output.data.get("text/html", "") for output in cell.outputs if output.output_type == "execute_result")
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]
    assert sum("data:image/png" in page and "data:audio/flac" in page for page in shown) >= 4
    assert sum("<audio" in page for page in shown) >= 7
