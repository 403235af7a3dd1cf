"""`make soak`: an hour on stage. A performer moves everything, each minute something is killed, stopped or broken.

    python benchmarks/soak.py [--minutes 60] [--audio null]

What must hold: no handle, thread or process is left over, memory stays flat (its slope after the first sixth, per
process), and silence is only where the machine stopped us. Counts are of processes that did not change in between.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from riffsynth.parameters import TABLE, Kind

FAULT_S = 60.0
SAMPLE_S = 5.0
HAND_S = 0.02
LEFT_ALONE = ("preset", "init", "mask", "setlist", "clock", "a.prompt", "b.prompt", "level", "mute")
"""Parameters that would need files, or gear, or would hide what is listened for."""
PROMPTS = ("house drums", "warm pad", "slow cello", "dub bass", "church organ")
PROCESSES = ("keeper", "control", "player", "worker")


class Stage:
    """A performance under test, and what is known of it."""

    def __init__(self, folder: Path, audio: str) -> None:
        self.folder = folder
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        preset = folder / "soak.yaml"
        preset.write_text('a: {prompt: "house drums"}\nb: {prompt: "warm pad"}\ndrift: true\ntempo: 120\n')
        self._bad = folder / "bad.yaml"
        self._bad.write_text("tempo: fast\n")
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(1.0)
        command = [sys.executable, "-m", "riffsynth.cli", "play", str(preset), "--audio", audio, "--midi", "none"]
        command += ["--osc-port", str(self.port), "--web-port", "none", "--record", str(folder / "take.wav")]
        self.process = subprocess.Popen(command, stderr=(folder / "stderr.txt").open("w"))

    def send(self, address: str, *arguments: Any) -> None:
        builder = OscMessageBuilder(address)
        for argument in arguments:
            builder.add_arg(argument)
        self._socket.sendto(builder.build().dgram, ("127.0.0.1", self.port))

    def status(self) -> dict[str, Any]:
        self.send("/riffsynth/status")
        until = time.monotonic() + 1.0
        while time.monotonic() < until:
            try:
                message = OscMessage(self._socket.recv(65536))
            except TimeoutError:
                break
            if message.address == "/riffsynth/status":
                return dict(json.loads(message.params[0]))
        return {}

    def pids(self, status: dict[str, Any]) -> dict[str, int]:
        named = {name: int(status.get(f"{name}_pid", 0)) for name in PROCESSES[1:]}
        return {"keeper": self.process.pid, **named}

    def faults(self) -> list[Callable[[dict[str, int]], None]]:
        return [self.kill_worker, self.flood, self.kill_control, self.bad_preset, self.stop_worker, self.kill_player]

    def kill_worker(self, pids: dict[str, int]) -> None:
        os.kill(pids["worker"], signal.SIGKILL)

    def kill_control(self, pids: dict[str, int]) -> None:
        os.kill(pids["control"], signal.SIGKILL)

    def kill_player(self, pids: dict[str, int]) -> None:
        os.kill(pids["player"], signal.SIGKILL)

    def stop_worker(self, pids: dict[str, int]) -> None:
        os.kill(pids["worker"], signal.SIGSTOP)

    def flood(self, _: dict[str, int]) -> None:
        for number in range(10_000):
            self._socket.sendto(b"/riffsynth/alpha\0\0\0\0,f\0\0" + os.urandom(number % 8), ("127.0.0.1", self.port))
            if number % 100 == 0:
                time.sleep(0.01)

    def bad_preset(self, _: dict[str, int]) -> None:
        self.send("/riffsynth/preset", str(self._bad))


def hand(chance: random.Random) -> tuple[str, Any]:
    """The next thing that the performer does."""
    if chance.random() < 0.005:
        return f"/riffsynth/{chance.choice('ab')}/prompt", chance.choice(PROMPTS)
    parameter = chance.choice([row for row in TABLE if row.bounded and row.name not in LEFT_ALONE])
    value = parameter.from_unit(chance.random())
    return parameter.osc_address, float(value) if parameter.kind is Kind.FLOAT else int(value)


def measured(pid: int) -> tuple[float, int, int]:
    """Memory that is its own (MB), open handles, threads."""
    rss = sum(
        int(line.split()[1])
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        if line.startswith(("Private_Clean", "Private_Dirty"))
    )
    return rss / 1024, len(os.listdir(f"/proc/{pid}/fd")), len(os.listdir(f"/proc/{pid}/task"))


def run(minutes: float = 60.0, audio: str = "null", seed: int = 0) -> dict[str, Any]:
    """Performs, and returns the figures. Linux: it reads /proc."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(Path(folder), audio)
        try:
            return _performed(stage, minutes, chance)
        finally:
            if stage.process.poll() is None:
                stage.process.send_signal(signal.SIGTERM)
                stage.process.wait(30)


def _performed(stage: Stage, minutes: float, chance: random.Random) -> dict[str, Any]:
    while not stage.status().get("clips"):
        assert stage.process.poll() is None, (stage.folder / "stderr.txt").read_text()
        time.sleep(0.5)
    samples: dict[tuple[str, int], list[tuple[float, float, int, int]]] = defaultdict(list)
    faults = itertools.cycle(stage.faults())
    silent_s = longest_s = 0.0
    injected = heard = 0
    begin = time.monotonic()
    next_fault, next_sample = begin + FAULT_S, begin
    while (now := time.monotonic()) < begin + 60 * minutes:
        stage.send(*hand(chance))
        time.sleep(HAND_S)
        if now >= next_sample:
            next_sample = now + SAMPLE_S
            status = stage.status()
            if status:
                heard += 1
                silent_s = 0.0
                for name, pid in stage.pids(status).items():
                    try:
                        samples[name, pid].append((now - begin, *measured(pid)))
                    except OSError:
                        continue
            else:
                silent_s += SAMPLE_S
                longest_s = max(longest_s, silent_s)
            if status and now >= next_fault:
                next_fault = now + FAULT_S
                next(faults)(stage.pids(status))
                injected += 1
    return {
        "minutes": minutes,
        "faults": injected,
        "longest_without_an_answer_s": longest_s,
        "underruns": stage.status().get("underruns"),
        "processes": _summary(samples, 10 * minutes),
        "processes_left": len(_descendants(stage.process.pid)),
    }


def _summary(samples: dict[tuple[str, int], list[tuple[float, float, int, int]]], settled_s: float) -> dict[str, Any]:
    """By kind of process: memory now and its slope, and by how much handles and threads have grown, at the worst."""
    rows: dict[str, Any] = {}
    for (name, _), seen in samples.items():
        row = rows.setdefault(
            name, {"lives": 0, "memory_mb": 0.0, "slope_mb_an_hour": None, "handles": 0, "threads": 0}
        )
        row["lives"] += 1
        row["memory_mb"] = round(seen[-1][1], 1)
        later = [entry for entry in seen if entry[0] - seen[0][0] > min(settled_s, 60.0)]
        if len(later) < 6:
            continue
        times, memory, handles, threads = (np.array(column, float) for column in zip(*later, strict=True))
        if name in ("keeper", "control") or len(later) > 20:
            row["slope_mb_an_hour"] = round(float(np.polyfit(times, memory, 1)[0]) * 3600, 2)
        half = len(later) // 2
        row["handles"] = max(row["handles"], int(handles[half:].min() - handles[:half].min()))
        row["threads"] = max(row["threads"], int(threads[half:].min() - threads[:half].min()))
    return rows


def _descendants(pid: int) -> list[int]:
    children: list[int] = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue
            if parent == pid:
                children += [int(entry.name), *_descendants(int(entry.name))]
    return children


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--audio", default="null")
    chosen = parser.parse_args()
    print(json.dumps(run(chosen.minutes, chosen.audio), indent=2))
