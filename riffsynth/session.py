"""One running instrument without its devices: values, time, presets and the conductor.

`riffsynth play` drives it with sockets, ports and processes, `riffsynth render` with a hand-turned clock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Protocol

from riffsynth.background import AtOnce, Background
from riffsynth.conductor import Conductor
from riffsynth.control.store import Change, ParameterStore
from riffsynth.diffusion.messages import Failed, FromWorker, Generated, Loading, Ready, ToWorker
from riffsynth.parameters import PARAMETERS, TABLE, Acts, Value
from riffsynth.playback.messages import (
    Entered,
    FromPlayer,
    Opened,
    PlaybackState,
    Report,
    SetPlayback,
    SetTimeline,
    ToPlayer,
    Warned,
)
from riffsynth.preset import NO_FILE, Preset, name_of
from riffsynth.recall.file_watch import FileWatch
from riffsynth.recall.recall import Recall
from riffsynth.recall.state import State, state_of
from riffsynth.spectrogram.clip import Clip, Score
from riffsynth.timing.internal import InternalClock
from riffsynth.timing.midi_clock import ClockMessage, MidiClockFollower
from riffsynth.timing.status import ClockStatus
from riffsynth.timing.timeline import Timeline

_ENDS = tuple(parameter.name for parameter in TABLE if parameter.name.startswith(("a.", "b.")))
_PLAYBACK_FIELDS = tuple(field.name for field in fields(PlaybackState))


@dataclass(frozen=True, eq=False)
class FileRead:
    """A sound or image file as a clip, or what was wrong with it."""

    name: str
    purpose: str
    """`init` or `first`."""
    clip: Clip | None = None
    score: Score | None = None
    error: str = ""


class FileReader(Protocol):
    """Reads clips from files, at once or in time; each one is answered through `Session.on_file`."""

    def read(self, name: str, path: Path, purpose: str) -> None: ...


class Session:
    """Wires the values to the conductor and the player. One thread calls it; `now` is always the caller's (s)."""

    def __init__(
        self,
        now: float,
        to_player: Callable[[ToPlayer], Any],
        to_worker: Callable[[ToWorker], Any],
        files: FileReader,
        announce: Callable[[str], Any],
        background: Background | None = None,
        watch: FileWatch | None = None,
    ) -> None:
        """`background` reads and writes presets; without one it is done at once, as in virtual time."""
        self.store = ParameterStore()
        self.conductor = Conductor(to_player, to_worker, self._set)
        self.recall = Recall(self.store, self, announce, background or AtOnce(), watch)
        self.report: Report | None = None
        self.opened: Opened | None = None
        self.model: Ready | None = None
        self.clips_made = 0
        self._to_player = to_player
        self._files = files
        self._announce = announce
        self._internal = InternalClock(now)
        self._follower = MidiClockFollower(now)
        self._now = now
        self._state_sent: PlaybackState | None = None
        self._timeline_sent: Timeline | None = None
        self.store.listen(self._on_change)

    @property
    def preset(self) -> Preset | None:
        """The preset that is open."""
        return self.recall.preset

    # Time

    @property
    def timeline(self) -> Timeline:
        """The timeline that holds now, whoever sets it."""
        if self.store.get("clock") == "midi":
            return self._follower.timeline
        return self._internal.timeline

    def clock_status(self, now: float) -> ClockStatus:
        """How the clock that sets the time is."""
        return self._follower.status(now) if self.store.get("clock") == "midi" else self._internal.status()

    def locate(self, now: float, beat: float) -> None:
        """The internal clock is at `beat` at `now`."""
        self._internal.locate(now, beat)

    def on_clock(self, message: ClockMessage) -> None:
        """A MIDI clock message; followed while `clock` is `midi`."""
        self._follower.feed(message)

    # Presets and files

    def load(
        self,
        preset: Preset,
        now: float,
        overrides: dict[str, Value] | None = None,
        *,
        source: str = "preset",
        first_clip: bool = True,
    ) -> None:
        """Everything that `preset` names, as one change; its own clip sounds first unless `first_clip` is false.

        What shapes the sound and is not named goes to its default, so that a preset sounds the same whatever was
        played before it; time, level and mute stay in the performer's hands.
        """
        self._now = now
        named = {"preset": name_of(preset.file)} if preset.file else {}
        self.put({**state_of(preset), **named, **(overrides or {})}, source)
        self.recall.opened(preset)
        if preset.clip and first_clip:
            self._files.read(str(preset.clip), preset.clip, "first")

    def put(self, values: State, source: str) -> None:
        """Many values as one. Where an end becomes another, what sounds stays until a clip of the new ends enters."""
        before = [self.store.get(name) for name in _ENDS]
        self.store.load(values, source)
        if before != [self.store.get(name) for name in _ENDS]:
            self.conductor.hold()

    def on_file(self, read: FileRead, now: float) -> None:
        """A file that was asked for has been read."""
        if read.clip is None or read.score is None:
            self._announce(read.error)
        elif read.purpose == "init":
            self.conductor.on_init(read.name, read.clip, read.score)
        else:
            self.conductor.first_clip(read.clip, read.score, self.store, self.timeline.beat_at(now))

    # What the processes say

    def on_player(self, message: FromPlayer, now: float) -> None:
        if isinstance(message, Opened):
            self.opened = message
            if self.store.get("clock") == "internal" and self.report is None:
                # The first thing heard is a downbeat.
                self._internal.locate(now + message.latency_s, 0.0)
        elif isinstance(message, Entered):
            self.conductor.on_entered(message, self.store)
        elif isinstance(message, Report):
            self.report = message
        elif isinstance(message, Warned):
            self._announce(message.text)

    def on_worker(self, message: FromWorker, now: float) -> None:
        if isinstance(message, Ready):
            self.model = message
        elif isinstance(message, Failed):
            self._announce(message.text)
        elif isinstance(message, Generated):
            self.clips_made += 1
        if not isinstance(message, Loading):
            self.conductor.on_worker(message, self.store, self.timeline.beat_at(now))

    def on_player_lost(self) -> None:
        """A new player will be told everything."""
        self._state_sent = self._timeline_sent = None

    # One turn of the control loop

    def step(self, now: float) -> None:
        """Sends what has changed, whole values only, and lets the conductor act."""
        self._now = now
        self._follower.poll(now)
        self.recall.step(now, self.timeline, int(self.store.get("meter")))
        state = PlaybackState(**{name: self.store.get(name) for name in _PLAYBACK_FIELDS})  # type: ignore[arg-type]
        if state != self._state_sent:
            self._state_sent = state
            self._to_player(SetPlayback(state))
        timeline = self.timeline
        if timeline != self._timeline_sent:
            self._timeline_sent = timeline
            self._to_player(SetTimeline(timeline))
        self.conductor.step(self.store, timeline, now)

    def _set(self, name: str, value: Value) -> None:
        self.store.set(name, value, source="drift")

    def _on_change(self, change: Change) -> None:
        if PARAMETERS[change.name].acts is Acts.TIME:
            self._on_time(change)
        elif change.name == "panic":
            self.conductor.panic()
        elif change.name == "init" and change.value not in NO_FILE:
            self._read_init(str(change.value))
        self.recall.on_change(change)

    def _read_init(self, name: str) -> None:
        folder = (self.preset.folder if self.preset else None) or Path()
        self._files.read(name, folder / Path(name).expanduser(), "init")  # an absolute name stays what it is

    def _on_time(self, change: Change) -> None:
        now, clock = self._now, self._internal
        if change.name == "tempo":
            clock.set_tempo(now, float(change.value))
        elif change.name == "tap":
            tempo = clock.tap(now).tempo
            self.store.set("tempo", tempo, source="tap")
        elif change.name == "play":
            clock.resume(now)
        elif change.name == "stop":
            clock.stop(now)
