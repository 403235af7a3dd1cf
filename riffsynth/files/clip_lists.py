"""Lists of clips to make: what a batch is asked for, from a YAML or JSON file or from the command line."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

from riffsynth.errors import RiffsynthError
from riffsynth.parameters import SEED_MAX

MOST_CLIPS = 10_000
MOST_BYTES = 2**20


class ListError(RiffsynthError):
    """A list that cannot be used; the message says which entry and why."""


@dataclass(frozen=True)
class Wanted:
    """One entry: a prompt, and a clip of it for each seed."""

    prompt: str = ""
    negative: str = ""
    seeds: tuple[int, ...] = (0,)
    to: str | None = None
    """The prompt of the other end."""
    alpha: float = 0.0
    strength: float | None = None
    guidance: float | None = None
    steps: int | None = None
    init: str | None = None
    mask: str | None = None
    sampler: str = "own"
    loras: Mapping[str, float] = field(default_factory=dict)
    name: str | None = None
    """Of its files, instead of the prompt."""


_WANTED = {
    "alpha": "a number 0..1",
    "strength": "a number 0..1",
    "guidance": "a number",
    "steps": "a whole number",
    "loras": "a map of files and weights",
}
_KEYS = tuple(each.name for each in fields(Wanted))


def read_list(path: Path) -> list[Wanted]:
    """The entries of a file: a list of maps, or a map with the list under `clips` and what all share beside it.

    File names in it begin at its folder. Raises ListError, or OSError.
    """
    data = path.read_bytes()
    if len(data) > MOST_BYTES:
        raise ListError(f"{path}: a list has at most {MOST_BYTES} bytes, found {len(data)}")
    try:
        # Every scalar stays the text that was typed: a prompt of `no` or `808` is a prompt. JSON is YAML too.
        content = yaml.load(data, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise ListError(f"{path}: cannot be read as YAML or JSON ({' '.join(str(error).split())})") from error
    shared: dict[str, Any] = {}
    if isinstance(content, dict) and "clips" in content:
        shared = {key: value for key, value in content.items() if key != "clips"}
        content = content["clips"]
    if not isinstance(content, list) or not content:
        raise ListError(f"{path}: a list of clips such as `- prompt: dub bass` is needed")
    return [_entry(path, number, shared, entry) for number, entry in enumerate(content, 1)]


def _entry(path: Path, number: int, shared: dict[str, Any], entry: Any) -> Wanted:
    where = f"{path}: entry {number}"
    if isinstance(entry, str):
        entry = {"prompt": entry}
    if not isinstance(entry, dict):
        raise ListError(f"{where} is neither a prompt nor a map such as {{prompt: dub bass, seeds: 1-4}}")
    made: dict[str, Any] = {}
    for key, value in {**shared, **entry}.items():
        if key not in _KEYS:
            near = difflib.get_close_matches(str(key), _KEYS, 1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(_KEYS)}"
            raise ListError(f"{where}: there is no key {key}; {hint}")
        made[key] = _value(f"{where}: {key}", key, value)
    for key in ("init", "mask"):
        if made.get(key):
            made[key] = str(path.parent / Path(made[key]).expanduser())
    if "loras" in made:
        made["loras"] = {str(path.parent / Path(file).expanduser()): w for file, w in made["loras"].items()}
    return Wanted(**made)


def _value(where: str, key: str, value: Any) -> Any:
    try:
        if key == "seeds":
            return seeds(", ".join(value) if isinstance(value, list) else str(value))
        if key in ("alpha", "strength"):
            number = float(value)
            if not 0 <= number <= 1:
                raise ValueError
            return number
        if key == "guidance":
            return float(value)
        if key == "steps":
            return int(value)
        if key == "loras":
            return {str(file): float(weight) for file, weight in value.items()}
    except ListError as error:
        raise ListError(f"{where}: {error}") from None
    except (TypeError, ValueError, AttributeError):
        wanted = {"loras": "a map of files and weights", "steps": "a whole number"}.get(key, "a number")
        raise ListError(
            f"{where} is {wanted}{' 0..1' if key in ('alpha', 'strength') else ''}, found {value!r}"
        ) from None
    if not isinstance(value, str):
        raise ListError(f"{where} is a text, found {type(value).__name__}")
    return value


def seeds(text: str) -> tuple[int, ...]:
    """The seeds of "3", "1-8" or "1-4, 9". Raises ListError."""
    found: list[int] = []
    for part in text.split(","):
        first, dash, last = (piece.strip() for piece in part.partition("-"))
        if not first.isdecimal() or (dash and not last.isdecimal()):
            raise ListError(f"seeds are written as 3 or 1-8,12, found {text!r}")
        low, high = int(first), int(last or first)
        if low > high or high > SEED_MAX or len(found) + high - low >= MOST_CLIPS:
            raise ListError(f"seeds go up from 0 to {SEED_MAX}, at most {MOST_CLIPS} of them, found {text!r}")
        found += range(low, high + 1)
    return tuple(found)


def file_names(wanted: list[Wanted]) -> Iterator[tuple[Wanted, int, str]]:
    """Each clip's entry, seed and file name without ending; no two are the same."""
    used: set[str] = set()
    for entry in wanted:
        for seed in entry.seeds:
            stem = f"{_slug(entry.name or entry.prompt)}-{seed}"
            name, again = stem, 2
            while name in used:
                name, again = f"{stem}-{again}", again + 1
            used.add(name)
            yield entry, seed, name


def _slug(text: str) -> str:
    """A text as part of a file's name: letters and digits of any script, the rest as dashes, 60 at the most."""
    kept = "".join(letter if letter.isalnum() else "-" for letter in text.lower())
    return "-".join(filter(None, kept.split("-")))[:60].strip("-") or "clip"
