"""`riffsynth render`."""

from __future__ import annotations

import argparse

from riffsynth import render
from riffsynth.errors import RiffsynthError
from riffsynth.options import RenderOptions, taken
from riffsynth.session_render import render_session


def run(options: argparse.Namespace) -> int:
    if options.session:
        if options.preset or options.bars:
            raise RiffsynthError("render --session takes everything from the session: leave PRESET and --bars out")
        for path in render_session(options.session, options.output):
            print(path)
    elif options.preset and options.bars:
        render.render(taken(RenderOptions, options))
    else:
        raise RiffsynthError("render takes a PRESET and --bars N, or --session FILE")
    return 0
