"""`riffsynth unlearn`: forgets what a running instrument has learned for a parameter."""

from __future__ import annotations

import argparse
import sys

from riffsynth.commands.learn import UNLEARN
from riffsynth.commands.send import ERROR, EXIT_NO_ANSWER, EXIT_REFUSED, exchange, nobody


def run(options: argparse.Namespace) -> int:
    """0 when it was done, 1 when nothing answered, 2 when it was refused."""
    answers, _ = exchange(options.host, options.port, UNLEARN, [options.parameter])
    for answer in answers:
        if answer.address == ERROR:
            print(f"riffsynth: {answer.args[0]}", file=sys.stderr)
            return EXIT_REFUSED
        if answer.address == UNLEARN:
            name, count = answer.args
            print(f"{name}: {count} learned control{'' if count == 1 else 's'} forgotten")
            return 0
    print(f"riffsynth: {nobody(options.host, options.port)}", file=sys.stderr)
    return EXIT_NO_ANSWER
