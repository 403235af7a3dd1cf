"""The site of docs: the pages of this folder, the tour, and a reference made from docstrings and commands."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from docutils import nodes
from myst_parser.parsers.sphinx_ import MystParser
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

sys.path.insert(0, str(Path(__file__).parent.parent))

from riffsynth import __version__, cli

project = "riffsynth"
release = __version__
copyright = "the riffsynth authors"
extensions = ["myst_parser", "sphinx.ext.autodoc"]
source_suffix = {".md": "markdown", ".ipynb": "notebook"}
exclude_patterns = ["_build", "systemd"]
html_theme = "furo"
html_title = "riffsynth"
myst_heading_anchors = 3
default_role = "code"
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True

HELP_COLUMNS = 100


class Tour(MystParser):
    """A notebook as a page: its text, and its code to read; what it makes is seen by running it."""

    supported = ("notebook",)

    def parse(self, inputstring: str, document: nodes.document) -> None:
        cells = json.loads(inputstring)["cells"]
        super().parse("\n\n".join(map(_cell, cells)), document)


class Commands(SphinxDirective):
    """Every command with the help that it prints."""

    def run(self) -> list[nodes.Node]:
        text = "\n\n".join(
            f"### `riffsynth {name}`\n\n```text\n{parser.format_help()}```" for name, parser in _commands().items()
        )
        return self.parse_text_to_nodes(text, allow_section_headings=True)


def _commands() -> dict[str, argparse.ArgumentParser]:
    os.environ["COLUMNS"] = str(HELP_COLUMNS)  # argparse looks there for the width
    [subparsers] = (action for action in cli.parser()._actions if isinstance(action, argparse._SubParsersAction))
    return dict(subparsers.choices)


def _cell(cell: dict[str, Any]) -> str:
    text = "".join(cell["source"])
    return text if cell["cell_type"] == "markdown" else f"```python\n{text}\n```"


def setup(app: Sphinx) -> None:
    app.add_source_parser(Tour)
    app.add_directive("commands", Commands)
