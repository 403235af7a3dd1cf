"""`riffsynth schema`."""

from __future__ import annotations

import argparse
import sys

from riffsynth.parameters import TABLE
from riffsynth.patches.schema import schema


def run(options: argparse.Namespace) -> int:
    sys.stdout.write(schema(TABLE))
    return 0
