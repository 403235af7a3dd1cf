"""The player as a process of its own. Imports nothing heavy: numpy comes after the settings that it reads."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from riffsynth.processes.channel import Channel
from riffsynth.processes.spawning import spawn

REALTIME_PRIORITY = 20
NICE = -11
EXIT_S = 0.5
STANDING_BY_S = 0.05
LONG_S = 3600.0
_ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}


@dataclass(frozen=True, slots=True)
class PlayerConfig:
    """What a player is started with."""

    device: str | None = None
    """Part of a device's name, its number, `null`, or None for the system's default."""
    channels: int = 2
    latency_ms: float | None = None
    """Depth of the ring before the sound card."""
    record: Path | None = None
    log: Path | None = None
    sample_rate: int | None = None
    """None takes the device's own."""
    seed: int = 0
    share: bool = False
    """Tells control what is heard, as samples: somebody looks at it."""
    door: str | None = None
    """Where a control that was started again finds it; without one, it ends with control."""
    fallback: bool = False
    """The null output instead of a device that is not there."""
    stand_by: bool = False
    """Waits until the device is there, for as long as control wants."""


def start_player(config: PlayerConfig, on_news: Callable[[], object] = lambda: None) -> tuple[BaseProcess, Channel]:
    """Starts a player; it ends when the channel is closed. It answers with `Opened`, or a `Warned` and its end.

    `on_news` is called from another thread when the player has said something.
    """
    with _environment(_ONE_THREAD):
        return spawn("player", player_main, config, on_news)


def player_main(connection: Connection, config: PlayerConfig) -> None:
    """The child process: plays until `Finish` or until the connection closes."""
    os.environ.update(_ONE_THREAD)
    # Before any thread is made: they inherit it, and one without it could be held up while it has the interpreter lock.
    scheduling = take_priority()
    from riffsynth.errors import RiffsynthError
    from riffsynth.playback.core import PlayerCore
    from riffsynth.playback.messages import Record, Warned
    from riffsynth.playback.output import DEFAULT_RATE, open_output
    from riffsynth.playback.player import Player
    from riffsynth.processes.door import Door
    from riffsynth.spectrogram.grid import SynthesisGrid
    from riffsynth.timing.clock import SystemClock

    channel = Channel(connection, "control")
    clock = SystemClock()
    plays = _end_with(channel)
    try:
        open_now = partial(open_output, config.device, config.channels, config.sample_rate, config.latency_ms, clock)
        if config.stand_by:
            _warm_up(SynthesisGrid.for_rate(config.sample_rate or DEFAULT_RATE))
            if not _stood_by(channel, config.device):
                sys.exit(0)
        output, line = open_now(fallback=config.fallback)
    except RiffsynthError as error:
        plays.set()
        channel.send(Warned(str(error)))
        channel.close()
        sys.exit(2)
    plays.set()
    if line:
        channel.send(Warned(line))
    grid = SynthesisGrid.for_rate(output.sample_rate)
    _warm_up(grid)
    core = PlayerCore(grid, config.seed)
    gc.collect()
    gc.freeze()
    gc.disable()
    door = Door(config.door) if config.door else None
    player = Player(
        channel, output, core, clock, config.log, config.seed, share=config.share, door=door, scheduling=scheduling
    )
    if config.record:
        player.handle(Record(config.record))
    player.run()
    player.leave()
    _exit_within(EXIT_S)


def _stood_by(channel: Channel, device: str | None) -> bool:
    """Waits for the device, and then for the player before to be gone; false once control is.

    A JACK client that lost its server would go on taking the wake-ups of the next one that has its name.
    """
    from riffsynth.playback.messages import Found, Open
    from riffsynth.playback.output import await_device

    if not await_device(device, lambda: channel.closed):
        return False
    channel.send(Found())
    while not channel.closed:
        if any(isinstance(message, Open) for message in channel.receive()):
            return True
        channel.wait(STANDING_BY_S)
    return False


def _end_with(channel: Channel) -> threading.Event:
    """What looks for a half dead sound server may never return: without control the process ends, until this is set."""
    plays = threading.Event()

    def wait() -> None:
        while not channel.wait_closed(LONG_S):
            pass
        if not plays.is_set():
            os._exit(0)

    threading.Thread(target=wait, name="end with control", daemon=True).start()
    return plays


def _exit_within(seconds: float) -> None:
    """PortAudio takes its leave at exit, and waits forever for a sound server that died; all our files are closed."""
    timer = threading.Timer(seconds, os._exit, (0,))
    timer.daemon = True
    timer.start()


def _warm_up(grid: object) -> None:
    """The first transforms make their plans: better now than in the first beat."""
    import numpy as np

    from riffsynth.playback.core import PlayerCore
    from riffsynth.playback.messages import AddScore, Deck, Enter
    from riffsynth.spectrogram.clip import Score
    from riffsynth.spectrogram.grid import SynthesisGrid

    assert isinstance(grid, SynthesisGrid)
    core = PlayerCore(grid)
    core.apply(AddScore(0, Score(np.full((8, grid.bins), 1e-3, np.float32), 8.0)))
    core.apply(Enter(Deck(0, ((0.0, 0),)), 0.0, 0.0))
    for index in range(40):
        core.block(index * core.block_size / grid.sample_rate)


def take_priority() -> str:
    """The player outranks everything, where the system grants it; it plays without, too. Answers what was granted."""
    granted = "normal"
    with contextlib.suppress(OSError, AttributeError):
        granted = f"nice {os.nice(NICE)}"
    with contextlib.suppress(OSError, AttributeError):
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(REALTIME_PRIORITY))
        granted = "real-time"
    return granted


@contextlib.contextmanager
def _environment(settings: dict[str, str]) -> Iterator[None]:
    """Environment variables for a child that starts meanwhile."""
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
