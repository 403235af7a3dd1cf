"""The words of music in WordNet (Princeton, its own free licence; Debian: wordnet-base), with what they mean.

Format of the files: wndb(5WN).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path("/usr/share/wordnet")
ROOTS = (
    *("music", "dance music", "dancing", "musical composition"),
    *("musical instrument", "musician", "musical organization", "dance band"),
)
"""Nouns below which everything is music."""
MUSICAL = re.compile(r"\b(music|musical|musician|song|jazz|singer|melody)\b")
EXAMPLES = re.compile(r'; ".*')


@dataclass(frozen=True, slots=True)
class Sense:
    """A meaning: the words that have it, what it says, and the numbers of wider meanings."""

    words: tuple[str, ...]
    gloss: str
    wider: tuple[str, ...]


def nouns(folder: Path = FOLDER) -> dict[str, Sense]:
    """All senses by number; FileNotFoundError where WordNet is not installed."""
    file = folder / "data.noun"
    if not file.exists():
        raise FileNotFoundError(f"{file} is missing: install WordNet 3 (Debian: wordnet-base) or name its folder")
    lines = [line for line in file.read_text().splitlines() if not line.startswith("  ")]  # the licence is indented
    return dict(_sense(line) for line in lines)


def _sense(line: str) -> tuple[str, Sense]:
    head, gloss = line.split(" | ", 1)
    fields = head.split()
    end = 4 + 2 * int(fields[3], 16)
    words = tuple(word.replace("_", " ").lower() for word in fields[4:end:2])
    pointers = [fields[at : at + 4] for at in range(end + 1, end + 1 + 4 * int(fields[end]), 4)]
    wider = tuple(number for kind, number, *_ in pointers if kind in ("@", "@i"))
    return fields[0], Sense(words, EXAMPLES.sub("", gloss).strip(), wider)


def musical(senses: Mapping[str, Sense]) -> dict[str, tuple[str, ...]]:
    """Every word with a meaning in music, and the glosses of those meanings."""

    @cache
    def below(number: str) -> bool:
        sense = senses[number]
        return sense.words[0] in ROOTS or any(below(wider) for wider in sense.wider if wider in senses)

    found: dict[str, list[str]] = {}
    for number, sense in senses.items():
        if below(number) or MUSICAL.search(sense.gloss):
            for word in sense.words:
                found.setdefault(word, []).append(sense.gloss)
    return {word: tuple(glosses) for word, glosses in found.items()}
