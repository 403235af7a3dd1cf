"""What a prompt asks away: "no drums" holds the word drums, and a small model hears that first."""

from __future__ import annotations

import re

REFUSALS = frozenset(("no", "without", "minus"))
SILENCED = frozenset(("off", "muted"))
FILLERS = frozenset(("any", "the"))
TURNS = frozenset(("but", "with", "over"))
"""After these a phrase goes on with what is asked for."""


def absent(prompt: str) -> str:
    """The things that a prompt refuses, as a prompt of their own: "piano, no drums, bass off" gives "drums, bass".

    Empty where it refuses nothing.
    """
    return ", ".join(name for phrase in re.split("[,;.]", prompt) for name in _refused(phrase.split()))


def _refused(words: list[str]) -> list[str]:
    if len(words) > 1 and words[-1].lower() in SILENCED:
        return [" ".join(words[:-1])]
    names: list[list[str]] = []
    refusing = False
    for word in words:
        lower = word.lower()
        if lower in REFUSALS:
            refusing = True
            names.append([])
        elif lower in TURNS:
            refusing = False
        elif refusing and (names[-1] or lower not in FILLERS):
            names[-1].append(word)
    return [" ".join(name) for name in names if name]
