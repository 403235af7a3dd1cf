"""Presets: the parameters' values, a first clip, a model and a MIDI mapping under a name, in a YAML file."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import platformdirs
import yaml

import riffsynth
from riffsynth.conducting.recipe import NO_FILE
from riffsynth.control.mapping import Binding
from riffsynth.control.moves import Move
from riffsynth.parameters import LORAS, Value
from riffsynth.recall.preset_reader import PresetContents, PresetError, Problem, examine

__all__ = [
    "Preset",
    "PresetError",
    "Problem",
    "find_preset",
    "load_preset",
    "name_of",
    "preset_folders",
    "presets",
    "save_preset",
    "snapshot_folder",
]

SUFFIXES = (".yaml", ".yml")
FILES = ("init", "mask", *LORAS)
"""Parameters that name a file, or a word of `NO_FILE`."""


@dataclass(frozen=True)
class Preset:
    """What a preset's file says; what it does not name is not in `values`."""

    name: str
    description: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    """By the parameters' names, all in range."""
    clip: Path | None = None
    """An image that sounds until the model has made a clip."""
    midi: tuple[Binding, ...] = ()
    moves: tuple[Move, ...] = ()
    model: str | None = None
    """A folder or a hub's id; the embedded model where it is None."""
    folder: Path | None = None
    """Where relative file names of `values` begin."""
    file: Path | None = field(default=None, compare=False)
    """Where it was read from."""


def load_preset(path_or_name: str | Path) -> Preset:
    """The preset in a file, or of that name in one of `preset_folders`. Raises PresetError with all faults."""
    path = find_preset(path_or_name)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PresetError([Problem(str(path), 0, f"cannot be read: {error.strerror}")]) from None
    contents, problems = examine(data, str(path))
    problems += _missing_files(contents, path)
    if problems:
        raise PresetError(sorted(problems, key=lambda problem: problem.line))
    return _preset(contents, path)


def save_preset(preset: Preset, path: Path) -> None:
    """Writes `preset`; an existing file is replaced as a whole or not at all. Files are named relative to it."""
    document: dict[str, Any] = {"name": preset.name}
    if preset.description:
        document["description"] = preset.description
    if preset.model:
        document["model"] = preset.model
    if preset.clip:
        document["clip"] = _beside(preset.clip, path.parent)
    for name, value in preset.values.items():
        if name in FILES and value not in NO_FILE and preset.folder:
            value = _beside(preset.folder / str(value), path.parent)
        *end, key = name.split(".")
        (document.setdefault(end[0], {}) if end else document)[key] = value
    for key, entries in (("midi", preset.midi), ("moves", preset.moves)):
        if entries:
            document[key] = [entry.plain() for entry in entries]
    text = yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        os.replace(part, path)
    except OSError as error:
        raise PresetError([Problem(str(path), 0, f"cannot be written: {error.strerror}")]) from None


class _Dumper(yaml.SafeDumper):
    """Writes texts with rare line ends (next line, line separator ...) so that they are read again as they were."""


def _text_node(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    rare = any(character in text for character in "\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if rare else None)


_Dumper.add_representer(str, _text_node)


def preset_folders() -> list[Path]:
    """Where presets are looked up by name: the user's own first, then those of the checkout or the package."""
    package = Path(riffsynth.__file__).parent
    user = platformdirs.user_config_path("riffsynth", appauthor=False)
    return [folder / "presets" for folder in (user, package.parent, package)]


def snapshot_folder(preset: Preset | None) -> Path:
    """Where the snapshots of a preset are kept, one file each: the user's own folder, for others may be read-only."""
    user = platformdirs.user_config_path("riffsynth", appauthor=False)
    return user / "snapshots" / (preset.file.stem if preset and preset.file else "unnamed")


def name_of(file: Path) -> str:
    """What a performer calls the preset in `file`: its name where that finds it, else its path."""
    return file.stem if file.parent in preset_folders() else str(file)


def presets() -> dict[str, Path]:
    """Every preset that can be loaded by name."""
    found: dict[str, Path] = {}
    for folder in preset_folders():
        for path in sorted(folder.glob("*")):
            if path.suffix in SUFFIXES:
                found.setdefault(path.stem, path)
    return found


def find_preset(path_or_name: str | Path) -> Path:
    """The file of a preset. Raises PresetError where there is none."""
    name = str(path_or_name)
    if isinstance(path_or_name, Path) or name.endswith(SUFFIXES) or "/" in name or os.sep in name:
        return Path(name).expanduser()
    known = presets()
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, 1)
    hint = f"did you mean {near[0]}?" if near else "there are " + (", ".join(sorted(known)) or "none")
    raise PresetError([Problem(name or "(no name)", 0, f"there is no preset of this name; {hint}")])


def _preset(contents: PresetContents, path: Path) -> Preset:
    texts, folder = contents.texts, path.parent
    return Preset(
        name=texts.get("name") or path.stem,
        description=texts.get("description", ""),
        values=contents.values,
        clip=_files(contents, folder).get("clip"),
        midi=contents.midi,
        moves=contents.moves,
        model=_model(texts.get("model", ""), folder),
        folder=folder.absolute(),  # files are named by whole paths, which need no folder before them
        file=path,
    )


def _files(contents: PresetContents, folder: Path) -> dict[str, Path]:
    """The files that a preset in `folder` names, by their keys."""
    named = {"clip": contents.texts.get("clip", ""), **{key: str(contents.values.get(key, "")) for key in FILES}}
    return {key: folder / Path(name).expanduser() for key, name in named.items() if name and name not in NO_FILE}


def _missing_files(contents: PresetContents, path: Path) -> list[Problem]:
    return [
        Problem(str(path), contents.lines[key], f"{key} names a file, and there is none at {file}")
        for key, file in _files(contents, path.parent).items()
        if not (file.is_file() or (key == "init" and file.is_dir()))
    ]


def _model(text: str, folder: Path) -> str | None:
    beside = folder / Path(text).expanduser()
    return str(beside) if text and beside.is_dir() else text or None


def _beside(file: Path, folder: Path) -> str:
    """`file` as a preset in `folder` names it."""
    try:
        return str(file.absolute().relative_to(folder.absolute()))
    except ValueError:
        return str(file.absolute())
