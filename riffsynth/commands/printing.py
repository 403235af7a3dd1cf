"""How commands print lists: a line for people or an object for programs, for each row."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

Row = dict[str, Any]


def show(rows: Iterable[Row], as_json: bool, line: Callable[[Row], str]) -> None:
    """Prints `rows` to standard output: one JSON list of objects, or `line` of each."""
    if as_json:
        print(json.dumps(list(rows), indent=2))
        return
    for row in rows:
        print(line(row))
