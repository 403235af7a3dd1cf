"""From the arrival of an OSC packet to the parameter's new value, and what becomes of a flood.

`riffsynth play` runs as a process on the null output. Its session log says when a value was taken, on the clock that
stamps the packets as they leave here. A bare receiver, a Python process that blocks on a socket and does nothing else,
gets the same packets at the same time: what it takes is the machine's part. "Busy" means that the model never rests:
every other message is a new seed.
"""

from __future__ import annotations

import json
import socket
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from measuring.performance import Performance
from numpy.typing import NDArray

from riffsynth.control.osc_codec import encode
from riffsynth.playback.log import replay
from riffsynth.rendering.recorded_session import read_session

PRESET = 'a: {prompt: "warm pad", seed: 3}\nquantize: 0\ncrossfade: 0.25\n'
STEADY_S = 15.0
FLOOD_S = 60.0
BURST_S = 0.001
STEADY_RATE, FLOOD_RATE = 1_000, 10_000
BARE = """
import socket, struct, sys, time
heard = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
heard.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
heard.bind(("127.0.0.1", 0))
print(heard.getsockname()[1], flush=True)
times = []
while packet := heard.recv(65536):
    times.append(time.perf_counter())
sys.stdout.buffer.write(struct.pack(f"{len(times)}d", *times))
"""


def run() -> dict[str, Any]:
    """Milliseconds from sending to the new value, and the messages of the flood that were handled."""
    with tempfile.TemporaryDirectory() as folder:
        still, busy = Path(folder) / "still", Path(folder) / "busy"
        return {
            "value_ms": _steady(_folder(still), new_seeds=False),
            "value_busy_ms": _steady(_folder(busy), new_seeds=True),
            "flood_busy": _flood(_folder(Path(folder) / "flood")),
        }


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def _steady(folder: Path, new_seeds: bool) -> dict[str, float]:
    stage = Performance(folder, PRESET, "--session", str(folder / "take.jsonl"))
    stage.wait(clips=1)
    bare = subprocess.Popen([sys.executable, "-c", BARE], stdout=subprocess.PIPE)
    assert bare.stdout
    ports = (stage.port, int(bare.stdout.readline()))
    time.sleep(1.0)
    sent = _send(ports, STEADY_RATE, STEADY_S, new_seeds)
    time.sleep(0.5)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
        last.sendto(b"", ("127.0.0.1", ports[1]))
    alone = bare.communicate(timeout=10)[0]
    stage.stop()
    taken = _taken(folder / "take.jsonl")
    every = 2 if new_seeds else 1
    bare_times = np.array(struct.unpack(f"{len(alone) // 8}d", alone))
    return {**_figures(taken - sent[::every]), "bare_receiver": _figures(bare_times - sent)}


def _figures(seconds: NDArray[np.float64]) -> dict[str, Any]:
    median, p99 = np.percentile(1000 * seconds, (50, 99))
    return {"median": float(median), "p99": float(p99), "max": float(1000 * seconds.max())}


def _taken(session: Path) -> NDArray[np.float64]:
    """When `pitch` took each of its values, on the system's clock (s)."""
    events = read_session(session)
    began = next(events)["clock"]
    osc = [e for e in events if e.get("parameter") == "pitch" and e["source"].startswith("osc:")]
    return np.array([began + event["time"] for event in osc])


def _send(ports: tuple[int, ...], rate: int, seconds: float, new_seeds: bool) -> NDArray[np.float64]:
    """Sends moves of `pitch`, each to a new value, every other message a new seed if asked; when each one left (s)."""
    moves = [encode("/riffsynth/pitch", step / 100 - 24) for step in range(4800)]
    times = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        start = time.perf_counter()
        for number in range(round(rate * seconds)):
            due = start + number // (rate * BURST_S) * BURST_S
            if (left := due - time.perf_counter()) > 0:
                time.sleep(left)
            seed = new_seeds and number % 2
            packet = encode("/riffsynth/a/seed", number) if seed else moves[number // (1 + new_seeds) % 4800]
            times.append(time.perf_counter())
            for port in ports:
                sender.sendto(packet, ("127.0.0.1", port))
    return np.array(times)


def _flood(folder: Path) -> dict[str, Any]:
    record = folder / "take.wav"
    stage = Performance(folder, PRESET, "--record", str(record))
    stage.wait(clips=1)
    before = stage.status()
    sent = _send((stage.port,), FLOOD_RATE, FLOOD_S, new_seeds=True)
    asked, handled, after = 0, -1, before
    while handled < sent.size and asked < 20:  # what waits is handled in the order of its arrival
        asked += 1
        after = stage.status() or after
        handled = after["osc_messages"] - before["osc_messages"] - asked
    take = stage.stop()
    recorded = soundfile.read(record, dtype="float32")[0]
    again = np.concatenate(list(replay(stage.log)))  # with the gaps, if the machine left any
    return {
        "sent": sent.size,
        "sent_a_second": sent.size / float(sent[-1] - sent[0]),
        "lost": sent.size - handled,
        "refused": after["osc_refused"] - before.get("osc_refused", 0) if "osc_refused" in after else 0,
        "clips_meanwhile": after["clips"] - before["clips"],
        "underruns": after["underruns"],
        "recording_equals_replay": bool(np.array_equal(recorded, again)),
        "recorded_s": recorded.size / take.rate,
    }


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
