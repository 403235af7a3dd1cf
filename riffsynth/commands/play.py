"""`riffsynth play`."""

from __future__ import annotations

import argparse
from dataclasses import replace

from riffsynth import instrument
from riffsynth.options import PlayOptions, taken


def run(options: argparse.Namespace) -> int:
    return instrument.play(replace(taken(PlayOptions, options), midi=tuple(options.midi)))
