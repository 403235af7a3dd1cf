"""`riffsynth presets`: what can be played by name."""

from __future__ import annotations

import argparse
from pathlib import Path

from riffsynth.commands.printing import Row, show
from riffsynth.recall.preset import PresetError, load_preset, presets


def run(options: argparse.Namespace) -> int:
    rows = [_row(name, path) for name, path in sorted(presets().items())]
    width = max((len(row["name"]) for row in rows), default=0)
    show(rows, options.json, lambda row: f"{row['name']:{width}}  {_told(row)}  ({row['file']})")
    return 0


def _row(name: str, path: Path) -> Row:
    row = {"name": name, "title": "", "description": "", "file": str(path), "problems": 0}
    try:
        preset = load_preset(path)
    except PresetError as error:
        return row | {"problems": len(error.problems)}
    return row | {"title": preset.name, "description": preset.description}


def _told(row: Row) -> str:
    if row["problems"]:
        return f"cannot be played; see: riffsynth check {row['name']}"
    return ": ".join(filter(None, (row["title"], row["description"])))
