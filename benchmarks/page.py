"""What the page costs: the player's time for telling what is heard, and ten viewers beside a player.

`share_us`: processor time of the player's loop, in microseconds a second of sound, for putting the samples together and
pickling them as its channel does. `alone` and `ten_viewers`: a `riffsynth play` on the null output whose model makes a
clip for every pass (preset first-light), 15 s each in turn, twice; viewers are clients of the page's WebSocket.
"""

from __future__ import annotations

import asyncio
import pickle
import socket
import tempfile
import time
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
from measuring.performance import Performance

from riffsynth.playback.messages import Heard
from riffsynth.recall.preset import find_preset

RATE = 44100
BLOCK, BLOCKS_A_REPORT = 128, 17
STRETCH_S = 15.0
ROUNDS = 2
VIEWERS = 10


def run() -> dict[str, Any]:
    """Microseconds a second, and core used, underruns and kilobytes a second with and without viewers."""
    with tempfile.TemporaryDirectory() as folder:
        return {"share_us": round(_share_us(), 1), **asyncio.run(_viewers(Path(folder)))}


def _share_us() -> float:
    blocks = [np.random.default_rng(0).normal(0, 0.1, BLOCK).astype(np.float32) for _ in range(BLOCKS_A_REPORT)]
    reports, unshared = 2000, []
    before = time.process_time()
    for report in range(reports):
        for block in blocks:
            unshared.append(block)  # noqa: PERF402 - as the player does, block by block
        samples = np.concatenate(unshared)
        unshared.clear()
        pickle.dumps(Heard(report * samples.size, 1.0, RATE, samples))
    spent = time.process_time() - before
    return 1e6 * spent / (reports * BLOCK * BLOCKS_A_REPORT / RATE)


async def _viewers(folder: Path) -> dict[str, Any]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    stage = Performance(folder, find_preset("first-light"), "--web-port", str(port))
    stage.wait_for_model()
    stage.wait(clips=2)
    alone, watched, rates = [], [], []
    for _ in range(ROUNDS):
        alone.append(await _stretch(stage))
        async with aiohttp.ClientSession() as session:
            watching = [asyncio.create_task(_watch(session, port)) for _ in range(VIEWERS)]
            watched.append(await _stretch(stage))
            for task in watching:
                task.cancel()
            rates += [rate for rate in await asyncio.gather(*watching) if rate]
    stage.stop()
    return {
        "kilobytes_a_second": {"median": round(float(np.median(rates)), 1), "most": round(max(rates), 1)},
        "alone": _figures(alone),
        "ten_viewers": _figures(watched),
    }


async def _stretch(stage: Performance) -> tuple[list[float], int]:
    """The share of a core that the player used, several times a second, and its underruns."""
    before = (await asyncio.to_thread(stage.status))["underruns"]
    cores, until = [], time.perf_counter() + STRETCH_S
    while time.perf_counter() < until:
        await asyncio.sleep(0.2)
        status = await asyncio.to_thread(stage.status)
        cores.append(status["core_fraction"])
    return cores, status["underruns"] - before


async def _watch(session: aiohttp.ClientSession, port: int) -> float:
    """Kilobytes a second that one viewer is sent, until it is cancelled."""
    received, start = 0, time.perf_counter()
    try:
        async with session.ws_connect(f"http://127.0.0.1:{port}/live") as ws:
            async for message in ws:
                received += len(message.data)
    except asyncio.CancelledError:
        pass
    return received / 1000 / (time.perf_counter() - start)


def _figures(stretches: list[tuple[list[float], int]]) -> dict[str, float]:
    cores = [core for stretch, _ in stretches for core in stretch]
    return {
        "core_percent": round(100 * float(np.median(cores)), 1),
        "core_percent_p95": round(100 * float(np.percentile(cores, 95)), 1),
        "underruns": sum(underruns for _, underruns in stretches),
    }
