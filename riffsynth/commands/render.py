"""`riffsynth render`."""

from __future__ import annotations

import argparse

from riffsynth import render
from riffsynth.options import RenderOptions, taken


def run(options: argparse.Namespace) -> int:
    render.render(taken(RenderOptions, options))
    return 0
