"""Reads a preset's YAML: every scalar is the text that was typed, and every fault is found with its line.

YAML would make False of `no`, a number of `808` and a count of seconds of `12:30`. Here the table of parameters decides
what a text means, so that a prompt is always what its writer wrote.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from riffsynth.control.mapping import Binding, Target
from riffsynth.control.moves import Move
from riffsynth.errors import RiffsynthError
from riffsynth.parameters import NOT_IN_PRESETS, PARAMETERS, TABLE, Kind, Value, ValueRefused, from_text

MAX_BYTES = 2**20
MAX_ENTRIES = 1000

MAX_ITEMS = 64
"""Of a list in an entry, such as the points of an envelope."""
EXAMPLES = {"midi": "{cc: 1, to: alpha}", "moves": "{lfo: sine, to: alpha}"}

ENDS = ("a", "b")
TEXTS = ("name", "description", "model", "clip")
PRESET_PARAMETERS = tuple(
    parameter.name for parameter in TABLE if parameter.kind is not Kind.TRIGGER and parameter.name not in NOT_IN_PRESETS
)
"""What a preset can set."""


Entry = TypeVar("Entry", bound=Target)


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a preset."""

    file: str
    line: int
    """From 1; 0 where the file as a whole is meant."""
    text: str
    """The key, what was found there and what is allowed."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}" if self.line else f"{self.file}: {self.text}"


class PresetError(RiffsynthError):
    """A preset that cannot be used, with all of its faults."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class PresetContents:
    """What a preset's file says, with the line of each key."""

    texts: dict[str, str]
    values: dict[str, Value]
    midi: tuple[Binding, ...]
    moves: tuple[Move, ...]
    lines: dict[str, int]


def read_contents(data: bytes, file: str) -> PresetContents:
    """The contents of `data`. Raises PresetError with every fault in it; `file` is what the messages call it."""
    contents, problems = examine(data, file)
    if problems:
        raise PresetError(problems)
    return contents


def examine(data: bytes, file: str) -> tuple[PresetContents, list[Problem]]:
    """What can be used of `data`, and every fault in it by line. Raises PresetError where it is no map at all."""
    reader = _Reader(file)
    contents = reader.preset(_compose(data, file))
    return contents, sorted(reader.problems, key=lambda problem: problem.line)


def read_midi_map(data: bytes, file: str) -> tuple[str, tuple[Binding, ...]]:
    """The device and the entries of a file with learned controls. Raises PresetError with every fault in it."""
    reader = _Reader(file)
    device, midi = reader.midi_map(_compose(data, file))
    if reader.problems:
        raise PresetError(sorted(reader.problems, key=lambda problem: problem.line))
    return device, midi


def _compose(data: bytes, file: str) -> yaml.MappingNode:
    def error(text: str, line: int = 0) -> PresetError:
        return PresetError([Problem(file, line, text)])

    if len(data) > MAX_BYTES:
        raise error(f"a preset has at most {MAX_BYTES} bytes, found {len(data)}")
    try:
        text = data.decode("utf-8-sig")
        root = yaml.compose(text, Loader=yaml.BaseLoader)
    except UnicodeDecodeError as fault:
        raise error("is not UTF-8 text: is it a preset?", data.count(b"\n", 0, fault.start) + 1) from None
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        what = fault.problem or "cannot be read as YAML"
        if "\\t" in what:
            what = "found a tab: YAML is indented with spaces"
        elif fault.context:
            what = f"{what} ({fault.context})"
        raise error(what, mark.line + 1 if mark else 0) from None
    except yaml.YAMLError:
        raise error("holds characters that no text has: is it a preset?") from None
    except RecursionError:
        raise error("is nested too deeply: is it a preset?") from None
    if root is None:
        raise error("is empty; a preset says at least `a: {prompt: ...}`")
    if not isinstance(root, yaml.MappingNode):
        hint = "; a set list is opened with --set" if isinstance(root, yaml.SequenceNode) else ""
        raise error(f"a preset is a map of keys and values, found {_kind(root)}{hint}", root.start_mark.line + 1)
    return root


class _Reader:
    """Walks the nodes of one file and collects what is wrong."""

    def __init__(self, file: str) -> None:
        self.problems: list[Problem] = []
        self._file = file
        self._texts: dict[str, str] = {}
        self._values: dict[str, Value] = {}
        self._lines: dict[str, int] = {}

    def preset(self, root: yaml.MappingNode) -> PresetContents:
        midi: tuple[Binding, ...] = ()
        moves: tuple[Move, ...] = ()
        top = {name.split(".")[0] for name in PRESET_PARAMETERS} | {*TEXTS, "midi", "moves"}
        for key, node in self._pairs(root, "", top):
            self._lines[key] = node.start_mark.line + 1
            if key in ENDS:
                self._end(key, node)
            elif key == "midi":
                midi = self._entries(node, key, Binding)
            elif key == "moves":
                moves = self._entries(node, key, Move)
            elif key in TEXTS:
                self._texts[key] = self._scalar(key, node)
            else:
                self._value(key, node)
        return PresetContents(self._texts, self._values, midi, moves, self._lines)

    def midi_map(self, root: yaml.MappingNode) -> tuple[str, tuple[Binding, ...]]:
        device = ""
        midi: tuple[Binding, ...] = ()
        for key, node in self._pairs(root, "", ("device", "midi")):
            if key == "midi":
                midi = self._entries(node, key, Binding)
            else:
                device = self._scalar(key, node)
        return device, midi

    def _end(self, letter: str, node: yaml.Node) -> None:
        if not isinstance(node, yaml.MappingNode):
            self._fault(node, f"{letter} is a map such as {{prompt: ..., seed: 1}}, found {_kind(node)}")
            return
        prefix = letter + "."
        names = {name.removeprefix(prefix) for name in PRESET_PARAMETERS if name.startswith(prefix)}
        for key, value in self._pairs(node, prefix, names):
            self._lines[prefix + key] = value.start_mark.line + 1
            self._value(prefix + key, value)

    def _value(self, name: str, node: yaml.Node) -> None:
        if isinstance(node, yaml.ScalarNode):
            try:
                self._values[name] = from_text(PARAMETERS[name], node.value)
            except ValueRefused as refusal:
                self._fault(node, str(refusal) if node.value else str(refusal).replace("''", "nothing"))
        else:
            self._scalar(name, node)

    def _scalar(self, key: str, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            self._fault(node, f"{key} is a single value, found {_kind(node)}")
            return ""
        return str(node.value)

    def _pairs(self, mapping: yaml.MappingNode, prefix: str, allowed: Collection[str]) -> Iterator[tuple[str, Any]]:
        """The known keys with their nodes; reports unknown ones and those that stand twice."""
        seen: dict[str, int] = {}
        for key_node, value in mapping.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else ""
            if key not in allowed:
                self._fault(key_node, _unknown(prefix, key, allowed))
            elif key in seen:
                self._fault(key_node, f"{prefix}{key} stands here a second time, first in line {seen[key]}")
            else:
                seen[key] = key_node.start_mark.line + 1
                yield key, value

    def _entries(self, node: yaml.Node, name: str, kind: type[Entry]) -> tuple[Entry, ...]:
        """The list `name`, whose entries are maps of `kind`."""
        example = EXAMPLES[name]
        if not isinstance(node, yaml.SequenceNode) or len(node.value) > MAX_ENTRIES:
            found = _kind(node) if not isinstance(node, yaml.SequenceNode) else f"{len(node.value)} entries"
            self._fault(node, f"{name} is a list of at most {MAX_ENTRIES} entries such as {example}, found {found}")
            return ()
        entries = []
        for index, entry in enumerate(node.value, 1):
            if not isinstance(entry, yaml.MappingNode):
                self._fault(entry, f"{name} entry {index} is a map such as {example}, found {_kind(entry)}")
                continue
            pairs = dict(self._pairs(entry, f"{name} entry {index}: ", kind.model_fields))
            try:
                entries.append(kind.model_validate({key: self._plain(value) for key, value in pairs.items()}))
            except ValidationError as faults:
                for fault in faults.errors():
                    key = str(fault["loc"][0]) if fault["loc"] else ""
                    self._fault(pairs.get(key, entry), _entry_fault(f"{name} entry {index}", fault))
        return tuple(entries)

    def _plain(self, node: yaml.Node, depth: int = 2) -> Any:
        if isinstance(node, yaml.ScalarNode):
            return node.value
        if isinstance(node, yaml.SequenceNode) and depth and len(node.value) <= MAX_ITEMS:
            return [self._plain(item, depth - 1) for item in node.value]
        return _kind(node)  # a text that no field takes

    def _fault(self, node: yaml.Node, text: str) -> None:
        self.problems.append(Problem(self._file, node.start_mark.line + 1, text))


def _unknown(prefix: str, key: str, allowed: Collection[str]) -> str:
    if prefix == "" and key in PARAMETERS and "." in key:
        letter, name = key.split(".")
        return f"{key} is written as {letter}: {{{name}: ...}}"
    near = difflib.get_close_matches(key, allowed, 1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else "allowed are " + ", ".join(sorted(allowed))
    return f"there is no key {prefix}{key[:60] or '(not a word)'}; {hint}"


def _entry_fault(entry: str, fault: Any) -> str:
    key = ".".join(str(part) for part in fault["loc"])
    message = fault["msg"].removeprefix("Value error, ")
    if not key:
        return f"{entry}: {message}"
    if fault["type"] == "missing":
        return f"{entry}: {key} is missing"
    return f"{entry}: {key} {message.removeprefix('Input ')}, found {fault['input']!r}"


def _kind(node: yaml.Node) -> str:
    if isinstance(node, yaml.MappingNode):
        return "a map"
    return "a list" if isinstance(node, yaml.SequenceNode) else f"{node.value[:60]!r}"
