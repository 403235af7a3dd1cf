"""`riffsynth bench`: runs the measurements of the checkout's benchmarks folder and prints their figures."""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from riffsynth.errors import RiffsynthError

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"


def run(options: argparse.Namespace) -> int:
    """Prints a figure a line, or one JSON object. Raises RiffsynthError where there is no such benchmark."""
    name = options.name
    chosen = names() if name == "all" else [name]
    figures = {each: _load(each).run() for each in chosen}
    if options.json:
        print(json.dumps(figures if name == "all" else figures[name], indent=2))
        return 0
    for each, values in figures.items():
        for key, value in _flat(each, values):
            print(f"{key:48} {value:.4g}" if isinstance(value, float) else f"{key:48} {value}")
    return 0


def names() -> list[str]:
    """The benchmarks there are, in alphabetical order."""
    return sorted(path.stem for path in FOLDER.glob("[!_]*.py"))


def _load(name: str) -> ModuleType:
    if name not in names():
        known = ", ".join(names()) or f"none: {FOLDER} is part of the source checkout"
        raise RiffsynthError(f"no benchmark is called {name!r}; there are: {known}, all")
    spec = importlib.util.spec_from_file_location(f"riffsynth_benchmarks.{name}", FOLDER / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    if str(FOLDER) not in sys.path:
        sys.path.append(str(FOLDER))  # what several benchmarks share lies beside them
    spec.loader.exec_module(module)
    return module


def _flat(prefix: str, values: dict[str, Any]) -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for key, value in values.items():
        rows += _flat(f"{prefix}.{key}", value) if isinstance(value, dict) else [(f"{prefix}.{key}", value)]
    return rows
