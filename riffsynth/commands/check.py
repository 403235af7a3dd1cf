"""`riffsynth check`: everything that is wrong with a preset, before anybody hears it."""

from __future__ import annotations

import argparse
import sys

from riffsynth.commands.printing import Row, show
from riffsynth.diffusion.locating import local_folder
from riffsynth.diffusion.model_error import ModelError
from riffsynth.recall.preset import PresetError, Problem, find_preset, load_preset

EXIT_PROBLEMS = 2


def run(options: argparse.Namespace) -> int:
    """2 where there are problems, 0 and a line that says so where there are none."""
    found = problems(options.preset)
    if options.json:
        show([_row(problem) for problem in found], True, str)
    elif found:
        print(*found, sep="\n", file=sys.stderr)
    else:
        print(f"{find_preset(options.preset)}: fine")
    return EXIT_PROBLEMS if found else 0


def problems(preset: str) -> list[Problem]:
    """All faults of a preset, given by name or file; its files and its model's folder are looked for too."""
    try:
        loaded = load_preset(preset)
        if loaded.model:
            local_folder(loaded.model)
    except PresetError as error:
        return error.problems
    except ModelError as error:
        return [Problem(str(find_preset(preset)), 0, f"model: {error}")]
    return []


def _row(problem: Problem) -> Row:
    return {"file": problem.file, "line": problem.line, "text": problem.text}
