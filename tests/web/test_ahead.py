"""The way of the playhead that the page is told: the same as the player's own."""

from __future__ import annotations

import numpy as np
import pytest

from riffsynth.playback.messages import Deck, Enter, Entered, Opened, PlaybackState, SetPlayback, SetTimeline
from riffsynth.playback.playhead import Motion, Playhead
from riffsynth.timing.timeline import Timeline
from riffsynth.web.ahead import Led, Picture
from riffsynth.web.mirror import Mirror

LATENCY_S = 0.03
SONG = Timeline(10.0, 0.0, 2.0)
MOVES = [
    {"freeze": True},
    {"speed": 0.5},
    {"reverse": True},
    {"speed": 1.3, "loop_beats": 0.5},
    {"loop_beats": 2.0, "clock_offset": 40.0},
]


@pytest.mark.parametrize("asked", MOVES, ids=str)
def test_it_follows_freeze_speed_reverse_and_loops(asked):
    mirror: Mirror[Picture | None] = Mirror(lambda score: None)
    mirror.scores[1] = Picture(np.zeros((4, 4), np.uint8), 8.0)
    led, player = Led(), Playhead()
    entered = (Enter(Deck(1, ((0.0, 1),)), 0.0, 1.0), Entered(1, 0.0))
    for message in (Opened("null", 44100, 2, LATENCY_S), SetTimeline(SONG), SetPlayback(PlaybackState()), *entered):
        mirror.apply(message)
        led.follow(mirror, 10.0)
    player.move(10.0 + LATENCY_S, SONG, Motion(), 8.0)
    state = PlaybackState(**asked)
    mirror.apply(SetPlayback(state))
    led.follow(mirror, 13.3)
    song = Timeline(10.0 + state.clock_offset / 1000, 0.0, 2.0)
    player.move(13.3 + LATENCY_S, song, Motion.asked(state), 8.0)

    told = led.told
    times = np.array([13.5, 14.0, 15.7, 18.2])
    led_to = told["position"] + told["rate"] * (song.beat + 2.0 * (times - song.time) - told["at"])
    if told["loop"]:
        led_to = told["start"] + (led_to - told["start"]) % told["loop"]
    weights, heard = player.read(times, 13.5)[0]
    assert (weights == 1).all()
    assert led_to == pytest.approx(heard, abs=0.07 * (state.clock_offset != 0) + 1e-9)
