"""What the model is asked when it is measured."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from training.captions import KEY_WORDS
from training.instruments import LEADS
from training.listener import CLASSES, FAMILIES, PARTS, TONICS
from training.styles import STYLES

KICK = "four on the floor kick"

WORDS: dict[str, tuple[str, ...]] = {
    "drums": ("drums", "drum beat", "rock drums"),
    "bass": ("bass", "electric bass", "synth bass"),
    "keys": ("piano", "electric piano", "organ"),
    "lead": ("trumpet", "synth lead", "flute", "violin"),
}
ABSENT: dict[str, tuple[str, ...]] = {
    "drums": ("no drums", "without drums"),
    "bass": ("no bass", "without bass"),
    "keys": ("no keys", "no chords"),
    "lead": ("no melody", "no lead"),
}

UNSEEN_LEADS: dict[str, str] = {
    "trumpeter": "brass",
    "bugle": "brass",
    "cornet": "brass",
    "flautist": "flute",
    "saxophonist": "saxophone",
    "clarinetist": "reed",
    "violinist": "bowed",
    "stradivarius": "bowed",
    "cellist": "bowed",
    "mandolin": "plucked",
    "lute": "plucked",
    "carillon": "bells",
    "jingle bells": "bells",
    "synthesiser tune": "synth",
    "shredding guitarist": "guitar",
    "balafon": "bars",
}
"""Words that no caption holds, and the family of instruments they mean."""
UNSEEN_STYLES: dict[str, str] = {
    "bebop": "jazz",
    "big band": "jazz",
    "trance": "techno",
    "rave": "techno",
    "garage house": "house",
    "rap": "hip hop",
    "punk": "rock",
    "metal band": "rock",
    "grunge": "rock",
    "samba": "latin",
    "mambo": "latin",
    "ska": "reggae",
    "symphony": "classical",
    "baroque ensemble": "classical",
    "meditation": "ambient",
    "motown": "funk",
}
UNSEEN_SEEDS = 4
"""Each of their prompts is asked so often."""
ODD: tuple[str, ...] = (
    "",
    " ",
    "qwxzzk vlorp",
    "the quarterly report of the tax office",
    "🎷🔥🥁",
    "静かなピアノ",
    "ударные и бас",  # noqa: RUF001
    "موسيقى هادئة",
    "\x00\x07\n\t",
    "?!...---",
    "drums " * 1000,
    " ".join(f"word{number}" for number in range(1000)),
    "a" * 5000,
)
ARTICLE = ("funk bassline with a jazzy saxophone solo", "a cat diva singing in a new york jazz club")
"""The prompts of Riffusion's own article (2022)."""
PICTURED = (
    *ARTICLE,
    KICK,
    "piano alone in A minor",
    "slap bass solo",
    "techno drums, no bass",
    "warm pad",
    "flute melody over strings",
    "jazz trio: piano, acoustic bass, brushes",
    "sparse vibraphone melody",
    "rock band",
    "drum and bass, deep synth bass",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Prompts, a seed for each, and the index of the right answer for each."""

    prompts: list[str]
    answers: list[int]

    @property
    def seeds(self) -> list[int]:
        return list(range(len(self.prompts)))

    @classmethod
    def of(cls, pairs: Sequence[tuple[str, int]]) -> Asked:
        return cls([prompt for prompt, _ in pairs], [answer for _, answer in pairs])


@dataclass(frozen=True, slots=True)
class Balanced:
    """Prompts that name every subset of PARTS equally often; `wanted` and `refused` name, for each, the parts."""

    prompts: list[str]
    wanted: list[frozenset[str]]
    refused: list[frozenset[str]]


def balanced(each: int = 8, seed: int = 0) -> Balanced:
    """`each` prompts for every subset; every second one also asks the other parts away."""
    rng = np.random.default_rng(seed)
    found = Balanced([], [], [])
    for size in range(1, len(PARTS) + 1):
        for subset in itertools.combinations(PARTS, size):
            for turn in range(each):
                missing = [part for part in PARTS if part not in subset]
                named = missing if turn % 2 else []
                order = [WORDS[part][rng.integers(len(WORDS[part]))] for part in rng.permutation(subset)]
                found.prompts.append(", ".join(order + [ABSENT[part][rng.integers(2)] for part in named]))
                found.wanted.append(frozenset(subset))
                found.refused.append(frozenset(named))
    return found


def leads(patterns: Sequence[str]) -> Asked:
    """Every lead by its first name, in each pattern."""
    return Asked.of([(p.format(lead.name), i) for p in patterns for i, lead in enumerate(LEADS)])


def styles(each: int = 8) -> Asked:
    """Every style by its own words."""
    patterns = ("{}", "{} groove", "{} band", "a {} arrangement")
    return Asked.of(
        [
            (patterns[turn % len(patterns)].format(style.words[turn % len(style.words)]), index)
            for index, style in enumerate(STYLES)
            for turn in range(each)
        ]
    )


def densities() -> Asked:
    """Sparse and busy melodies of common leads."""
    names = ("flute", "trumpet", "violin", "synth lead", "clarinet", "marimba", "alto saxophone")
    words = {"sparse": ("sparse", "few notes"), "busy": ("busy", "many notes")}
    return Asked.of(
        [
            (f"{word} {name}{' solo' if turn else ''}", CLASSES["density"].index(density))
            for density, choices in words.items()
            for word in choices
            for name in names
            for turn in range(2)
        ]
    )


def keys() -> tuple[list[str], list[int], list[int]]:
    """Prompts that name a key, the tonic (0 is C) and the relative major of each."""
    sounds = ("piano", "organ, acoustic bass", "flute, piano, bass", "electric guitar")
    rows = [
        (f"{sound} in {KEY_WORDS[tonic][-1]} {mode}", tonic, (tonic + (3 if mode == "minor" else 0)) % TONICS)
        for sound in sounds
        for mode in ("major", "minor")
        for tonic in range(TONICS)
    ]
    prompts, tonics, scales = zip(*rows, strict=True)
    return list(prompts), list(tonics), list(scales)


def unseen_leads() -> Asked:
    patterns = ("{}", "{} solo", "{} melody")
    asked = [(p.format(word), FAMILIES.index(family)) for p in patterns for word, family in UNSEEN_LEADS.items()]
    return Asked.of(asked * UNSEEN_SEEDS)


def unseen_styles() -> Asked:
    patterns = ("{}", "{} music", "{} groove")
    names = CLASSES["style"]
    asked = [(p.format(word), names.index(style)) for p in patterns for word, style in UNSEEN_STYLES.items()]
    return Asked.of(asked * UNSEEN_SEEDS)
