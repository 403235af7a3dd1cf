"""Snapshots: numbered sounds of a preset, each a preset's file of its own in the user's folder."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from riffsynth.performance.background import Background
from riffsynth.recall.preset import Preset, PresetError, Problem, load_preset, save_preset, snapshot_folder
from riffsynth.recall.state import State, Values, captured, state_of


class Snapshots:
    """Stores and recalls. A snapshot is there at once, and its file soon after; it survives a restart."""

    def __init__(self, background: Background, announce: Callable[[str], Any]) -> None:
        self._background = background
        self._announce = announce
        self._stored: dict[Path, State] = {}

    def store(self, number: int, preset: Preset | None, values: Values) -> None:
        """What shapes the sound, as it stands, as snapshot `number` of `preset`."""
        made = Preset(
            f"{preset.name if preset else 'riffsynth'}, snapshot {number}",
            values=captured(values),
            model=preset.model if preset else None,
            folder=preset.folder if preset else None,
        )
        file = _file(number, preset)
        self._stored[file] = state_of(made)
        self._background.run(partial(_write, made, file), self._tell)

    def recall(self, number: int, preset: Preset | None, done: Callable[[State], Any]) -> None:
        """`done` gets the state, unless there is no such snapshot: then the reason is announced."""
        file = _file(number, preset)
        if file in self._stored:
            done(self._stored[file])
        else:
            self._background.run(partial(_read, file), partial(self._on_read, done))

    def _on_read(self, done: Callable[[State], Any], read: Preset | str) -> None:
        if isinstance(read, str):
            self._announce(read)
        else:
            done(state_of(read))

    def _tell(self, error: str) -> None:
        if error:
            self._announce(error)


def _file(number: int, preset: Preset | None) -> Path:
    return snapshot_folder(preset) / f"{number}.yaml"


def _write(preset: Preset, file: Path) -> str:
    """Writes the file; what was wrong, or an empty text."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        save_preset(preset, file)
    except PresetError as error:
        return str(error)
    except OSError as error:
        return str(Problem(str(file), 0, f"cannot be written: {error.strerror}"))
    return ""


def _read(file: Path) -> Preset | str:
    """The preset in the file, or a sentence that says why there is none."""
    if not file.is_file():
        there = sorted(int(each.stem) for each in file.parent.glob("*.yaml") if each.stem.isdigit())
        stored = ", ".join(map(str, there)) or "none yet"
        return f"there is no snapshot {file.stem} of {file.parent.name}; stored are {stored}"
    try:
        return load_preset(file)
    except PresetError as error:
        return str(error)
