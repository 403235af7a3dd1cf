"""`riffsynth patches`."""

from __future__ import annotations

import argparse

from riffsynth.patches.writing import stale, write


def run(options: argparse.Namespace) -> int:
    if not options.check:
        print(f"{len(write(options.output))} files written")
        return 0
    old = stale(options.output)
    for path in old:
        print(f"{path} is not what the table says: run `riffsynth patches`")
    return int(bool(old))
