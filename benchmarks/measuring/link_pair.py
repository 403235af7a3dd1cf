"""Two instruments under Ableton Link on a network of their own: how far apart their beats are.

Inside `unshare --net`, `python link_pair.py` prints a JSON object; `measure` starts it there.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from measuring.performance import Performance, Take
from riffsynth.playback.messages import SetTimeline
from riffsynth.timing.timeline import Timeline

QUANTUM = 4.0
BENCHMARKS = Path(__file__).resolve().parent.parent
TEMPOS = (120.0, 133.0)
"""At which the two start; they come to one."""
MEET_S = 4.0
PLAY_S = 4.0
TIMEOUT_S = 180.0
PRESET = 'clock: link\na: {{prompt: ""}}\ntempo: {tempo}\n'


def lacking() -> str:
    """What is missing for it, in words; empty if nothing is."""
    if importlib.util.find_spec("link") is None:
        return "Ableton Link's library is not installed (pip install 'riffsynth[link]')"
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        return "there is no unshare or ip (apt-get install util-linux iproute2)"
    if subprocess.run(["unshare", "--net", "true"], capture_output=True).returncode:
        return "a network of its own is not allowed here"
    return ""


def in_a_network_of_its_own(*command: str) -> str:
    """What `command` prints where only the loopback is. Raises subprocess.SubprocessError."""
    shell = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", *command]
    path = os.pathsep.join(filter(None, [str(BENCHMARKS), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "PYTHONPATH": path}
    done = subprocess.run(shell, check=True, capture_output=True, text=True, timeout=TIMEOUT_S, env=environment)
    return done.stdout


def measure() -> dict[str, Any]:
    """How far apart the beats are (ms), from MEET_S after both are there."""
    missing = lacking()
    if missing:
        return {"skipped": missing}
    answer = in_a_network_of_its_own(sys.executable, str(Path(__file__).resolve()))
    return dict(json.loads(answer.splitlines()[-1]))


def apart_s(one: Timeline, other: Timeline, now: float) -> float:
    """How much later `other` is than `one` within the bar, at `now`."""
    beats = one.beat_at(now) - other.beat_at(now)
    return ((beats + QUANTUM / 2) % QUANTUM - QUANTUM / 2) / one.beats_per_second


def main() -> None:
    with ExitStack() as stack:
        folders = [Path(stack.enter_context(tempfile.TemporaryDirectory())) for _ in TEMPOS]
        pair = [
            stack.enter_context(Performance(folder, PRESET.format(tempo=tempo)))
            for folder, tempo in zip(folders, TEMPOS, strict=True)
        ]
        for performance in pair:
            performance.wait(frame=1)
        time.sleep(MEET_S)
        start = time.perf_counter()
        time.sleep(PLAY_S)
        end = time.perf_counter()
        sources = [performance.status()["clock"] for performance in pair]
        takes = [performance.stop() for performance in pair]
    moments = np.linspace(start, end, 200)
    apart = [apart_s(*(_timeline_at(take, moment) for take in takes), moment) for moment in moments]
    print(json.dumps({"max_apart_ms": 1000 * float(np.abs(apart).max()), "clocks": sources}))


def _timeline_at(take: Take, moment: float) -> Timeline:
    """The timeline that the player had."""
    timelines = [message.timeline for _, message in take.messages if isinstance(message, SetTimeline)]
    return [timelines[0], *(timeline for timeline in timelines if timeline.time <= moment)][-1]


if __name__ == "__main__":
    main()
