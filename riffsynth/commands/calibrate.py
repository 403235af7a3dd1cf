"""`riffsynth calibrate`: measures what the sound card does not say of its latency, and sets `clock_offset` to it."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from riffsynth.commands.devices import stderr_closed
from riffsynth.commands.send import exchange
from riffsynth.parameters import PARAMETERS
from riffsynth.playback.calibration import calibrate


def run(options: argparse.Namespace) -> int:
    with stderr_closed():
        found = calibrate(options.audio, options.input)
    row = PARAMETERS["clock_offset"]
    offset = round(min(row.maximum, max(row.minimum, found.clock_offset)), 1)
    _, told = exchange("127.0.0.1", options.port, row.osc_address, [offset])
    if options.json:
        print(json.dumps({**asdict(found), "clock_offset": offset, "told": told}))
        return 0
    direction = "later" if found.late_ms > 0 else "earlier"
    print(f"sound leaves {found.output} {abs(found.late_ms):.1f} ms {direction} than it says ({found.clicks} clicks)")
    if told:
        print(f"clock_offset is {offset:g} ms now in the instrument that plays")
    print(f"from the start: riffsynth play --clock-offset {offset:g}, or in a preset: clock_offset: {offset:g}")
    return 0
