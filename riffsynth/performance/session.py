"""One running instrument without its devices: values, time, presets and the conductor.

`riffsynth play` drives it with sockets, ports and processes, `riffsynth render` with a hand-turned clock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from riffsynth.conducting.conductor import Conductor, ConductorMemory
from riffsynth.conducting.latency import ClipLatency
from riffsynth.conducting.recipe import NO_FILE, init_name
from riffsynth.control.moves import MODULATION, Mover
from riffsynth.control.store import Change, ParameterStore
from riffsynth.diffusion.messages import (
    Generate,
    ToWorker,
)
from riffsynth.files.readers import FileReader
from riffsynth.listening.asking import Asking
from riffsynth.listening.messages import Deaf, Listen
from riffsynth.parameters import LORAS, PARAMETERS, TABLE, Acts, Value
from riffsynth.performance.background import AtOnce, Background
from riffsynth.performance.news import News
from riffsynth.performance.timekeeping import TimeKeeping
from riffsynth.playback.messages import (
    Enter,
    Opened,
    PlaybackState,
    SetPlayback,
    SetTimeline,
    ToPlayer,
)
from riffsynth.recall.file_watch import FileWatch
from riffsynth.recall.preset import Preset, name_of
from riffsynth.recall.recall import Recall
from riffsynth.recall.state import State, state_of
from riffsynth.timing.midi_clock import ClockMessage, MidiClockFollower
from riffsynth.timing.status import ClockStatus
from riffsynth.timing.timeline import Timeline
from riffsynth.timing.transport import Transport

DRIFT = "drift"
"""Who made a change of seeds that `drift` makes."""
_ENDS = tuple(parameter.name for parameter in TABLE if parameter.name.startswith(("a.", "b.")))
_PLAYBACK_FIELDS = tuple(field.name for field in fields(PlaybackState))


@dataclass(frozen=True)
class SessionMemory:
    """What a session knows that a new one goes on with."""

    values: State
    preset: Preset | None
    opened: Opened | None
    clips_made: int
    transport: tuple[Timeline, MidiClockFollower]
    conductor: ConductorMemory


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
        listen: Callable[[Listen], Any] | None = None,
    ) -> None:
        """`background` reads and writes presets; without one it is done at once, as in virtual time.

        `listen` asks for what the input heard; without it there is no input.
        """
        self.store = ParameterStore()
        self.latency = ClipLatency()
        self.conductor = Conductor(self._conducted, self._requested, self._set, lambda name: str(self._located(name)))
        self.recall = Recall(self.store, self, announce, background or AtOnce(), watch)
        self._to_player, self._to_worker = to_player, to_worker
        self._files = files
        self._listen = listen
        self._asking = Asking()
        self.transport = Transport(now)
        self._time = TimeKeeping(self.store, self.transport, announce)
        self.news = News(self.store, self.transport, self.conductor, self.latency, announce)
        self.mover = Mover()
        self._now = now
        self._state_sent: PlaybackState | None = None
        self._timeline_sent: Timeline | None = None
        self.store.listen(self._on_change)

    @property
    def memory(self) -> SessionMemory:
        return SessionMemory(
            self.store.snapshot(),
            self.preset,
            self.news.opened,
            self.news.clips_made,
            self.transport.memory,
            self.conductor.memory,
        )

    def take_over(self, memory: SessionMemory, now: float) -> None:
        """Goes on where another session was cut off."""
        self._now = now
        self.news.opened, self.news.clips_made = memory.opened, memory.clips_made
        self.recall.preset = memory.preset  # files are named beside it
        self.store.load(memory.values, "preset")
        self.transport.take_over(memory.transport)
        self.conductor.take_over(memory.conductor)
        if memory.preset:
            self.recall.resume(memory.preset)

    @property
    def preset(self) -> Preset | None:
        """The preset that is open."""
        return self.recall.preset

    # Time

    @property
    def timeline(self) -> Timeline:
        """The timeline that holds now, whoever sets it."""
        return self.transport.timeline

    def clock_status(self, now: float) -> ClockStatus:
        """How the clock that sets the time is."""
        return self.transport.status(now)

    def locate(self, now: float, beat: float) -> None:
        """The song is at `beat` at `now`."""
        self.transport.locate(now, beat)

    def on_clock(self, message: ClockMessage) -> None:
        """A MIDI clock message; followed while `clock` is `midi`."""
        self.transport.on_clock(message)

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

    # One turn of the control loop

    def step(self, now: float) -> None:
        """Sends what has changed, whole values only, and lets the conductor act."""
        self._now = now
        self._time.step(now)
        self.recall.step(now, self.timeline, int(self.store.get("meter")))
        self._move(now)
        self._tell_player()
        self._hear(now)
        self.conductor.step(self.store, self.timeline, now, self.recall.following)
        if self.conductor.generating is None:
            self.latency.rests()

    def on_fresh_player(self, now: float) -> None:
        """A new player knows nothing: it is told everything, the time first."""
        self._state_sent = self._timeline_sent = None
        self._tell_player()
        self.conductor.resync(self.timeline.beat_at(now))

    def _move(self, now: float) -> None:
        """What moves by itself stands where it belongs at the song position at which it is heard."""
        moves = self.preset.moves if self.preset and self.store.get("modulation") else ()
        self.mover.due(moves, self.timeline.beat_at(now + self.news.latency_s), now, self.store.set)

    def _conducted(self, message: ToPlayer) -> None:
        if isinstance(message, Enter):
            self.latency.enters(self.news.clip_made)
        self._to_player(message)

    def _requested(self, message: ToWorker) -> None:
        if isinstance(message, Generate):
            self.latency.asked()
        self._to_worker(message)

    def _tell_player(self) -> None:
        state = PlaybackState(**{name: self.store.get(name) for name in _PLAYBACK_FIELDS})  # type: ignore[arg-type]
        if state != self._state_sent:
            self._state_sent = state
            self._to_player(SetPlayback(state))
        timeline = self.timeline
        if timeline != self._timeline_sent:
            self._timeline_sent = timeline
            self._to_player(SetTimeline(timeline))

    def _set(self, name: str, value: Value) -> None:
        self.store.set(name, value, source=DRIFT)

    def _on_change(self, change: Change) -> None:
        self.latency.changed(change, self._now)
        if PARAMETERS[change.name].acts is Acts.CLIP and change.source not in (DRIFT, MODULATION):
            self.news.asked_otherwise()
        if PARAMETERS[change.name].acts is Acts.TIME:
            self._time.on_change(change, self._now)
        elif change.name == "panic":
            self.conductor.panic()
        elif change.name in ("init", "init_number") and (init := str(self.store.get("init"))) not in NO_FILE:
            self.conductor.on_named("init", init_name(self.store))
            self._files.read(init_name(self.store), self._located(init), "init", int(self.store.get("init_number")))
        elif change.name == "mask" and change.value not in NO_FILE:
            self.conductor.on_named("mask", str(change.value))
            self._files.read(str(change.value), self._located(str(change.value)), "mask")
        elif change.name in LORAS:
            self.conductor.on_named("lora", str(change.value))
        self.recall.on_change(change)

    def _hear(self, now: float) -> None:
        wanted = self.store.get("init") == "input"
        if asked := self._asking.due(wanted, self.timeline, int(self.store.get("meter")), now):
            if self._listen:
                self._listen(asked)
            else:
                self.news.on_listener(Deaf("init is input, and there is no input here to listen to"))

    def _located(self, name: str) -> Path:
        """The file that a value names: beside the preset, unless it says otherwise."""
        folder = (self.preset.folder if self.preset else None) or Path()
        return folder / Path(name).expanduser()  # an absolute name stays what it is
