"""`riffsynth play`."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from riffsynth.performance.options import DEFAULT_PRESET, PlayOptions, taken
from riffsynth.processes import keeper
from riffsynth.recall.preset import PresetError
from riffsynth.recall.set_list import read_set


def run(options: argparse.Namespace) -> int:
    preset = options.preset or _first(options.setlist)
    return keeper.play(replace(taken(PlayOptions, options), preset=preset, midi=tuple(options.midi)))


def _first(setlist: str | None) -> str:
    """The preset to begin with where none is named. Raises PresetError for a set without one that can be played."""
    if setlist is None:
        return DEFAULT_PRESET
    read = read_set(Path(setlist).expanduser())
    if not read.presets:
        raise PresetError(list(read.problems))
    return str(read.presets[0].file)
