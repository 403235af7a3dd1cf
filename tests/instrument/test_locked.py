"""Another program's MIDI clock, end to end: what is heard lies on the beats as they were sent."""

from __future__ import annotations

from pathlib import Path

import pytest
from measuring.end_to_end import START, STOP, Script, judged, record
from measuring.jack_server import lacking
from real_parts import missing

RATE, PERIOD = 44100, 256


@pytest.mark.slow
@pytest.mark.realtime
def test_the_sound_lies_on_the_beats_of_a_drum_machine(tmp_path: Path) -> None:
    """Budgets for a busy machine; `riffsynth bench clock` has the figures."""
    if lacking():
        missing(lacking())
    score = Script(now=0.1)
    score.ticks(2)
    score.say(START)
    score.play(16, 0, "start")
    score.say(STOP)
    score.ticks(1)
    figures = judged(record(tmp_path, score, RATE, PERIOD), score, RATE)
    assert abs(figures["median_ms"]) < 8
    assert figures["start"]["first_sound_ms"] < 80
    assert figures["start"]["right_beats"] > 0.8
