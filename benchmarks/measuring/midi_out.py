"""How far the ticks that the instrument sends are from its timeline, as another process receives them over JACK."""

from __future__ import annotations

import json
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from measuring.jack_server import Helper, jack_server
from measuring.performance import Performance, Take
from riffsynth.playback.messages import SetTimeline

RATE, PERIOD = 44100, 64
"""A message leaves with the next period: 64 frames are 1.5 ms."""
PORT = "riffsynth clock:out"
TICK = 0xF8
TEMPOS = (120.0, 133.0)
PLAY_S = 6.0
SETTLED_S = 0.2
"""After a new tempo: ticks of the old one may still be on their way."""


def measure() -> dict[str, Any]:
    """Figures in ms over ticks at two tempos; `delay` is the median, the rest is about it or about the timeline."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(jack_server(RATE, PERIOD))
        preset = f'a: {{prompt: ""}}\ntempo: {TEMPOS[0]}\n'
        performance = stack.enter_context(Performance(folder, preset, "--clock-out", "virtual"))
        performance.wait(frame=1)
        performance.wait_for_model()
        listener = stack.enter_context(Helper("jack_midi_listener.py", server, str(folder / "heard.json"), PORT))
        listener.say("connect")
        listener.expect("connected")
        time.sleep(PLAY_S)
        changed = performance.send("tempo", TEMPOS[1])
        time.sleep(PLAY_S)
        listener.close()
        take = performance.stop()
        heard = json.loads((folder / "heard.json").read_text())["messages"]
    ticks = np.array([moment for moment, data in heard if data == [TICK]])
    ticks = ticks[(ticks < changed) | (ticks > changed + SETTLED_S)]
    off = 1000 * np.array([_late_s(take, moment) for moment in ticks])
    delay = float(np.median(off))
    return {
        "ticks": int(ticks.size),
        "from_timeline_median_ms": float(np.median(np.abs(off))),
        "delay_ms": delay,
        "about_delay_median_ms": float(np.median(np.abs(off - delay))),
        "about_delay_p99_ms": float(np.percentile(np.abs(off - delay), 99)),
    }


def _late_s(take: Take, moment: float) -> float:
    """How much later than the nearest tick of the timeline that holds at `moment`."""
    timelines = [message.timeline for _, message in take.messages if isinstance(message, SetTimeline)]
    timeline = [timelines[0], *(timeline for timeline in timelines if timeline.time <= moment)][-1]
    ticks = 24 * timeline.beat_at(moment)
    return (ticks - round(ticks)) / 24 / timeline.beats_per_second
