"""Scales, chord shapes and two-bar progressions, all in scale degrees counted from 0."""

from __future__ import annotations

MODES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
}

HOME: dict[str, int] = {"major": 0, "minor": 9, "dorian": 2, "mixolydian": 7}
"""The tonic (0 is C) that clips of a mode are in for the model: all of them use the white keys, so that no clip clashes
with the next one. Another key is reached by transposing what the model made."""

# Steps of the scale above the root.
SHAPES: dict[str, tuple[int, ...]] = {"triad": (0, 2, 4), "seventh": (0, 2, 4, 6), "power": (0, 4, 7)}

# The root of each half bar (two beats) of the clip: four roots.
PROGRESSIONS: tuple[tuple[int, int, int, int], ...] = (
    (0, 0, 0, 0),
    (0, 0, 3, 3),
    (0, 0, 5, 5),
    (0, 0, 4, 4),
    (0, 5, 3, 4),
    (0, 3, 4, 3),
    (0, 0, 5, 4),
    (1, 1, 4, 0),
    (0, 4, 5, 3),
    (5, 3, 0, 4),
)


def pitch(key: int, mode: str, degree: int) -> int:
    """Semitones above MIDI key 0 of a scale degree (any integer) in the key (0..11, 0 is C)."""
    scale = MODES[mode]
    octave, step = divmod(degree, len(scale))
    return key + 12 * octave + scale[step]


def fold(note: int, low: int, high: int) -> int:
    """The note moved by octaves into low..high (which spans at least an octave)."""
    while note < low:
        note += 12
    while note > high:
        note -= 12
    return note
