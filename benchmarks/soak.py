"""`make soak`: an hour on stage. A performer moves everything, each minute something is killed, stopped or broken.

    python benchmarks/soak.py [--minutes 60] [--audio null] [--samples FILE]

What must hold: no handle, thread or process is left over, memory stays flat, and silence is only where the machine
stopped us. In the first sixth everything is killed in turn, control first. From then on control lives, until half
time the worker and after it player and page, while others die around them: each has a life long enough for its slope
to be told.
A witness with the player's own priority, and nothing to do but to wake up, tells when the machine stood still.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from measuring.performance import Performance
from measuring.processes import handles, mark, own_mb, started, threads

from riffsynth.parameters import TABLE, Kind
from riffsynth.playback.process import take_priority

FAULT_S = 60.0
SAMPLE_S = 5.0
HAND_S = 0.02
GONE_S = 5.0
WITNESS_S = 0.002
STOOD_STILL_S = 0.012
"""The ring holds 25 ms to begin with; what the next hop may take is not for the machine to steal."""
LEFT_ALONE = ("preset", "init", "mask", "setlist", "clock", "a.prompt", "b.prompt", "level", "mute")
"""Parameters that would need files, or gear, or would hide what is listened for."""
PROMPTS = ("house drums", "warm pad", "slow cello", "dub bass", "church organ")
PROCESSES = ("keeper", "control", "player", "worker", "page")
PHASES = (
    (1 / 6, ("kill control", *2 * ("kill worker", "flood", "kill player", "stop worker", "bad preset", "kill page"))),
    (1 / 2, ("kill player", "flood", "kill page", "bad preset")),
    (1.0, ("kill worker", "flood", "bad preset", "stop worker")),
)
"""Up to which part of the time which faults take turns."""
SETTLED = 1 / 6
"""A life's first part, of the whole time, in which what is kept fills up: not counted in its slope."""
FLOOR_S = 60.0
"""Of memory the least in each such stretch counts: what a clip takes while it is made, 50 MB in the worker, goes."""

Samples = dict[tuple[str, int], list[tuple[float, float, int, int]]]
"""Of each process, by name and number: (seconds, MB, handles, threads)."""


class Stage:
    """A performance under test, and what can be done to it."""

    def __init__(self, folder: Path, audio: str) -> None:
        self.said = folder / "stderr.txt"
        self._bad = folder / "bad.yaml"
        self._bad.write_text("tempo: fast\n")
        preset = 'a: {prompt: "house drums"}\nb: {prompt: "warm pad"}\ndrift: true\ntempo: 120\n'
        arguments = ("--web-port", "0", "--record", str(folder / "take.wav"))
        self.play = Performance(folder, preset, *arguments, audio=audio, logged=False, said=self.said)

    def pids(self, status: dict[str, Any]) -> dict[str, int]:
        """The processes that are there, by name."""
        named = {name: int(status.get(f"{name}_pid", 0)) for name in PROCESSES[1:]}
        return {"keeper": self.play.process.pid, **{name: pid for name, pid in named.items() if pid}}

    def suffer(self, fault: str, pids: dict[str, int]) -> None:
        """One of PHASES' faults."""
        what, _, name = fault.partition(" ")
        if fault == "flood":
            self._flood()
        elif fault == "bad preset":
            self.play.send("preset", str(self._bad))
        elif name in pids:
            with contextlib.suppress(ProcessLookupError):  # it died by itself since it was last told of
                os.kill(pids[name], signal.SIGKILL if what == "kill" else signal.SIGSTOP)

    def _flood(self) -> None:
        """10,000 packets in a second, each of them malformed in its own way."""
        for number in range(10_000):
            self.play.send_raw(b"/riffsynth/alpha\0\0\0\0,f\0\0" + os.urandom(number % 8))
            if number % 100 == 0:
                time.sleep(0.01)


class Witness:
    """How often the machine gave a process with the player's priority no time for STOOD_STILL_S."""

    def __init__(self) -> None:
        self.stalls: list[float] = []
        """When, in the clock's seconds."""
        self.longest_s = 0.0
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        take_priority()  # of this thread, on Linux
        before = time.monotonic()
        while True:
            time.sleep(WITNESS_S)
            now = time.monotonic()
            late_s = now - before - WITNESS_S
            self.longest_s = max(self.longest_s, late_s)
            if late_s > STOOD_STILL_S:
                self.stalls.append(now)
            before = now


class Underruns:
    """Counts them over all players, and those in whose stretch of time the witness saw the machine stand still."""

    def __init__(self, witness: Witness) -> None:
        self._witness = witness
        self._player, self._seen, self._looked = 0, 0, time.monotonic()
        self.all = self.stolen = 0
        self.others: list[float] = []
        """When those were seen that the witness does not explain, in the clock's seconds."""

    def look(self, status: dict[str, Any]) -> None:
        since, self._looked = self._looked, time.monotonic()
        if status["player_pid"] != self._player:
            self._player, self._seen = status["player_pid"], 0
        new, self._seen = max(0, status["underruns"] - self._seen), status["underruns"]
        self.all += new
        if any(stall >= since for stall in self._witness.stalls):
            self.stolen += new
        else:
            self.others += [self._looked] * new


def hand(chance: random.Random) -> tuple[str, Any]:
    """The next thing that the performer does."""
    if chance.random() < 0.005:
        return f"{chance.choice('ab')}/prompt", chance.choice(PROMPTS)
    parameter = chance.choice([row for row in TABLE if row.bounded and row.name not in LEFT_ALONE])
    value = parameter.from_unit(chance.random())
    return parameter.name.replace(".", "/"), float(value) if parameter.kind is Kind.FLOAT else int(value)


def measured(pid: int) -> tuple[float, int, int]:
    """Memory that is its own (MB), open handles, threads."""
    return own_mb(pid), handles(pid), threads(pid)


def run(minutes: float = 60.0, audio: str = "null", seed: int = 0, samples: Path | None = None) -> dict[str, Any]:
    """Performs, and returns the figures. Linux: it reads /proc.

    `samples` is a file for what they were made from: for each process (seconds, MB, handles, threads).
    """
    sys.setswitchinterval(WITNESS_S / 4)
    mark()
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(Path(folder), audio)
        try:
            figures = _performed(stage, minutes, random.Random(seed), samples)
        finally:
            stage.play.end()
        until = time.monotonic() + GONE_S
        while (left := started()) and time.monotonic() < until:
            time.sleep(0.1)
        return {**figures, "processes_left": list(left.values())}


def _performed(stage: Stage, minutes: float, chance: random.Random, file: Path | None) -> dict[str, Any]:
    stage.play.wait(clips=1)
    samples: Samples = defaultdict(list)
    witness = Witness()
    underruns = Underruns(witness)
    longest_s = 0.0
    injected = 0
    turns = [(part * 60 * minutes, itertools.cycle(faults)) for part, faults in PHASES]
    processes = len(started())
    begin = heard = time.monotonic()
    next_fault, next_sample = begin + FAULT_S, begin
    while (now := time.monotonic()) < begin + 60 * minutes:
        stage.play.send(*hand(chance))
        time.sleep(HAND_S)
        if now < next_sample:
            continue
        next_sample = now + SAMPLE_S
        if not (status := stage.play.status()):
            longest_s = max(longest_s, now - heard)
            continue
        heard = now
        underruns.look(status)
        pids = stage.pids(status)
        for name, pid in pids.items():
            try:
                samples[name, pid].append((now - begin, *measured(pid)))
            except OSError:
                continue
        if now >= next_fault:
            next_fault = now + FAULT_S
            stage.suffer(next(next(faults for until_s, faults in turns if now - begin < until_s)), pids)
            injected += 1
            if file:
                _write(file, samples)
    stage.play.wait(page_pid=1, worker_pid=1, player_pid=1)
    if file:
        _write(file, samples)
    return {
        "minutes": minutes,
        "faults": injected,
        "longest_without_an_answer_s": round(longest_s, 1),
        "underruns": underruns.all,
        "underruns_while_the_machine_stood_still": underruns.stolen,
        "other_underruns_at_min": [round((moment - begin) / 60, 1) for moment in underruns.others],
        "times_the_machine_stood_still": len(witness.stalls),
        "longest_it_stood_still_ms": round(1000 * witness.longest_s),
        "processes": {name: _summary(name, samples, 60 * minutes) for name in PROCESSES},
        "processes_more_than_at_first": len(started()) - processes,
    }


def _write(file: Path, samples: Samples) -> None:
    file.write_text(json.dumps({f"{name} {pid}": seen for (name, pid), seen in samples.items()}))


def _summary(kind: str, samples: Samples, whole_s: float) -> dict[str, Any]:
    """How often it lived, memory of the last one, and of the longest life how memory, handles and threads have grown.

    Memory is the least of each FLOOR_S. Its slope is told with the minutes that it was seen in. Handles and threads are
    left over where its last quarter never has as few as the second one at the most; in the first one a model may still
    be loading.
    """
    lives = [seen for (name, _), seen in samples.items() if name == kind]
    longest = max(lives, key=len)
    begin = longest[0][0] + SETTLED * whole_s
    times, memory, handles, threads = (
        np.array(column, float)
        for column in zip(*([entry for entry in longest if entry[0] >= begin] or longest), strict=True)
    )
    quarter = len(times) // 4
    stretches = np.unique((times - times[0]) // FLOOR_S, return_index=True)[1]
    floors = np.minimum.reduceat(memory, stretches)
    slope = float(np.polyfit(times[stretches], floors, 1)[0]) * 3600 if len(stretches) > 2 else 0.0
    return {
        "lives": len(lives),
        "memory_mb": round(lives[-1][-1][1], 1),
        "slope_mb_an_hour": round(slope, 2),
        "seen_for_min": round(float(times[-1] - times[0]) / 60, 1),
        "handles": int(handles[3 * quarter :].min() - handles[quarter : 2 * quarter + 1].max()),
        "threads": int(threads[3 * quarter :].min() - threads[quarter : 2 * quarter + 1].max()),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--audio", default="null")
    parser.add_argument("--samples", type=Path)
    chosen = parser.parse_args()
    print(json.dumps(run(chosen.minutes, chosen.audio, samples=chosen.samples), indent=2))
