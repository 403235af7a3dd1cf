"""What control gives its keeper, so that the next control can go on where it was cut off."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from riffsynth.control.osc_feedback import Address
from riffsynth.performance.session import SessionMemory
from riffsynth.processes.keeping import Keep
from riffsynth.processes.players import Seat
from riffsynth.spectrogram.clip import Clip, Score

STATE = "state"


@dataclass(frozen=True)
class Remembered:
    """One performance, as it stands."""

    seat: Seat
    session: SessionMemory
    subscribers: tuple[tuple[Address, str], ...]
    """Who is told of changes over OSC, and whose own changes they are not told of."""
    worker_pid: int
    worker_starts: int


class Memory:
    """Gives values to keep, as pickles: clips and scores once each, what refers to them whenever it has changed."""

    def __init__(self, send: Callable[[Keep], object], kept: Mapping[str, bytes], starts: int) -> None:
        """`kept` is what was given before; `starts` sets the names given here apart from those."""
        self._send = send
        self._kept = kept
        self._starts = starts
        self._named = 0
        self._large: dict[int, tuple[str, Clip | Score]] = {}
        """By identity; each is held, so that its identity stays its own."""
        self._given = b""

    def give(self, value: Remembered) -> None:
        """Keeps `value` in place of what was given before."""
        used: set[int] = set()

        def name_of(part: Any) -> str | None:
            if not isinstance(part, (Clip, Score)):
                return None
            used.add(id(part))
            if id(part) not in self._large:
                self._named += 1
                self._large[id(part)] = f"{self._starts}-{self._named}", part
                self._send(Keep(self._large[id(part)][0], pickle.dumps(part)))
            return self._large[id(part)][0]

        data = _pickled(value, name_of)
        if data != self._given:
            self._given = data
            self._send(Keep(STATE, data))
        for identity in self._large.keys() - used:
            self._send(Keep(self._large.pop(identity)[0], None))

    def taken(self) -> Remembered | None:
        """What was given before; None where nothing was."""
        if STATE not in self._kept:
            return None
        parts: dict[str, Clip | Score] = {}

        def part_of(name: str) -> Clip | Score:
            if name not in parts:
                parts[name] = pickle.loads(self._kept[name])
                self._large[id(parts[name])] = name, parts[name]
            return parts[name]

        value: Remembered = _unpickled(self._kept[STATE], part_of)
        return value


def _pickled(value: Any, name_of: Callable[[Any], str | None]) -> bytes:
    class Pickler(pickle.Pickler):
        def persistent_id(self, part: Any) -> str | None:
            return name_of(part)

    file = io.BytesIO()
    Pickler(file).dump(value)
    return file.getvalue()


def _unpickled(data: bytes, part_of: Callable[[str], Any]) -> Any:
    class Unpickler(pickle.Unpickler):
        def persistent_load(self, name: str) -> Any:
            return part_of(name)

    return Unpickler(io.BytesIO(data)).load()
