"""One peer of an Ableton Link session, as the instrument has it: prints where its song is.

`python link_peer.py TEMPO SECONDS`: plays from the beginning; then a JSON object with the timeline that it ends with,
and how many others it has met.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict

from riffsynth.timing.link import LinkClock, RealLinkPeer
from riffsynth.timing.timeline import Timeline

QUANTUM = 4.0
TURN_S = 0.01


def main(tempo: float, seconds: float) -> None:
    now = time.perf_counter()
    clock = LinkClock(now, RealLinkPeer(tempo), Timeline(now, 0.0, tempo / 60.0), QUANTUM)
    until, met = now + seconds, 0
    while (now := time.perf_counter()) < until:
        clock.poll(now)
        met = max(met, clock.peers)
        time.sleep(TURN_S)
    print(json.dumps({"timeline": asdict(clock.timeline), "met": met}), flush=True)
    clock.close()


if __name__ == "__main__":
    main(*map(float, sys.argv[1:3]))
