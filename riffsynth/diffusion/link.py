"""Control's side of the worker: starts it, watches it, and tells how its model is getting on. Nothing here waits."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from riffsynth.diffusion.messages import Alive, Failed, FromWorker, Loading, Progress, Ready, ToWorker
from riffsynth.diffusion.worker import WorkerConfig, start_worker
from riffsynth.processes.supervision import Child, kill
from riffsynth.status.telling import Telling

SILENT_S = 6.0
"""A worker that has said nothing for this long has been stopped, or hangs; it says each second that it lives."""
LOADING_S = 60.0
"""The same while it loads: a library read from a slow disk holds everything else up."""


class WorkerLink:
    """Keeps one worker alive, once it was started. Use it from the control loop alone."""

    def __init__(self, telling: Telling, wake: Callable[[], object]) -> None:
        self._telling = telling
        self._wake = wake
        self._child: Child | None = None
        self._starts_before = 0
        self.work: tuple[str, float] = ("", 0.0)
        """What it does, in words, and how far it is (0..1)."""

    @property
    def pid(self) -> int:
        """0 while there is none."""
        return (self._child.pid if self._child else None) or 0

    @property
    def starts(self) -> int:
        return self._child.starts if self._child else 0

    def take_over(self, pid: int, starts: int) -> None:
        """A dead control's worker ends by itself, unless it was stopped; the next one's starts are counted on."""
        kill(pid)
        self._starts_before = starts

    def start(self, config: WorkerConfig, now: float) -> None:
        self._child = Child("worker", partial(start_worker, config, self._wake), SILENT_S, LOADING_S)
        self._child.starts = self._starts_before
        self._child.start(now)

    def send(self, message: ToWorker) -> bool:
        """False where there is no worker yet."""
        if self._child:
            self._child.send(message)
        return self._child is not None

    def receive(self) -> list[FromWorker]:
        messages = self._child.receive() if self._child else []
        for message in messages:
            self._hear(message)
        return messages

    def lost(self, now: float, overdue: bool) -> bool:
        """True where what it was making will not come: it hung, or has ended. It is started again.

        `overdue`: what was asked of it makes no progress.
        """
        if self._child is None:
            return False
        hangs = self._child.hung(now) or overdue
        if hangs:
            self._telling.warn("the model's process hangs")
            self._child.kill()
        ended = self._child.lost(now)
        if ended:
            self._telling.warn("the model's process ended; the sound goes on, and it is started again")
            self._telling.osc("worker", "lost")
        self._child.revive(now)
        return hangs or ended

    def end(self, timeout_s: float) -> None:
        if self._child:
            self._child.end(timeout_s)

    def _hear(self, message: Any) -> None:
        if isinstance(message, Alive):
            return
        assert self._child
        self.work = ("", 0.0)
        if isinstance(message, Loading):
            self.work = (message.text, message.fraction)
            self._telling.progress(message.text, message.fraction)
        elif isinstance(message, Progress):
            self.work = (f"step {message.step} of {message.steps}", message.step / message.steps)
        elif isinstance(message, Ready):
            self._telling.line(f"{message.model} is ready on {message.device}")
            self._telling.osc("worker", "ready")
            self._child.ready = True
        elif isinstance(message, Failed) and message.id is None:
            self._child.abandon()
