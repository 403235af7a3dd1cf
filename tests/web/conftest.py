"""A page's real process beside a control loop without sound: the store, OSC and the link, turned by a thread."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

import pytest

from riffsynth.control.osc import OscControl
from riffsynth.control.store import ParameterStore
from riffsynth.timing.clock import SystemClock
from riffsynth.web.link import PageLink

START_TIMEOUT_S = 30.0


class Desk:
    """What `riffsynth play` is to its page."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.said: list[str] = []
        self.store = ParameterStore()
        self._wake = threading.Event()
        self._asked: queue.SimpleQueue[tuple[Callable[[], Any], Future[Any]]] = queue.SimpleQueue()
        self._serving = threading.Event()
        self._ending = False
        self.osc = OscControl(self.store, port=0, wake=self._wake.set)
        self.page = PageLink(host, 0, self.store, self.osc, self._wake.set, self._say)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._serving.wait(START_TIMEOUT_S), self.said

    @property
    def url(self) -> str:
        return self.said[0].split()[-1]

    @property
    def port(self) -> int:
        return int(self.url.split(":")[2].split("/")[0])

    def do(self, action: Callable[[], Any]) -> Any:
        """Runs `action` in the control loop; its answer."""
        future: Future[Any] = Future()
        self._asked.put((action, future))
        self._wake.set()
        return future.result(10)

    def set(self, name: str, value: Any, source: str = "midi:knobs") -> None:
        self.do(lambda: self.store.set(name, value, source))

    def get(self, name: str) -> Any:
        return self.do(lambda: self.store.get(name))

    def close(self) -> None:
        self._ending = True
        self._wake.set()
        self._thread.join(10)
        self.page.end(2.0)
        self.osc.close()

    def _say(self, line: str) -> None:
        self.said.append(line)
        self._serving.set()

    def _run(self) -> None:
        clock = SystemClock()
        self.page.start(clock.now())
        while not self._ending:
            self._wake.wait(0.01)
            self._wake.clear()
            self.osc.poll()
            while not self._asked.empty():
                action, future = self._asked.get()
                try:
                    future.set_result(action())
                except Exception as error:
                    future.set_exception(error)
            self.page.turn(clock.now())


@pytest.fixture(scope="session")
def shared_desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.close()


@pytest.fixture
def desk(shared_desk: Desk) -> Desk:
    """One desk for all tests, with the values of the beginning."""
    shared_desk.do(lambda: shared_desk.store.load(ParameterStore().snapshot(), source="test"))
    return shared_desk


@pytest.fixture
def new_desk() -> Iterator[Callable[..., Desk]]:
    desks: list[Desk] = []

    def make(*args: Any, **options: Any) -> Desk:
        desks.append(Desk(*args, **options))
        return desks[-1]

    yield make
    for desk in desks:
        desk.close()
