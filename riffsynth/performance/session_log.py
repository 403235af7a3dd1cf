"""The session's log: every event that reached the instrument, as JSON lines.

It tells what hands, programs and the model did, for people and programs to read. What each player made of it, block by
block, is in the player's own log (`playback/log.py`), which holds the clips; the session names it. Together they give
the recording again, sample for sample (`rendering/recorded_session.py`); nothing is written twice.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from riffsynth import __version__
from riffsynth.control.midi_devices import MidiReceived
from riffsynth.control.osc_codec import OscMessage
from riffsynth.control.osc_feedback import Address
from riffsynth.control.store import Change
from riffsynth.diffusion.messages import Cancel, Cancelled, Failed, FromWorker, Generate, Generated, Ready, ToWorker
from riffsynth.playback.messages import Entered, FromPlayer, Opened, Warned
from riffsynth.playback.writer import BackgroundWriter
from riffsynth.timing.midi_clock import ClockMessage

FORMAT = 1
QUEUED_EVENTS = 200_000
"""As many as OSC packets may wait: a flood that the instrument survives is also logged."""

_Event = tuple[float, float, str, dict[str, Any]]
"""Seconds of the program's clock, song position, kind, what else is to be said."""


class SessionLog:
    """Writes events as they happen, in a thread of its own. Each has `time` (s since the beginning) and `beat`."""

    def __init__(self, path: Path | None, began: float, beat_at: Callable[[float], float]) -> None:
        """Without a path it writes nothing. Raises OSError where the file cannot be made."""
        self._began = began
        self._beat_at = beat_at
        self._writer: BackgroundWriter[_Event] | None = None
        if path is None:
            return
        self._path = path
        self._file = path.open("w", encoding="utf-8", newline="\n")
        self._writer = BackgroundWriter(self._write, self._file.close, QUEUED_EVENTS, "session log")
        date = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._event(began, "session", format=FORMAT, riffsynth=__version__, date=date, clock=began)

    @property
    def failure(self) -> str | None:
        return self._writer.failure if self._writer else None

    def player_starts(self, now: float, log: Path | None, record: Path | None) -> None:
        """From now on a player writes `log`."""
        if self._writer and log:
            self._event(now, "player", log=self._named(log), record=record and self._named(record))

    def change(self, change: Change, now: float) -> None:
        """A parameter took a value at `now`."""
        derived = {"derived": True} if change.derived else {}
        self._event(now, "change", parameter=change.name, value=change.value, source=change.source, **derived)

    def osc(self, message: OscMessage, sender: Address, time: float) -> None:
        """A message that was applied; `time` is that of its packet's arrival, or of its time tag."""
        args = [arg if not isinstance(arg, float) or math.isfinite(arg) else str(arg) for arg in message.args]
        self._event(time, "osc", address=message.address, args=args, **{"from": f"{sender[0]}:{sender[1]}"})

    def midi(self, received: MidiReceived) -> None:
        self._event(received.time_s, "midi", device=received.device, bytes=received.message.hex())

    def clock(self, message: ClockMessage) -> None:
        """Start, stop, continue and song position; of ticks what follows is in the player's log: the timelines."""
        if message.kind != "tick":
            self._event(message.time_s, "clock", says=message.kind, position=message.position, source=message.source)

    def from_player(self, message: FromPlayer, now: float) -> None:
        if isinstance(message, Opened):
            self._event(now, "opened", **asdict(message))
        elif isinstance(message, Entered):
            self._event(now, "entered", deck=message.deck_id, at_beat=message.beat)
        elif isinstance(message, Warned):
            self._event(now, "warning", text=message.text)

    def to_worker(self, message: ToWorker, now: float) -> None:
        if isinstance(message, Generate):
            for asked in filter(None, (message.request, message.also)):
                ends = {"a": asdict(asked.a), "b": asdict(asked.b)}
                init = asked.init is not None
                self._event(now, "request", id=asked.id, **ends, alpha=asked.alpha, steps=asked.steps, init=init)
        elif isinstance(message, Cancel):
            self._event(now, "cancel", id=message.id)

    def from_worker(self, message: FromWorker, now: float) -> None:
        if isinstance(message, Ready):
            self._event(now, "model", name=message.model, device=message.device)
        elif isinstance(message, (Generated, Cancelled)):
            self._event(now, "clip" if isinstance(message, Generated) else "cancelled", id=message.id)
        elif isinstance(message, Failed):
            self._event(now, "failed", id=message.id, text=message.text)

    def close(self) -> None:
        """Writes what is waiting, and nothing from now on."""
        if self._writer:
            self._writer.close()
            self._writer = None

    def _event(self, time: float, kind: str, **said: Any) -> None:
        if self._writer:
            self._writer.put((time, self._beat_at(time), kind, said))

    def _named(self, file: Path) -> str:
        """`file` as the log names it: beside it, wherever both are moved to."""
        return os.path.relpath(file.absolute(), self._path.absolute().parent)

    def _write(self, events: list[_Event]) -> None:
        for time, beat, kind, said in events:
            line = {"time": round(time - self._began, 6), "beat": round(beat, 6), "event": kind, **said}
            self._file.write(json.dumps(line, ensure_ascii=False, default=_plain) + "\n")
        self._file.flush()


def player_log(session: Path) -> Path:
    """Where the player's log of a session is written, unless it is asked for elsewhere."""
    return session.with_suffix(".player")


def numbered(path: Path, nth: int) -> Path:
    """The file that the nth player writes: nothing that an earlier one has written is lost."""
    return path.with_stem(f"{path.stem}-{nth}") if nth > 1 else path


def _plain(value: Any) -> Any:
    """What JSON has no word for: an OSC blob or a time tag."""
    return value.hex() if isinstance(value, bytes) else str(value)
