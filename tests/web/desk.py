"""A page's real process beside a control loop without sound: the store, OSC and the link, turned by a thread."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np

from riffsynth.control.learned_maps import LearnedMaps
from riffsynth.control.mapping import Binding
from riffsynth.control.midi import MidiInputs
from riffsynth.control.osc import OscControl
from riffsynth.control.store import ParameterStore
from riffsynth.playback.messages import (
    AddScore,
    Deck,
    Enter,
    Entered,
    Heard,
    Opened,
    PlaybackState,
    SetPlayback,
    SetTimeline,
)
from riffsynth.spectrogram.clip import Clip, Score
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.timing.clock import SystemClock
from riffsynth.timing.timeline import Timeline
from riffsynth.web.link import PageLink
from riffsynth.web.messages import Beside

START_TIMEOUT_S = 30.0
RATE = 44100
BEATS_PER_SECOND = 2.0
PIECE = RATE // 20
STATUS = {
    "beat": 0.0,
    "tempo": 120.0,
    "playing": True,
    "clock_state": "locked",
    "model": "a model",
    "generating": 1,
    "generation_ms": 440.0,
    "underruns": 0,
    "core_fraction": 0.12,
    "latency_ms": 41.0,
}


class Desk:
    """What `riffsynth play` is to its page."""

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        sounding: bool = False,
        midi: Path | None = None,
        bindings: Sequence[Binding] = (),
    ) -> None:
        """`sounding`: a player is played, with one clip that sounds and one that never comes.

        `midi`: real devices are listened to, and what is learned of them is kept in that folder.
        """
        self.said: list[str] = []
        self.learned: list[tuple[Any, ...]] = []
        self._sounding = sounding
        self._frame = 0
        self._start = 0.0
        self.clip: Clip | None = None
        self.store = ParameterStore()
        self._wake = threading.Event()
        self._asked: queue.SimpleQueue[tuple[Callable[[], Any], Future[Any]]] = queue.SimpleQueue()
        self._serving = threading.Event()
        self._ending = False
        self._midi = self._devices(midi) if midi else None
        self._bindings = bindings
        self.osc = OscControl(self.store, port=0, wake=self._wake.set, commands={"learn": self._learn})
        self.beside = Beside()
        self.page = PageLink(
            host,
            port,
            self.store,
            self.osc,
            self._wake.set,
            self._say,
            self._status,
            lambda: self.clip,
            lambda: self.beside,
        )
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
        if self._ending:
            return
        self._ending = True
        self._wake.set()
        self._thread.join(10)
        self.page.end(2.0)
        if self._midi:
            self._midi.close()
        self.osc.close()

    def _status(self) -> dict[str, Any]:
        passed = SystemClock().now() - self._start if self._sounding else 0.0
        return STATUS | {"beat": BEATS_PER_SECOND * passed}

    def _say(self, line: str) -> None:
        self.said.append(line)
        self._serving.set()

    def _learn(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        self.learned.append(args)
        return self._midi.learn(args, SystemClock().now()) if self._midi else (*args, "waiting", "move a control")

    def _devices(self, folder: Path) -> MidiInputs:
        maps = LearnedMaps(folder, wake=self._wake.set)
        return MidiInputs(
            (), self.store, self._wake.set, maps=maps, tell=lambda name, *args: self.osc.announce(name, *args)
        )

    def _open(self, now: float) -> None:
        self._start = now
        magnitudes = np.zeros((256, SynthesisGrid.for_rate(RATE).bins), np.float32)
        magnitudes[:, 40:60] = 0.1
        magnitudes[::32, 100:600] = 0.05
        deck, next_deck = Deck(1, ((0.0, 1),)), Deck(2, ((0.0, 1),))
        score = AddScore(1, Score(magnitudes, 8.0))
        timeline = SetTimeline(Timeline(now, 0.0, BEATS_PER_SECOND))
        entered = (Enter(deck, 0.0, 1.0), Entered(1, 0.0))
        playback = SetPlayback(PlaybackState())
        for message in (Opened("null", RATE, 2, 0.03), timeline, playback, score, *entered, Enter(next_deck, 1e6, 1.0)):
            self.page.mirror(message)

    def _sound(self, now: float) -> None:
        """What a player would have told until now: a tone that beats, over a bass."""
        while self._frame + PIECE <= (now - self._start) * RATE:
            time = (self._frame + np.arange(PIECE)) / RATE
            samples = 0.2 * np.sin(2 * np.pi * 90 * time) + 0.3 * np.sin(2 * np.pi * 700 * time) * (time % 0.5 < 0.1)
            heard = Heard(self._frame, self._start + self._frame / RATE, RATE, samples.astype(np.float32))
            self.page.mirror(heard)
            self._frame += PIECE

    def _run(self) -> None:
        clock = SystemClock()
        self.page.start(clock.now())
        if self._sounding:
            self._open(clock.now())
        while not self._ending:
            self._wake.wait(0.01)
            self._wake.clear()
            self.osc.poll()
            if self._midi:
                self._midi.bind(self._bindings)
                self._midi.poll(clock.now())
            while not self._asked.empty():
                action, future = self._asked.get()
                try:
                    future.set_result(action())
                except Exception as error:
                    future.set_exception(error)
            if self._sounding:
                self._sound(clock.now())
            self.page.turn(clock.now())
