"""The set list: presets in the order of the evening."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from riffsynth.recall.preset import SUFFIXES, Preset, PresetError, Problem, find_preset, load_preset

MOST_PRESETS = 128


@dataclass(frozen=True)
class SetList:
    """The presets of a set that can be played."""

    presets: tuple[Preset, ...] = ()
    files: tuple[Path, ...] = ()
    """What it was made of: when one of them changes, it is to be read anew."""
    problems: tuple[Problem, ...] = ()

    def index_of(self, file: Path | None) -> int | None:
        """The place of the preset in `file`, from 0; None where it is not in the set."""
        where = file and file.absolute()
        files = [preset.file.absolute() for preset in self.presets if preset.file]
        return files.index(where) if where in files else None


def read_set(source: Path, known: SetList | None = None) -> SetList:
    """The set that `source` is: a folder of presets, in the order of their names, or a YAML list of names and files.

    A preset that cannot be read is left out and its faults are told; where `known` has it, that version stays.
    """
    try:
        files, problems = _folder(source) if source.is_dir() else _list(source)
    except OSError as error:
        return SetList(files=(source,), problems=(Problem(str(source), 0, f"cannot be read: {error.strerror}"),))
    last = {preset.file: preset for preset in known.presets} if known else {}
    presets = []
    for file in files:
        try:
            presets.append(load_preset(file))
        except PresetError as error:
            problems += error.problems
            if file in last:
                presets.append(last[file])
    return SetList(tuple(presets), (source, *files), tuple(problems))


def _folder(folder: Path) -> tuple[list[Path], list[Problem]]:
    files = sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES)
    if not files:
        return [], [Problem(str(folder), 0, f"holds no presets ({' or '.join(SUFFIXES)})")]
    return files[:MOST_PRESETS], []


def _list(file: Path) -> tuple[list[Path], list[Problem]]:
    def fault(text: str, line: int = 0) -> tuple[list[Path], list[Problem]]:
        return [], [Problem(str(file), line, text)]

    try:
        root = yaml.compose(file.read_text(encoding="utf-8-sig"), Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        return fault(
            error.problem or "cannot be read as YAML", error.problem_mark.line + 1 if error.problem_mark else 0
        )
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError):
        return fault("is no text: is it a set list?")
    if not isinstance(root, yaml.SequenceNode) or not 0 < len(root.value) <= MOST_PRESETS:
        return fault(f"a set list is a list of 1 to {MOST_PRESETS} presets, such as `- dub`", 1)
    files, problems = [], []
    for entry in root.value:
        line = entry.start_mark.line + 1
        if not isinstance(entry, yaml.ScalarNode):
            problems.append(Problem(str(file), line, "an entry is a preset's name or file"))
            continue
        beside = file.parent / Path(entry.value).expanduser()
        try:
            files.append(beside if beside.is_file() else find_preset(entry.value))
        except PresetError as error:
            problems.append(Problem(str(file), line, f"{entry.value}: {error.problems[0].text}"))
    return files, problems
