"""`riffsynth osc`: the table of parameters."""

from __future__ import annotations

import argparse

from riffsynth.commands.printing import show
from riffsynth.control.reference import reference


def run(options: argparse.Namespace) -> int:
    rows = reference()
    width = max(len(row["address"]) for row in rows)
    show(rows, options.json, lambda row: f"{row['address']:{width}}  {row['kind']:8}{row['description']}")
    return 0
