"""A performance in virtual time whose clips a test makes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riffsynth.diffusion.messages import Generate, Generated, Pace, Ready
from riffsynth.files.readers import DirectReader
from riffsynth.performance.session import Session
from riffsynth.playback.core import PlayerCore
from riffsynth.recall.preset import load_preset
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.spectrogram.spec import EMBEDDED

RATE = 44100
GENERATION_S = 1.0
"""What a generation takes in virtual time."""
PREPARED_S = 1.0
"""Virtual time before the first beat."""
PACE = Pace(0.08, 0.0)


@dataclass
class Show:
    """One preset on an instrument whose time is turned by hand; `play` goes on from beat to beat."""

    preset: Path
    generate: Callable[[Any], tuple[Any, Any]]
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        grid = SynthesisGrid.for_rate(RATE)
        self._core = PlayerCore(grid)
        self._files = DirectReader(RATE)
        self._due: tuple[float, Any] | None = None
        self._now = -PREPARED_S
        self.session = Session(self._now, self._core.apply, self._to_worker, self._files, self.said.append)
        self.session.load(load_preset(self.preset), self._now)
        self.session.locate(0.0, 0.0)
        self.session.news.on_worker(Ready("embedded", "cpu", EMBEDDED, PACE, 5), self._now)
        self._run(until=0.0)

    def set(self, name: str, value: Any = True) -> None:
        self.session.store.set(name, value, "osc:127.0.0.1:5000")

    def play(self, beats: float) -> NDArray[np.float32]:
        """(frames,) what is heard in the next `beats` beats of the tempo as it is now."""
        return self._run(self._now + beats * 60.0 / float(self.session.store.get("tempo")))

    def _to_worker(self, message: Any) -> None:
        self._due = (self._now + GENERATION_S, message.request) if isinstance(message, Generate) else None

    def _run(self, until: float) -> NDArray[np.float32]:
        blocks = []
        while self._now < until:
            for read in self._files.finished():
                self.session.news.on_file(read, self._now)
            if self._due and self._due[0] <= self._now:
                request, self._due = self._due[1], None
                self.session.news.on_worker(Generated(request.id, *self.generate(request), PACE), self._now)
            for event in self._core.events():
                self.session.news.on_player(event, self._now)
            self.session.step(self._now)
            blocks.append(self._core.block(self._now))
            self._now += self._core.block_size / RATE
        return np.concatenate(blocks)
