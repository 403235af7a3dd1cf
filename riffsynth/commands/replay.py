"""`riffsynth replay`."""

from __future__ import annotations

import argparse

from riffsynth.playback.log import replay_to_wav


def run(options: argparse.Namespace) -> int:
    replay_to_wav(options.log, options.output)
    return 0
