"""A worker whose model is on another machine, with the embedded model warm beside it for when that one is gone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from riffsynth.diffusion.messages import (
    Cancelled,
    Failed,
    FromWorker,
    Generate,
    Generated,
    Pace,
    Ready,
    Remark,
    ToWorker,
)
from riffsynth.diffusion.model_error import UnfitFile
from riffsynth.remote.client import Connection, HangUp, Unreachable
from riffsynth.remote.wire import FarModel
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.spectrogram.loudness import playable

RETRY_S = 2.0
LOOK_S = 2.0
"""While a clip is on its way the far end is asked this often whether it is there: a pulled cable says nothing."""
POLL_S = 0.02
FIRST_PACE = Pace(0.02, 0.3)
"""Until a clip has come."""


Answer = TypeVar("Answer")


class Near(Protocol):
    """The worker beside us."""

    @property
    def usable(self) -> bool: ...

    def send(self, message: ToWorker) -> None: ...


class _Call(Generic[Answer]):
    """Something that waits for the network, in a thread of its own."""

    def __init__(self, ask: Callable[[], Answer]) -> None:
        self.answer: Answer | None = None
        self.error: Exception | None = None
        self.done = False
        self._ask = ask
        threading.Thread(target=self._run, name="remote", daemon=True).start()

    def _run(self) -> None:
        try:
            self.answer = self._ask()
        except Exception as error:  # told by who waits for it
            self.error = error
        self.done = True


class RemoteWorker:
    """Answers as a LocalWorker does, from `connection` while that answers, and from `near` while it does not."""

    def __init__(
        self,
        connection: Connection,
        near: Near,
        near_ready: Callable[[], Ready],
        answer: Callable[[FromWorker], object],
        sample_rate: int,
        cancelled: Callable[[], set[int]] = set,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`near_ready` is what the near worker says of itself; `cancelled` is asked while a clip is on its way."""
        self._connection, self._near, self._near_ready = connection, near, near_ready
        self._answer, self._cancelled, self._clock = answer, cancelled, clock
        self._grid = SynthesisGrid.for_rate(sample_rate)
        self._far: FarModel | None = None
        self._try_at = 0.0
        self._looking: _Call[FarModel] | None = None
        self._told = ""
        self._pace = FIRST_PACE

    @property
    def usable(self) -> bool:
        return self._near.usable

    def poll(self) -> None:
        """Looks for the far end while it is away; call it now and then."""
        if self._far:
            return
        if self._looking is None:
            if self._clock() >= self._try_at:
                self._looking = _Call(self._connection.model)
            return
        if not self._looking.done:
            return
        looked, self._looking = self._looking, None
        self._try_at = self._clock() + RETRY_S
        self._far = looked.answer
        if self._far is None:
            self._say(" ".join(str(looked.error).split()))
            return
        self._say(f"{self._connection.address} plays {self._far.name} on {self._far.device}")
        self._answer(Ready(self._far.name, self._connection.address, self._far.spec, self._pace, self._far.steps))

    def send(self, message: ToWorker) -> None:
        """Answers a request with `Generated`, `Cancelled` or `Failed`; a far end that dies costs one clip's time."""
        if not isinstance(message, Generate):
            return
        if self._far:  # it is asked for one clip at a time
            if self._sent(message):
                return
            self._near.send(message)
            self._lost()
        else:
            self._near.send(message)

    def _sent(self, message: Generate) -> bool:
        """False where the far end was not there to answer."""
        request = message.request
        started = self._clock()
        hang_up = HangUp()
        call = _Call(lambda: self._connection.clip(request, hang_up))
        looking, looked_at = None, started
        while not call.done:
            if request.id in self._cancelled():
                hang_up()
                self._answer(Cancelled(request.id))
                return True
            if looking is None and self._clock() - looked_at > LOOK_S:
                looking, looked_at = _Call(self._connection.model), self._clock()
            elif looking and looking.done:
                if looking.error:
                    hang_up()
                    self._say(str(looking.error))
                    return False
                looking = None
            time.sleep(POLL_S)
        if isinstance(call.error, Unreachable):
            self._say(str(call.error))
            return False
        if call.answer is None:
            unfit = call.error.unfit if isinstance(call.error, UnfitFile) else None
            self._answer(Failed(request.id, " ".join(str(call.error).split()), unfit))
            return True
        whole_s = self._clock() - started
        step_s = 0.8 * whole_s / request.steps
        self._pace = Pace(step_s, whole_s - step_s * request.steps)
        self._answer(Generated(request.id, call.answer, playable(call.answer, self._grid), self._pace))
        return True

    def _lost(self) -> None:
        self._far = None
        self._try_at = self._clock() + RETRY_S
        ready = self._near_ready()
        self._say(f"{self._connection.address} is gone: {ready.model} plays on here until it is back")
        self._answer(ready)

    def _say(self, text: str) -> None:
        if text != self._told:
            self._told = text
            self._answer(Remark(text))
