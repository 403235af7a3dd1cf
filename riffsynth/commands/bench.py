"""`riffsynth bench`."""

from __future__ import annotations

import argparse

from riffsynth import bench


def run(options: argparse.Namespace) -> int:
    bench.run(options.name, as_json=options.json)
    return 0
