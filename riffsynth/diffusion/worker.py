"""The worker: a process that loads a model and turns requests into clips. Imports no torch until it is that process."""

from __future__ import annotations

import os
import statistics
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING

from riffsynth.diffusion.messages import (
    Alive,
    Cancel,
    Cancelled,
    Failed,
    FromWorker,
    Generate,
    Generated,
    Loading,
    Pace,
    Progress,
    Ready,
    Remark,
    ToWorker,
    device_batches,
)
from riffsynth.diffusion.model_error import UnfitFile
from riffsynth.processes.channel import Channel
from riffsynth.processes.spawning import spawn

if TYPE_CHECKING:
    from riffsynth.diffusion.model import Model
    from riffsynth.remote.worker import RemoteWorker

SPINS_BEFORE_SLEEP = "300000"
"""Of a thread of libgomp that waits for the others: some milliseconds, longer than the player keeps one of them from
its core. With 20000 it fell asleep each time, and a clip beside the player took 0.33 s instead of 0.24 on two cores."""
NICE = 5
"""The player outranks the worker."""
POLL_S = 1.0
ALIVE_S = 1.0
PACE_CLIPS = 5
"""The pace told is the median of so many clips."""
EMBEDDED_NAME = "the embedded model"


@dataclass(frozen=True, slots=True)
class WorkerConfig:
    """What a worker is started with."""

    model: str | None = None
    """A folder or a hub's id; None is the embedded model."""
    device: str = "auto"
    sample_rate: int = 44100
    """Of the session's synthesis grid."""
    threads: int | None = None
    """For the CPU; None leaves it to torch."""
    workers: str | None = None
    """The address of a machine that makes the clips, while it answers."""
    token: str | None = None
    """What its door asks for."""
    decoder: str | None = None
    """The folder of a small decoder; None is the model's own."""


def start_worker(config: WorkerConfig, on_news: Callable[[], object] = lambda: None) -> tuple[BaseProcess, Channel]:
    """Starts a worker, which ends when the channel is closed; it answers with `Loading`, then `Ready` or `Failed`.

    `on_news` is called from another thread when the worker has said something.
    """
    return spawn("worker", worker_main, config, on_news, flat=False, nice=NICE)


def worker_main(connection: Connection, config: WorkerConfig) -> None:
    """The child process."""
    channel = Channel(connection, "control")
    threading.Thread(target=_say_alive, args=(channel,), name="alive", daemon=True).start()
    waiting: deque[ToWorker] = deque()
    try:
        near = LocalWorker(config, channel.send, lambda: _cancelled(channel, waiting))
        worker: LocalWorker | RemoteWorker = near
        if config.workers and near.usable:
            worker = _remote(config, near, channel.send, lambda: _cancelled(channel, waiting))
        while worker.usable and not channel.closed:
            if not waiting:
                channel.wait(POLL_S)
                waiting.extend(channel.receive())
                worker.poll()
            elif isinstance(message := waiting.popleft(), Generate):
                worker.send(message)
    except _Gone:
        pass
    channel.close()


def _remote(
    config: WorkerConfig,
    near: LocalWorker,
    answer: Callable[[FromWorker], object],
    cancelled: Callable[[], set[int]],
) -> RemoteWorker:
    from riffsynth.remote.client import Connection
    from riffsynth.remote.worker import RemoteWorker

    connection = Connection(config.workers or "", config.token)
    return RemoteWorker(connection, near, near.ready, answer, config.sample_rate, cancelled)


def _say_alive(channel: Channel) -> None:
    while not channel.wait_closed(ALIVE_S):
        channel.send(Alive())


class _Gone(Exception):
    """Control has closed the channel."""


class _Abandoned(Exception):
    """The request that runs was cancelled."""


def _cancelled(channel: Channel, waiting: deque[ToWorker]) -> set[int]:
    """Ids that were cancelled while a request runs."""
    if channel.closed:
        raise _Gone
    waiting.extend(channel.receive())
    return {message.id for message in waiting if isinstance(message, Cancel)}


class LocalWorker:
    """The worker's work in the process that calls it: `send` returns when the request has been answered."""

    def __init__(
        self,
        config: WorkerConfig,
        answer: Callable[[FromWorker], object],
        cancelled: Callable[[], set[int]] = set,
    ) -> None:
        """Loads the model and warms it up; `answer` is told how that goes, and `cancelled` asked at every step."""
        self._answer = answer
        self._cancelled = cancelled
        self._steps_s: deque[float] = deque(maxlen=PACE_CLIPS)
        self._overheads_s: deque[float] = deque(maxlen=PACE_CLIPS)
        self.usable = False
        try:
            self._load(config)
        except _Gone:
            raise
        except Exception as error:  # whatever a model's files do to the libraries, a performer gets a line
            answer(Failed(None, _line(error)))

    def poll(self) -> None:
        """There is nothing to look for between two requests."""

    def ready(self) -> Ready:
        """What is told when the model is loaded and warm."""
        model = self._generator.model
        return Ready(self._name, str(model.device), model.spec, self._pace(), model.defaults.steps)

    def send(self, message: ToWorker) -> None:
        """Answers a request with `Generated`, `Cancelled` or `Failed`; of two at once, one `Cancelled` is for both."""
        if not isinstance(message, Generate):
            return
        request_id = message.request.id
        try:
            for made in self._generated(message):
                self._answer(made)
        except _Abandoned:
            self._answer(Cancelled(request_id))
        except _Gone:
            raise
        except Exception as error:  # out of memory, a driver's fault: the next request may well succeed
            if message.also:  # what is wrong with one of them is not the other's fault
                self.send(Generate(message.request))
                self.send(Generate(message.also))
                return
            self._answer(Failed(request_id, _line(error), error.unfit if isinstance(error, UnfitFile) else None))

    def _load(self, config: WorkerConfig) -> None:
        self._answer(Loading(0.0, "loading the model"))
        from riffsynth.diffusion.locating import local_folder
        from riffsynth.embedded import model_folder

        name = config.model or model_folder()
        local_folder(name)  # a wrong name need not wait for torch
        # Read by torch when it is imported: threads that spin for good while they wait would take the player's time.
        # Those that sleep at once take twice as long from one layer to the next (43 ms a step against 22).
        os.environ["OMP_WAIT_POLICY"] = "passive"
        os.environ.setdefault("GOMP_SPINCOUNT", SPINS_BEFORE_SLEEP)
        import torch

        from riffsynth.diffusion.generator import Generator
        from riffsynth.diffusion.loading import load_model
        from riffsynth.diffusion.scoring import scorer
        from riffsynth.diffusion.warming import warm_up_requests
        from riffsynth.spectrogram.grid import SynthesisGrid

        if config.threads:
            torch.set_num_threads(config.threads)
        self._grid = SynthesisGrid.for_rate(config.sample_rate)
        self._name = config.model or EMBEDDED_NAME
        model: Model = load_model(
            name, config.device, lambda part, text: self._answer(Loading(0.8 * part, text)), config.decoder
        )
        there = scorer(model.device, model.spec, self._grid)
        self._generator = Generator(model, lambda text: self._answer(Remark(text)), there)
        self._answer(Loading(0.8, "warming up"))
        for request in warm_up_requests(model):
            self._steps_s.clear()
            self._overheads_s.clear()
            self._generated(Generate(request))
        if device_batches(str(model.device)):
            self._generated(Generate(request, request))
        self._answer(Loading(1.0, "ready"))
        self.usable = True
        self._answer(self.ready())

    def _generated(self, message: Generate) -> list[Generated]:
        request = message.request
        marks = [time.perf_counter()]

        def on_step(step: int, steps: int) -> None:
            marks.append(time.perf_counter())
            if request.id in self._cancelled():
                raise _Abandoned
            if self.usable:
                self._answer(Progress(request.id, step, steps))

        from riffsynth.spectrogram.loudness import playable

        requests = [request, message.also] if message.also else [request]
        made = [
            (each.clip, each.score or playable(each.clip, self._grid))
            for each in self._generator.make_all(requests, on_step)
        ]
        whole = time.perf_counter() - marks[0]
        steps = len(marks) - 1
        if steps > 1 and not message.also:  # what comes before the first step's end is not all its own
            step_s = (marks[-1] - marks[1]) / (steps - 1)
            self._steps_s.append(step_s)
            self._overheads_s.append(max(0.0, whole - steps * step_s))
        return [
            Generated(each.id, clip, score, self._pace()) for each, (clip, score) in zip(requests, made, strict=True)
        ]

    def _pace(self) -> Pace:
        if not self._steps_s:
            return Pace(0.0, 0.0)
        return Pace(statistics.median(self._steps_s), statistics.median(self._overheads_s))


def _line(error: Exception) -> str:
    lines: Iterator[str] = (line.strip() for line in str(error).splitlines() if line.strip())
    return next(lines, type(error).__name__)
