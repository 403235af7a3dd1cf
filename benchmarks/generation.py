"""From text to a score that a player can play: alone, and beside a player that plays meanwhile."""

from __future__ import annotations

import resource
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from riffsynth.diffusion.messages import FromWorker, Generate, Generated, Ready
from riffsynth.diffusion.request import ClipRequest, End
from riffsynth.diffusion.worker import LocalWorker, WorkerConfig
from riffsynth.errors import RiffsynthError
from riffsynth.playback.messages import AddScore, Deck, Enter, Finish, Opened, Report, SetTimeline
from riffsynth.playback.process import PlayerConfig, start_player
from riffsynth.processes.channel import Channel
from riffsynth.spectrogram.clip import Score
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.timing.timeline import Timeline

PROMPTS = ("warm pad", "techno drums, no bass", "slap bass solo", "flute melody over strings", "piano, jazz trio")
WARM_UP_CLIPS = 2
CLIPS = 20
TIME_LIMIT_S = 20.0
"""For the clips alone, and again for those beside the player."""
PLAYER_TIMEOUT_S = 20.0
TEMPO = 120.0


def run(model: str | None = None) -> dict[str, Any]:
    """`median_s` and `p99_s` of a clip with the model's own steps, prompts always new; the same while a player plays
    on the null output, with `underruns_while_playing`; `peak_memory_mb` of the process that generates."""
    said: list[FromWorker] = []
    worker = LocalWorker(WorkerConfig(model), said.append)
    ready = said[-1]
    if not isinstance(ready, Ready):
        raise RiffsynthError(f"no model to measure: {ready}")
    for number in range(WARM_UP_CLIPS):
        _seconds(worker, said, number, ready.default_steps)
    alone = _clips(worker, said, ready.default_steps)
    generated = said[-1]
    assert isinstance(generated, Generated)
    beside, underruns = _while_playing(worker, said, ready.default_steps, generated.score)
    return {
        "median_s": statistics.median(alone),
        "p99_s": float(np.percentile(alone, 99)),
        "clips": len(alone),
        "steps": ready.default_steps,
        "while_playing_median_s": statistics.median(beside),
        "while_playing_p99_s": float(np.percentile(beside, 99)),
        "while_playing_clips": len(beside),
        "underruns_while_playing": underruns,
        "peak_memory_mb": _peak_memory_mb(),
    }


def _clips(worker: LocalWorker, said: list[FromWorker], steps: int) -> list[float]:
    started = time.perf_counter()
    times: list[float] = []
    while len(times) < CLIPS and time.perf_counter() - started < TIME_LIMIT_S:
        times.append(_seconds(worker, said, WARM_UP_CLIPS + len(times), steps))
    return times


def _seconds(worker: LocalWorker, said: list[FromWorker], number: int, steps: int) -> float:
    """How long one clip takes; its words are new, so that no embedding is remembered."""
    end = End(f"{PROMPTS[number % len(PROMPTS)]} {time.perf_counter_ns()}", seed=number)
    started = time.perf_counter()
    worker.send(Generate(ClipRequest(number, end, end, steps=steps)))
    if not isinstance(said[-1], Generated):
        raise RiffsynthError(f"the model did not generate: {said[-1]}")
    return time.perf_counter() - started


def _while_playing(worker: LocalWorker, said: list[FromWorker], steps: int, score: Score) -> tuple[list[float], int]:
    process, channel = start_player(PlayerConfig(device="null"))
    try:
        opened = _wait(channel, Opened)
        if opened.sample_rate != SynthesisGrid.for_rate(WorkerConfig().sample_rate).sample_rate:
            raise RiffsynthError(f"the null output runs at {opened.sample_rate} Hz")
        channel.send(SetTimeline(Timeline(time.perf_counter(), 0.0, TEMPO / 60, True)))
        channel.send(AddScore(1, score))
        channel.send(Enter(Deck(1, ((0.0, 1),)), 0.0, 0.0))
        before = _wait(channel, Report).underruns
        times = _clips(worker, said, steps)
        channel.receive()
        return times, _wait(channel, Report).underruns - before
    finally:
        channel.send(Finish())
        process.join(PLAYER_TIMEOUT_S)
        channel.close()


def _peak_memory_mb() -> float:
    """Of this process. Linux's `ru_maxrss` would hold what the process that started this one had taken, too."""
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 2**10
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return memory / (2**20 if sys.platform == "darwin" else 2**10)


def _wait(channel: Channel, kind: type) -> Any:
    """The next message of `kind` that the player sends."""
    until = time.perf_counter() + PLAYER_TIMEOUT_S
    while time.perf_counter() < until:
        channel.wait(0.1)
        for message in channel.receive():
            if isinstance(message, kind):
                return message
    raise RiffsynthError(f"the player sent no {kind.__name__}")
