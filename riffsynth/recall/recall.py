"""What the performer's hand does to whole sounds: presets, the set, morphs, snapshots, undo, and edited files."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from riffsynth.control.store import Change, ParameterStore
from riffsynth.parameters import Value
from riffsynth.performance.background import Background
from riffsynth.recall.file_watch import FileWatch
from riffsynth.recall.history import History
from riffsynth.recall.morph import Walk, morphed
from riffsynth.recall.preset import Preset, PresetError, Problem, load_preset
from riffsynth.recall.set_list import SetList, read_set
from riffsynth.recall.snapshots import Snapshots
from riffsynth.recall.state import State, state_of
from riffsynth.timing.timeline import Timeline

OWN = ("preset", "snapshot", "morph", "next", "set", "undo")
"""Sources of the changes made here: values that follow from a recall ask for nothing."""


class Stage(Protocol):
    """Where a recalled sound goes."""

    def load(self, preset: Preset, now: float, *, source: str = "preset", first_clip: bool = True) -> None:
        """Everything that the preset names; it comes back through `Recall.opened`."""

    def put(self, values: State, source: str) -> None:
        """Many values as one."""


@dataclass(frozen=True)
class _Edited:
    """A new version of the preset, which waits for a bar."""

    preset: Preset
    bar: int


class Recall:
    """Owns which preset and set are open, where between them the sound is, and what can be undone.

    Files are read and written in the background; until they are there the sound goes on as it is.
    """

    def __init__(
        self,
        store: ParameterStore,
        stage: Stage,
        announce: Callable[[str], Any],
        background: Background,
        watch: FileWatch | None = None,
    ) -> None:
        self.preset: Preset | None = None
        self.set = SetList()
        self._name = ""
        """What `preset` is while that preset is open."""
        self._store = store
        self._stage = stage
        self._announce = announce
        self._background = background
        self._watch = watch
        self._history = History(store.snapshot())
        self._snapshots = Snapshots(background, announce)
        self._opened: dict[str, Preset] = {}
        """By what `preset` was set to."""
        self._states: tuple[State, ...] = ()
        self._index: float | None = None
        """The place in the set; None where what sounds is not of the set."""
        self._waiting: float | None = None
        """A place that was asked for before the set had been read."""
        self._walk: Walk | None = None
        self._landing: Preset | None = None
        """What is opened where the walk ends."""
        self._edited: _Edited | None = None
        self._now = 0.0
        self._beat = 0.0
        self._actions: dict[str, Callable[[Any], None]] = {
            "preset": self._open,
            "setlist": self._read_set,
            "next": lambda _: self._go(1),
            "previous": lambda _: self._go(-1),
            "morph": self._morph,
            "snapshot": self._recall_snapshot,
            "snapshot_store": self._store_snapshot,
            "undo": lambda _: self._go_back(self._history.undo()),
            "redo": lambda _: self._go_back(self._history.redo()),
        }

    @property
    def following(self) -> State | None:
        """What the next preset of the set would set; None at its end, and where nobody has named one to go through."""
        if self._index is None or not self._store.get("setlist"):
            return None
        place = math.floor(self._index) + 1
        return self._states[place] if place < len(self._states) else None

    def on_change(self, change: Change) -> None:
        """A parameter has changed."""
        self._history.changed(change, self._now)
        if change.source not in OWN and change.name in self._actions:
            self._actions[change.name](change.value)

    def opened(self, preset: Preset) -> None:
        """A preset has been loaded as a whole."""
        first = self.preset is None
        self.preset = preset
        self._name = str(self._store.get("preset"))
        self._opened[self._name] = preset
        self._walk = self._landing = self._edited = None
        index = self._place_of(preset)
        if index is not None:
            self._stand_at(index, "preset")
        elif not self._store.get("setlist") or not self.set.files:  # it came with the preset, from the command line
            self._read_set(str(self._store.get("setlist")))
        if first:
            self._history = History(self._store.snapshot())  # what it starts with is nothing to take back
        self._watch_files()

    def resume(self, preset: Preset) -> None:
        """`preset` was open in a control that was cut off; the values are in place."""
        self.opened(preset)
        if self._store.get("setlist"):
            self._read_set(str(self._store.get("setlist")))

    def step(self, now: float, timeline: Timeline, meter: int) -> None:
        """What is due at `now`: files that were saved, and the next step of a walk."""
        self._now, self._beat = now, timeline.beat_at(now)
        self._look_at_files(meter)
        edited = self._edited
        if edited and (not timeline.playing or math.floor(self._beat / meter) != edited.bar):
            self._edited = None
            self._take_edited(edited.preset)
        if self._walk:
            self._go_on(self._walk)

    # Presets and the set

    def _open(self, name: str) -> None:
        if name:
            self._background.run(partial(_read, name), self._on_preset)

    def _on_preset(self, read: Preset | PresetError) -> None:
        if isinstance(read, Preset):
            self._stage.load(read, self._now)
        else:
            self._announce(str(read))
            self._store.set("preset", self._name, "set")

    def _read_set(self, source: str) -> None:
        own = self.preset.file.parent if self.preset and self.preset.file else None
        where = Path(source).expanduser() if source else own
        if where:
            self._background.run(partial(read_set, where, self.set), self._on_set)

    def _on_set(self, read: SetList) -> None:
        file = self.preset.file if self.preset else None
        for problem in read.problems:
            # Of a folder that nobody named, what is no preset is nobody's concern; the open preset is told by itself.
            if self._store.get("setlist") and Path(problem.file) != file:
                self._announce(str(problem))
        if not read.presets:
            return
        before, self.set = self.set, read
        self._states = tuple(state_of(preset) for preset in read.presets)
        if before.files[:1] != read.files[:1]:
            self._walk = self._landing = self._index = None
        if self._index in (None, before.index_of(file)):
            self._stand_at(read.index_of(file))
        if self._waiting is not None:
            self._morph(self._waiting)
        self._watch_files()

    def _place_of(self, preset: Preset) -> int | None:
        """Where `preset` stands in the set; of one that stands there several times, the place that was gone to."""
        place = self._index
        if place is not None and place in range(len(self.set.presets)):
            there = self.set.presets[int(place)].file
            if there and preset.file and there.absolute() == preset.file.absolute():
                return int(place)
        return self.set.index_of(preset.file)

    def _stand_at(self, index: int | None, source: str = "set") -> None:
        if index is not None:
            self._index = float(index)
            self._store.set("morph", self._index, source)

    def _go(self, step: int) -> None:
        if not self.set.presets:
            self._announce("there is no set to go on in: name a folder or a list with /riffsynth/setlist")
            return
        place = self._walk.end if self._walk else self._index
        if place is None:
            index = 0 if step > 0 else len(self.set.presets) - 1
        else:
            index = math.floor(place) + 1 if step > 0 else math.ceil(place) - 1
        if not 0 <= index < len(self.set.presets):
            self._announce("this is the last preset of the set" if step > 0 else "this is the first preset of the set")
            return
        preset = self.set.presets[index]
        if self._index is None or not self._store.get("morph_beats"):
            self._index = float(index)
            self._stage.load(preset, self._now)
            return
        self._store.set("morph", index, "next")
        self._walk_to(float(index))
        self._landing = preset

    # Between presets

    def _morph(self, place: float) -> None:
        if not self._states:
            self._waiting = place
            return
        self._waiting = self._landing = self._edited = None
        self._walk_to(min(place, len(self._states) - 1.0))

    def _walk_to(self, place: float) -> None:
        """Begins with the next step, which is also the last one where `morph_beats` is 0: a knob that sends a thousand
        places a second moves all values once a step."""
        beats = 0.0 if self._index is None else float(self._store.get("morph_beats"))
        self._walk = Walk(place if self._index is None else self._index, place, self._beat, beats)

    def _go_on(self, walk: Walk) -> None:
        if self._beat < walk.from_beat:  # the song was moved back
            self._walk_to(walk.end)
        elif not walk.done(self._beat):
            self._stand_between(walk.index_at(self._beat))
        elif self._landing:
            self._index = walk.end
            self._stage.load(self._landing, self._now, source="morph", first_clip=False)
        else:
            self._walk = None
            self._stand_between(walk.end)

    def _stand_between(self, place: float) -> None:
        self._index = place
        self._stage.put(morphed(self._states, place), "morph")

    # Snapshots, undo

    def _store_snapshot(self, number: int) -> None:
        if number:
            self._snapshots.store(number, self.preset, self._store)
            self._store.set("snapshot", number, "set")

    def _recall_snapshot(self, number: int) -> None:
        if number:
            self._snapshots.recall(number, self.preset, self._on_snapshot)

    def _on_snapshot(self, state: State) -> None:
        self._walk = self._landing = None
        self._stage.put(state, "snapshot")

    def _go_back(self, values: dict[str, Value] | None) -> None:
        if values is None:
            self._announce("there is nothing more to undo or redo")
            return
        self._walk = self._landing = self._edited = None
        self._stage.put(values, "undo")
        if "preset" in values:
            self._name = str(values["preset"])
            self.preset = self._opened.get(self._name, self.preset)
        if "morph" in values:
            self._index = float(values["morph"])

    # Files that are edited while they play

    def _watch_files(self) -> None:
        if self._watch:
            own = [self.preset.file] if self.preset and self.preset.file else []
            self._watch.watch([*own, *self.set.files])

    def _look_at_files(self, meter: int) -> None:
        saved = self._watch.changed() if self._watch else []
        if not saved:
            return
        if self.preset and self.preset.file in saved:
            self._background.run(partial(_read, self.preset.file), partial(self._on_edited, meter))
        if self.set.files and not set(saved).isdisjoint(self.set.files):
            self._background.run(partial(read_set, self.set.files[0], self.set), self._on_set)

    def _on_edited(self, meter: int, read: Preset | PresetError) -> None:
        if isinstance(read, PresetError):
            for problem in read.problems:
                self._announce(f"{problem}; the last good version plays on")
        elif self.preset and read.file == self.preset.file:
            self._edited = _Edited(read, math.floor(self._beat / meter))

    def _take_edited(self, preset: Preset) -> None:
        """What differs in the file; what a hand has moved meanwhile and the file has not stays where it is."""
        assert self.preset
        before, after = state_of(self.preset), state_of(preset)
        self.preset = self._opened[self._name] = preset
        own = self.set.index_of(preset.file)
        if own is None or self._index == own:
            self._stage.put({name: value for name, value in after.items() if before.get(name) != value}, "preset")


def _read(name: str | Path) -> Preset | PresetError:
    try:
        return load_preset(name)
    except PresetError as error:
        return error
    except OSError as error:
        return PresetError([Problem(str(name), 0, f"cannot be read: {error.strerror}")])
