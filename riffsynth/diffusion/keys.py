"""The key that a prompt names, for a model that plays in one: "in F# minor" is asked for at home and transposed."""

from __future__ import annotations

import re
from collections.abc import Mapping

OCTAVE = 12
LOWEST_SHIFT = -5
"""Semitones; the other way round it would be further."""
LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
SIGNS = {"#": 1, "♯": 1, "sharp": 1, "b": -1, "♭": -1, "flat": -1}
TONICS = ("C", "C sharp", "D", "E flat", "E", "F", "F sharp", "G", "A flat", "A", "B flat", "B")
SHORT_MODES = {"maj": "major", "min": "minor", "m": "minor"}
UNNAMED = "major"
"""What is meant where a key has no mode."""

_KEY = re.compile(
    r"(?P<before>\b(?i:in|key of) |\b)"
    r"(?P<key>(?P<letter>[A-Ga-g])(?P<sign>[#♯b♭]|[ -](?i:sharp|flat)\b)?"
    r"(?P<mode>m\b|[ -]?(?i:major|minor|maj|min|dorian|mixolydian)\b)?)"
    r"(?![\w#♯♭])(?P<mood> (?i:key|mood|feel)\b)?"
)


def at_home(prompt: str, home: Mapping[str, str]) -> tuple[str, int]:
    """The prompt with the first key that it names replaced by its mode's home, and the semitones from there to the key.

    `home` has a tonic for each mode ("minor": "A"); a mode that it lacks, or no key, leaves the prompt as it is and
    gives 0. Semitones are -5..6.
    """
    found = next(filter(_is_key, _KEY.finditer(prompt)), None)
    if not found:
        return prompt, 0
    named = (found["mode"] or "").strip(" -").lower()
    mode = SHORT_MODES.get(named, named) or UNNAMED
    if mode not in home:
        return prompt, 0
    tonic = LETTERS[found["letter"].upper()] + SIGNS.get((found["sign"] or "").strip(" -").lower(), 0)
    said = f"{home[mode]} {mode}" if named else home[mode]
    shift = tonic - TONICS.index(home[mode])
    start, end = found.span("key")
    return prompt[:start] + said + prompt[end:], (shift - LOWEST_SHIFT) % OCTAVE + LOWEST_SHIFT


def _is_key(found: re.Match[str]) -> bool:
    """Whether a letter names a key: "in A" and "A minor" do, "a minor mood" and "a drum" do not."""
    before, letter = found["before"].strip().lower(), found["letter"]
    if found["mode"]:
        return not found["mood"] and (letter != "a" or bool(before))
    return before == "key of" or (before == "in" and letter.isupper())
