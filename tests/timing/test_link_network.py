"""Two real peers of an Ableton Link session on a network of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import measuring
import pytest
from measuring.link_pair import apart_s, in_a_network_of_its_own, lacking
from real_parts import missing

from riffsynth.timing.timeline import Timeline

PEER = Path(measuring.__file__).with_name("link_peer.py")
BOTH = f"{sys.executable} {PEER} 120 5 & sleep 0.7; {sys.executable} {PEER} 133 4 & wait"


@pytest.mark.realtime
def test_two_peers_meet_and_play_the_same_beat_at_the_same_tempo() -> None:
    if lacking():
        missing(lacking())
    try:
        lines = in_a_network_of_its_own("sh", "-c", BOTH).splitlines()
    except subprocess.CalledProcessError as error:
        pytest.fail(error.stderr)
    one, other = (json.loads(line) for line in lines)
    assert (one["met"], other["met"]) == (1, 1)
    timelines = [Timeline(**peer["timeline"]) for peer in (one, other)]
    assert timelines[0].tempo == pytest.approx(timelines[1].tempo)
    now = max(timeline.time for timeline in timelines)
    assert abs(apart_s(*timelines, now)) < 0.003
