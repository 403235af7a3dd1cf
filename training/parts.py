"""Notes for each role, on the grid of sixteenths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.drums import PIECES, STEPS_PER_BAR, Groove
from training.harmony import SHAPES, fold, pitch
from training.instruments import Instrument
from training.rhythms import BASS, CHORDS

STEPS = 2 * STEPS_PER_BAR
STEPS_PER_ROOT = 8
HUMAN_DEVIATION_S = 0.0015
HUMAN_LIMIT_S = 0.005
"""Notes stray from the grid as players do, but never further than this; kicks stay on it to the sample."""

LOUD, SOFT = 112, 72


@dataclass(frozen=True, slots=True)
class Note:
    """`step` and `length` in sixteenths (32 in a clip), `late_s` seconds behind the grid, key and velocity as MIDI."""

    step: int
    length: float
    key: int
    velocity: int
    late_s: float = 0.0


def drum_notes(
    rng: np.random.Generator, groove: Groove, pieces: tuple[str, ...] | None, exact: bool = False
) -> tuple[Note, ...]:
    """Two bars of a groove, restricted to `pieces`; `exact` plays every stroke at one level."""
    notes = []
    fill = not exact and pieces is None and rng.random() < 0.25
    for piece, row in groove.rows.items():
        if pieces is not None and piece not in pieces:
            continue
        for step in range(STEPS):
            mark = row[step % STEPS_PER_BAR]
            if mark == "-":
                continue
            velocity = LOUD if exact else (LOUD if mark == "x" else SOFT) + int(rng.integers(-6, 7))
            late = 0.0 if piece == "kick" else _late(rng)
            notes.append(Note(step, 1.0, PIECES[piece], velocity, late))
    if fill:
        drum = PIECES["snare" if rng.random() < 0.5 else "low tom"]
        first = int(rng.choice([24, 28]))
        notes += [Note(s, 1.0, drum, SOFT + 2 * (s - first), _late(rng)) for s in range(first, STEPS)]
    return tuple(notes)


def bass_notes(
    rng: np.random.Generator, instrument: Instrument, rhythm: str, key: int, mode: str, roots: tuple[int, ...]
) -> tuple[Note, ...]:
    """A bass line: one bar's rhythm, twice, over the roots."""
    bar = _choice(rng, BASS[rhythm])
    velocity = int(rng.integers(90, 115))
    notes = []
    for step, mark, length in _strokes(bar * 2):
        root = fold(pitch(key, mode, roots[step // STEPS_PER_ROOT]), instrument.low, instrument.low + 11)
        degree = int(mark)
        above = pitch(0, mode, roots[step // STEPS_PER_ROOT] + degree) - pitch(0, mode, roots[step // STEPS_PER_ROOT])
        note = fold(root + above, instrument.low, instrument.high)
        notes.append(Note(step, length * 0.9, note, velocity + int(rng.integers(-5, 6)), _late(rng)))
    return tuple(notes)


def chord_notes(
    rng: np.random.Generator,
    instrument: Instrument,
    rhythm: str,
    key: int,
    mode: str,
    roots: tuple[int, ...],
    shape: str,
) -> tuple[Note, ...]:
    """Chords or broken chords: one bar's rhythm, twice; a digit plays one tone and x all of them."""
    bar = _choice(rng, CHORDS[rhythm])
    low = instrument.low + int(rng.integers(0, max(1, instrument.high - instrument.low - 22)))
    velocity = int(rng.integers(82, 108))
    notes = []
    for step, mark, length in _strokes(bar * 2):
        tones = _chord(key, mode, roots[step // STEPS_PER_ROOT], shape, low)
        chosen = tones if mark == "x" else [_broken(tones, int(mark))]
        loudness = velocity + int(rng.integers(-6, 7))
        late = _late(rng)
        notes += [Note(step, length * 0.92, tone, loudness, late) for tone in chosen]
    return tuple(notes)


# Chance that a note begins on the (first, second, third, fourth) sixteenth of a beat.
ONSETS: dict[str, tuple[float, float, float, float]] = {
    "sparse": (0.45, 0.0, 0.12, 0.0),
    "medium": (0.75, 0.06, 0.5, 0.08),
    "busy": (0.9, 0.5, 0.85, 0.55),
}


def lead_notes(
    rng: np.random.Generator, instrument: Instrument, density: str, key: int, mode: str, roots: tuple[int, ...]
) -> tuple[Note, ...]:
    """A melody: one voice walks the scale, and lands on chord tones on the beats; bar two answers bar one's rhythm."""
    chances = np.array(ONSETS[density] * 4)
    bar = rng.random(STEPS_PER_BAR) < chances
    bar[0] |= not bar.any() or rng.random() < 0.6
    answer = bar.copy() if rng.random() < 0.6 else rng.random(STEPS_PER_BAR) < chances
    onsets = np.flatnonzero(np.concatenate([bar, answer]))
    centre = (instrument.low + instrument.high) / 2 + rng.uniform(-4, 4)
    degree = _degree_near(key, mode, centre)
    legato = rng.uniform(0.55, 0.98)
    velocity = int(rng.integers(92, 115))
    notes = []
    for index, step in enumerate(onsets):
        degree += int(rng.choice([-3, -2, -1, -1, 0, 1, 1, 2, 3]))
        if step % 4 == 0:
            degree = _nearest_chord_tone(degree, roots[step // STEPS_PER_ROOT])
        note = fold(pitch(key, mode, degree), instrument.low, instrument.high)
        if abs(note - centre) > 9:
            degree = _degree_near(key, mode, centre)
            note = fold(pitch(key, mode, degree), instrument.low, instrument.high)
        following = onsets[(index + 1) % len(onsets)] + (STEPS if index + 1 == len(onsets) else 0)
        length = min(following - step, 8) * legato
        notes.append(Note(int(step), float(length), note, velocity + int(rng.integers(-8, 9)), _late(rng)))
    return tuple(notes)


def pad_notes(
    rng: np.random.Generator, instrument: Instrument, key: int, mode: str, roots: tuple[int, ...], shape: str
) -> tuple[Note, ...]:
    """Held chords, one for each root; equal neighbours are tied."""
    low = instrument.low + int(rng.integers(0, 8))
    velocity = int(rng.integers(80, 105))
    notes, step = [], 0
    while step < STEPS:
        root, length = roots[step // STEPS_PER_ROOT], STEPS_PER_ROOT
        while step + length < STEPS and roots[(step + length) // STEPS_PER_ROOT] == root:
            length += STEPS_PER_ROOT
        notes += [Note(step, length - 0.25, tone, velocity) for tone in _chord(key, mode, root, shape, low)]
        step += length
    return tuple(notes)


def _strokes(pattern: str) -> list[tuple[int, str, float]]:
    """(step, mark, length in steps) of every mark; '=' holds the mark before it."""
    strokes: list[tuple[int, str, float]] = []
    for step, mark in enumerate(pattern):
        if mark == "=" and strokes:
            first, name, length = strokes[-1]
            strokes[-1] = (first, name, length + 1)
        elif mark != "-":
            strokes.append((step, mark, 1.0))
    return strokes


def _chord(key: int, mode: str, root: int, shape: str, low: int) -> list[int]:
    """The chord's tones within the octave from `low` on (power chords keep their own octave on top)."""
    tones = [pitch(key, mode, root + step) for step in SHAPES[shape]]
    if shape == "power":
        bottom = fold(tones[0], low, low + 11)
        return [bottom + tone - tones[0] for tone in tones]
    return sorted({fold(tone, low, low + 11) for tone in tones})


def _broken(tones: list[int], index: int) -> int:
    octave, position = divmod(index, len(tones))
    return tones[position] + 12 * octave


def _degree_near(key: int, mode: str, note: float) -> int:
    return min(range(84), key=lambda degree: abs(pitch(key, mode, degree) - note))


def _nearest_chord_tone(degree: int, root: int) -> int:
    return min(
        (degree + d for d in (0, -1, 1, -2, 2)), key=lambda d: ((d - root) % 7 not in (0, 2, 4), abs(d - degree))
    )


def _late(rng: np.random.Generator) -> float:
    return float(np.clip(rng.normal(0.0, HUMAN_DEVIATION_S), -HUMAN_LIMIT_S, HUMAN_LIMIT_S))


def _choice(rng: np.random.Generator, options: tuple[str, ...]) -> str:
    return options[rng.integers(len(options))]
