"""What ten instruments cost on one machine: a worker for each, or one `riffsynth serve` that makes the clips of all.

Each is a `riffsynth play` on the null output, with its page. They are measured twice: while nothing is asked of their
models, and while each one's prompt changes once in PROMPT_S. An instrument whose clips are made elsewhere keeps a
worker with the model loaded all the same: it takes over when nobody answers there.
"""

from __future__ import annotations

import itertools
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from measuring.performance import Performance
from measuring.processes import mark, share_mb, spent_s, started

INSTRUMENTS = 10
STRETCH_S = 20.0
PROMPT_S = 10.0
LOADED_S = 900.0
"""Two cores have little to spare beside ten players, and ten models to load with it: one that has a core takes 9 s."""
PRESET = 'a: {prompt: "house drums"}\nquantize: 0\ntempo: 120\n'
PROMPTS = ("warm pad", "dub bass", "slow cello", "church organ")
KINDS = ("control", "player", "worker", "page")


def run(instruments: int = INSTRUMENTS) -> dict[str, Any]:
    """Cores and megabytes, of all together and by kind of process, and underruns. Linux: it reads /proc."""
    mark()
    return {
        "a_worker_each": _measured(instruments, shared=False),
        "one_shared": _measured(instruments, shared=True),
    }


def _measured(instruments: int, shared: bool) -> dict[str, Any]:
    with ExitStack() as stack:
        arguments: tuple[str, ...] = ("--web-port", "0")
        serving = 0
        if shared:
            address, serving = _serve(stack)
            arguments += ("--workers", address)
        stages = []
        for _ in range(instruments):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            stages.append(Performance(folder, PRESET, *arguments, logged=False, said=folder / "said.txt"))
            stack.callback(stages[-1].end)
        for stage in stages:
            stage.wait(LOADED_S, clips=1)
        resting = _stretch(stages, serving, asking=False)
        return {"resting": resting, "asked": _stretch(stages, serving, asking=True)}


def _serve(stack: ExitStack) -> tuple[str, int]:
    """Starts `riffsynth serve`; its address and process."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "riffsynth.cli", "serve", "--quiet", "--port", str(port)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    stack.callback(process.wait, 20)
    stack.callback(process.send_signal, signal.SIGTERM)
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            time.sleep(0.1)
    return f"http://127.0.0.1:{port}", process.pid


def _stretch(stages: list[Performance], serving: int, asking: bool) -> dict[str, Any]:
    before = [stage.status() for stage in stages]
    kinds = {status[f"{kind}_pid"]: kind for status in before for kind in KINDS} | {serving: "serve"}
    commands = started()
    spent = {pid: spent_s(pid) for pid in commands}
    begin = time.monotonic()
    for prompt in itertools.cycle(PROMPTS) if asking else ("",):
        for stage in stages:
            if prompt:
                stage.send("a/prompt", prompt)
            time.sleep((PROMPT_S if asking else STRETCH_S) / len(stages))
        if time.monotonic() > begin + STRETCH_S:
            break
    lasted_s = time.monotonic() - begin
    after = [stage.status() for stage in stages]
    rows: dict[str, dict[str, float]] = {}
    for pid, earlier in spent.items():
        far = "serve" if "ray" in commands[pid].lower() else "keeper"  # what makes the clips of all is a cluster
        row = rows.setdefault(kinds.get(pid, far), {"cores": 0.0, "mb": 0.0})
        row["cores"] = round(row["cores"] + (spent_s(pid) - earlier) / lasted_s, 3)
        row["mb"] = round(row["mb"] + share_mb(pid), 1)
    made_ms = sorted(status["generation_ms"] for status in after)
    return {
        "cores": round(sum(row["cores"] for row in rows.values()), 2),
        "mb": round(sum(row["mb"] for row in rows.values())),
        "underruns": sum(late["underruns"] - early["underruns"] for early, late in zip(before, after, strict=True)),
        "clips": sum(late["clips"] - early["clips"] for early, late in zip(before, after, strict=True)),
        "clip_ms": round(made_ms[len(made_ms) // 2]),
        "of": rows,
    }
