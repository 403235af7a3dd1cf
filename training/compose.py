"""Eight-beat phrases from a seed: which parts play, and their notes on the sixteenth grid.

Everything is drawn from one generator, so the same seed gives the same phrase. Tempo is drawn apart from the style,
so that no style implies one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from training.drums import GROOVE_BY_NAME, GROOVES, KITS, SELECTIONS, STEPS_PER_BAR, Groove
from training.effects import EFFECT_ROLES, EFFECTS, WHOLE
from training.harmony import HOME, PROGRESSIONS
from training.instruments import BY_NAME, BY_ROLE, Instrument
from training.parts import Note, bass_notes, chord_notes, drum_notes, lead_notes, pad_notes
from training.styles import STYLES, Style

BEATS = 8
STEPS = 2 * STEPS_PER_BAR
TEMPO_RANGE_BPM = (70.0, 170.0)
ROLES = ("drums", "bass", "keys", "lead", "pad")

# What a clip is made of, and how often: half are single parts, so that each can be asked for alone.
KINDS: dict[str, float] = {
    "four on the floor kick": 7,
    "kick": 2,
    "drums": 10,
    "drum pieces": 4,
    "bass": 9,
    "keys": 10,
    "lead": 10,
    "pad": 4,
    "mix": 44,
}
PRESENCE_IN_MIX: dict[str, float] = {"drums": 0.65, "bass": 0.63, "keys": 0.6, "lead": 0.6, "pad": 0.22}
FROM_STYLE = 0.7
"""The chance that an instrument comes from the style's own list and not from all of its role."""
EFFECT_SHARE = 0.3
"""The share of clips with an effect on some or all parts."""
DENSITIES = ("sparse", "medium", "busy")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Two bars of music. `parts` maps a role to its notes, `instruments` a role to the name in the tables."""

    seed: int
    kind: str
    style: str
    tempo_bpm: float
    key: int
    mode: str
    density: str
    groove: str | None
    selection: str | None
    kit: str | None
    reverb: float
    """0 (dry) to 1."""
    effect: str | None
    affected: tuple[str, ...]
    """The roles that the effect is put on."""
    instruments: dict[str, str]
    parts: dict[str, tuple[Note, ...]]

    @property
    def seconds(self) -> float:
        return 60.0 * BEATS / self.tempo_bpm

    def describe(self) -> dict[str, Any]:
        """What a caption may speak of, as plain values for a JSON line."""
        return {
            "seed": self.seed,
            "kind": self.kind,
            "style": self.style,
            "tempo": round(self.tempo_bpm, 2),
            "key": self.key,
            "mode": self.mode,
            "density": self.density,
            "groove": self.groove,
            "selection": self.selection,
            "kit": self.kit,
            "reverb": round(self.reverb, 2),
            "effect": self.effect,
            "parts": sorted(self.parts),
            "instruments": self.instruments,
        }


def compose(seed: int, every_key: bool = False) -> Phrase:
    """The phrase of this seed, in its mode's HOME or in any key."""
    rng = np.random.default_rng(seed)
    kind = _weighted(rng, KINDS)
    style = STYLES[rng.integers(len(STYLES))]
    roles = _roles(rng, kind)
    chords = _pick(rng, style.chords)
    mode, key = _pick(rng, style.modes), int(rng.integers(12))
    if not every_key:
        key = HOME[mode]
    roots = _roots(rng)
    density = DENSITIES[rng.integers(len(DENSITIES))]
    instruments = {role: _instrument(rng, style, role) for role in roles if role != "drums"}
    groove, selection, kit = _drum_choice(rng, kind, style) if "drums" in roles else (None, None, None)

    parts: dict[str, tuple[Note, ...]] = {}
    for role in roles:
        if role == "drums":
            assert groove is not None and selection is not None
            parts[role] = drum_notes(rng, groove, SELECTIONS[selection], exact=kind == "four on the floor kick")
            continue
        instrument = BY_NAME[instruments[role]]
        if role == "bass":
            parts[role] = bass_notes(rng, instrument, _pick(rng, style.bass_rhythms), key, mode, roots)
        elif role == "keys":
            parts[role] = chord_notes(rng, instrument, _pick(rng, style.key_rhythms), key, mode, roots, chords)
        elif role == "lead":
            parts[role] = lead_notes(rng, instrument, density, key, mode, roots)
        else:
            parts[role] = pad_notes(rng, instrument, key, mode, roots, chords)

    wet = 0.0 if roles == ("drums",) or rng.random() < 0.5 else float(rng.uniform(0.2, 1.0))
    tempo = float(rng.uniform(*TEMPO_RANGE_BPM))
    effect, affected = _effect(rng, style, kind, roles)
    return Phrase(
        seed=seed,
        kind=kind,
        style=style.name,
        tempo_bpm=tempo,
        key=key,
        mode=mode,
        density=density,
        groove=groove.name if groove else None,
        selection=selection,
        kit=kit,
        reverb=wet,
        effect=effect,
        affected=affected,
        instruments=instruments,
        parts=parts,
    )


def _roles(rng: np.random.Generator, kind: str) -> tuple[str, ...]:
    if kind in ("bass", "keys", "lead", "pad"):
        return (kind,)
    if kind != "mix":
        return ("drums",)
    while True:
        roles = tuple(role for role in ROLES if rng.random() < PRESENCE_IN_MIX[role])
        if len(roles) >= 2:
            return roles


def _effect(
    rng: np.random.Generator, style: Style, kind: str, roles: tuple[str, ...]
) -> tuple[str | None, tuple[str, ...]]:
    """An effect and the roles it is put on; kicks stay plain, so that there is one to lock the beat to."""
    if kind in ("four on the floor kick", "kick") or rng.random() >= EFFECT_SHARE:
        return None, ()
    effect = _pick(rng, style.effects if rng.random() < FROM_STYLE else tuple(EFFECTS))
    fitting = tuple(role for role in EFFECT_ROLES[effect] if role in roles)
    if not fitting:
        return None, ()
    return effect, fitting if effect in WHOLE else fitting[:1]


def _drum_choice(rng: np.random.Generator, kind: str, style: Style) -> tuple[Groove, str, str]:
    """Groove, selection of its pieces, and kit."""
    kit = _pick(rng, style.kits) if rng.random() < FROM_STYLE else KITS[rng.integers(len(KITS))].name
    if kind == "four on the floor kick":
        return GROOVE_BY_NAME["four on the floor"], "kick", kit
    from_style = rng.random() < FROM_STYLE
    groove = GROOVE_BY_NAME[_pick(rng, style.grooves)] if from_style else GROOVES[rng.integers(len(GROOVES))]
    if kind == "kick":
        return groove, "kick", kit
    if kind == "drum pieces" or (kind == "mix" and rng.random() < 0.2):
        names = [n for n, pieces in SELECTIONS.items() if pieces and _selects(groove, pieces)]
        return groove, _pick(rng, names), kit
    return groove, "full", kit


def _selects(groove: Groove, pieces: tuple[str, ...]) -> bool:
    """Whether the selection leaves something, and leaves something out."""
    kept = set(groove.rows) & set(pieces)
    return bool(kept) and kept != set(groove.rows)


def _instrument(rng: np.random.Generator, style: Style, role: str) -> str:
    family: tuple[Instrument, ...] = BY_ROLE[role]
    if rng.random() < FROM_STYLE:
        own = set(getattr(style, role))
        family = tuple(i for i in family if i.name in own)
    weights = np.array([i.weight for i in family])
    return family[rng.choice(len(family), p=weights / weights.sum())].name


def _roots(rng: np.random.Generator) -> tuple[int, int, int, int]:
    return PROGRESSIONS[rng.integers(len(PROGRESSIONS))]


def _pick(rng: np.random.Generator, options: Any) -> str:
    return str(options[rng.integers(len(options))])


def _weighted(rng: np.random.Generator, table: dict[str, float]) -> str:
    weights = np.array(list(table.values()))
    return list(table)[rng.choice(len(weights), p=weights / weights.sum())]
