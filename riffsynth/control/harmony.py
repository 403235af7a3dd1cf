"""Chords by name, and prompts in a harmony."""

from __future__ import annotations

from collections.abc import Iterable

from riffsynth.diffusion.keys import TONICS

CHORDS: dict[str, tuple[int, ...]] = {
    "major": (0, 4, 7),
    "minor": (0, 3, 7),
    "dominant seventh": (0, 4, 7, 10),
    "major seventh": (0, 4, 7, 11),
    "minor seventh": (0, 3, 7, 10),
    "minor major seventh": (0, 3, 7, 11),
    "diminished": (0, 3, 6),
    "half-diminished seventh": (0, 3, 6, 10),
    "diminished seventh": (0, 3, 6, 9),
    "augmented": (0, 4, 8),
    "suspended fourth": (0, 5, 7),
    "suspended second": (0, 2, 7),
    "sixth": (0, 4, 7, 9),
    "minor sixth": (0, 3, 7, 9),
    "dominant ninth": (0, 2, 4, 7, 10),
    "major ninth": (0, 2, 4, 7, 11),
    "minor ninth": (0, 2, 3, 7, 10),
}
"""Semitones above the root, ascending."""
LEAST_KEYS = 3
FIFTH = 7
"""May be left out of a chord of four keys and more."""


def chord_name(keys: Iterable[int]) -> str | None:
    """The chord of MIDI notes, such as "C minor" or "B flat dominant seventh"; None where they are none of `CHORDS`.

    Where several fit, the one whose root comes first from the bass up counts: C E G A is a C sixth, A C E G an A
    minor seventh.
    """
    keys = sorted(set(keys))
    held = {key % 12 for key in keys}
    if len(held) < LEAST_KEYS:
        return None
    for left_out in ((), (FIFTH,)):
        for root in sorted(held, key=lambda note: (note - keys[0]) % 12):
            above = {(note - root) % 12 for note in held}
            for name, notes in CHORDS.items():
                if above == {*notes} - {*left_out} and len(notes) > len(left_out) + 2:
                    return f"{TONICS[root]} {name}"
    return None


def in_harmony(prompt: str, harmony: str) -> str:
    """What the model is asked for: "slow cello, in C minor". An end without a prompt stays without one."""
    return f"{prompt}, in {harmony}" if prompt and harmony else prompt
