"""`riffsynth render`."""

from __future__ import annotations

import argparse

from riffsynth.errors import RiffsynthError
from riffsynth.performance.options import RenderOptions, taken
from riffsynth.rendering import virtual_time
from riffsynth.rendering.recorded_session import render_session


def run(options: argparse.Namespace) -> int:
    if options.session:
        if options.preset or options.bars or options.midi:
            raise RiffsynthError("render --session takes all from the session: leave PRESET, --bars and --midi out")
        for path in render_session(options.session, options.output):
            print(path)
    elif options.preset and (options.bars or options.midi):
        virtual_time.render(taken(RenderOptions, options))
    else:
        raise RiffsynthError("render takes a PRESET and --bars N or --midi FILE.mid, or --session FILE")
    return 0
