"""Captions as people type prompts, drawn anew each time a clip is trained on.

What is named is heard, and nearly everything that is heard is named: captions that leave parts out would teach that
what is not named may sound. Absence is named often and in many wordings, because "no drums" contains "drums".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from training.compose import ROLES
from training.drums import GROOVE_BY_NAME, KIT_BY_NAME
from training.effects import EFFECT_WORDS
from training.instruments import BY_NAME
from training.styles import STYLE_BY_NAME

GENERIC: dict[str, tuple[str, ...]] = {
    "drums": ("drums", "drums", "beat", "drum beat", "percussion", "drum groove", "rhythm"),
    "bass": ("bass", "bass", "bassline", "bass line", "bass riff"),
    "keys": ("chords", "chord progression", "chord stabs"),
    "lead": ("lead", "melody", "lead melody", "solo instrument", "tune"),
    "pad": ("pad", "background pad", "sustained chords", "texture"),
}
KEYBOARDS = ("piano", "harpsichord", "clavinet", "organ", "wurlitzer", "synth stab")
KEYBOARD_WORDS = ("keys", "keyboard", "keyboards")

ABSENCE_NOUNS: dict[str, tuple[str, ...]] = {
    "drums": ("drums", "drums", "percussion", "beat", "drum kit", "kick", "drum machine"),
    "bass": ("bass", "bass", "bassline", "bass guitar", "low end"),
    "keys": ("keys", "chords", "piano", "keyboards", "guitar"),
    "lead": ("lead", "melody", "solo", "lead instrument"),
    "pad": ("pad", "strings", "pads"),
}
ABSENCE_PATTERNS = ("no {}", "no {}", "no {}", "without {}", "without any {}", "minus the {}", "{} off", "{} muted")
ABSENCE_ADJECTIVES: dict[str, tuple[str, ...]] = {
    "drums": ("drumless", "beatless"),
    "bass": ("bass-free", "bassless"),
}

ALONE = (
    "{} alone",
    "solo {}",
    "only {}",
    "just {}",
    "just the {}",
    "{} on its own",
    "{} and nothing else",
    "isolated {}",
    "unaccompanied {}",
    "{} only",
    "{} by itself",
    "a {} playing alone",
    "{} solo, nothing else",
)
FULL = ("{}", "{} loop", "{} groove", "{} track", "{} band", "{} full band", "a {} arrangement")
JOINERS = (", ", ", ", " and ", " with ", " + ", " over ", " plus ")
OPENINGS = ("", "", "", "", "", "", "a loop of ", "music with ", "a groove with ", "instrumental: ")
DENSITY_WORDS = {
    "sparse": ("sparse", "slow", "minimal", "few notes"),
    "medium": (),
    "busy": ("busy", "fast", "many notes", "virtuosic"),
}
MOOD_WORDS = {
    "major": ("major key", "happy", "bright", "cheerful"),
    "minor": ("minor key", "sad", "dark", "moody"),
    "dorian": ("minor key", "dorian"),
    "mixolydian": ("major key", "bluesy"),
}
KEY_WORDS: tuple[tuple[str, ...], ...] = (
    ("C",),
    ("C sharp", "C#", "D flat", "Db"),
    ("D",),
    ("D sharp", "E flat", "Eb"),
    ("E",),
    ("F",),
    ("F sharp", "F#", "G flat"),
    ("G",),
    ("G sharp", "A flat", "Ab"),
    ("A",),
    ("A sharp", "B flat", "Bb"),
    ("B",),
)
"""Names of the twelve keys, 0 is C."""
KEY_PATTERNS = ("in {}", "in {}", "in {}", "{}", "in the key of {}", "key of {}")
KEYLESS_MODES = ("major",)
"""Modes that are meant where a key is named and no mode is."""
SELECTION_WORDS: dict[str, tuple[str, ...]] = {
    "kick": ("kick drum", "kick", "bass drum"),
    "kick and snare": ("kick and snare", "kick and snare drums"),
    "hats": ("hi-hats", "cymbals", "hats"),
    "snare": ("snare", "snare drum", "backbeat"),
    "no kick": ("drums without kick", "percussion without the kick", "drums with no kick drum"),
}
SCENES: dict[str, tuple[str, ...]] = {
    "jazz": ("in a new york jazz club", "in a smoky jazz club", "late at night"),
    "house": ("in a warehouse club", "on a dance floor"),
    "techno": ("in a warehouse", "at a rave"),
    "ambient": ("in outer space", "floating"),
    "dub": ("in kingston", "on a sound system"),
    "synthwave": ("on a neon highway", "in an 80s film"),
    "latin": ("on a beach in rio", "in havana"),
    "classical": ("in a concert hall",),
    "folk": ("by a campfire",),
    "rock": ("in a stadium",),
    "hip hop": ("in a bedroom studio",),
    "funk": ("at a block party",),
}
"""Places that stand for a style."""
SINGING = ("a choir singing", "people singing", "a singer", "a diva singing", "a cat diva singing", "vocals")
"""What comes nearest to a voice, the choir, is also asked for like this."""
SOLO_ADJECTIVES: dict[str, tuple[str, ...]] = {
    "jazz": ("jazzy",),
    "funk": ("funky",),
    "rock": ("rocking",),
    "classical": ("classical",),
    "folk": ("folky",),
    "ambient": ("dreamy",),
}
STYLE_ALONE = 0.3
"""How often a full mix is called by nothing but its style."""
STYLE_NAMED, DENSITY_NAMED, KEY_NAMED = 0.6, 0.75, 0.4
"""How often a caption names a style, a lead's density, a key. Where they were named half as often the model, after
some 180,000 samples, hardly followed them: what is rarely named is learned late."""
BEATLESS = ("ambient", "classical")
"""Styles that are whole without drums."""
SLOW_BPM, FAST_BPM = 95.0, 140.0


@dataclass(frozen=True, slots=True)
class Caption:
    """`told` is what the text says of the clip: "parts" (all that play are named), "style", "tonic", a lead's
    "density", and of "lead", "keys", "bass" and "pad" those whose instrument it names."""

    text: str
    told: frozenset[str]


def caption(clip: Mapping[str, Any], rng: np.random.Generator) -> str:
    """The text of `worded`."""
    return worded(clip, rng).text


def worded(clip: Mapping[str, Any], rng: np.random.Generator) -> Caption:
    """One caption of a clip (a phrase's `describe()`); the generator chooses the wording."""
    parts, told = list(clip["parts"]), set[str]()
    style = _pick(rng, STYLE_BY_NAME[clip["style"]].words)
    if len(parts) == 1:
        text = _solo(clip, parts[0], style, rng, told)
    elif len(parts) >= 3 and ("drums" in parts or clip["style"] in BEATLESS) and rng.random() < STYLE_ALONE:
        text = _pick(rng, FULL).format(style)
        told.add("style")
    else:
        text = _mix(clip, parts, style, rng, told)
    phrases = [text, *_absences(clip, parts, rng), *_extras(clip, parts, rng, told)]
    return Caption(", ".join(phrases), frozenset(told))


def _solo(clip: Mapping[str, Any], role: str, style: str, rng: np.random.Generator, told: set[str]) -> str:
    name = part_words(clip, role, rng, told)
    told.add("parts")
    if rng.random() < 0.15:
        name = f"{style} {name}"
    return name if rng.random() < 0.45 else _pick(rng, ALONE).format(name)


def _mix(clip: Mapping[str, Any], parts: list[str], style: str, rng: np.random.Generator, told: set[str]) -> str:
    rng.shuffle(parts)
    names = [part_words(clip, role, rng, told) for role in parts]
    told.add("parts")
    if rng.random() < STYLE_NAMED:
        told.add("style")
        names.insert(0, style) if rng.random() < 0.7 else names.append(style)
    if (scenes := SCENES.get(clip["style"])) and rng.random() < 0.1:
        names[-1] = f"{names[-1]} {_pick(rng, scenes)}"
    if rng.random() < 0.6:
        return _pick(rng, OPENINGS) + ", ".join(names)
    return _pick(rng, OPENINGS) + "".join(n + _pick(rng, JOINERS) for n in names[:-1]) + names[-1]


def part_words(clip: Mapping[str, Any], role: str, rng: np.random.Generator, told: set[str]) -> str:
    """A name for one part that is heard: its instrument, a synonym, or the role itself; what it says goes to `told`."""
    if role == "drums":
        return _drum_words(clip, rng)
    if rng.random() < 0.2:
        return _density(clip, role, rng, told) + _generic(clip, role, rng)
    name = clip["instruments"][role]
    told.add(role)
    if name == "choir" and rng.random() < 0.3:
        return _pick(rng, SINGING)
    words = BY_NAME[name].words
    word = words[0] if rng.random() < 0.5 else _pick(rng, words)
    if role == "bass" and rng.random() < 0.15:
        word = f"{word} line"
    if role == "lead":
        if rng.random() < 0.1:
            word = " ".join([*SOLO_ADJECTIVES.get(clip["style"], ())[:1], word, "solo"])
        elif rng.random() < 0.15:
            word = f"{word} melody"
    if role == "keys" and rng.random() < 0.15:
        word = f"{word} chords"
    return _density(clip, role, rng, told) + word


def _generic(clip: Mapping[str, Any], role: str, rng: np.random.Generator) -> str:
    """The role itself, or what its instrument is one of."""
    keyboard = role == "keys" and any(word in clip["instruments"][role] for word in KEYBOARDS)
    return _pick(rng, KEYBOARD_WORDS if keyboard and rng.random() < 0.6 else GENERIC[role])


def _density(clip: Mapping[str, Any], role: str, rng: np.random.Generator, told: set[str]) -> str:
    """What a lead's name begins with: "sparse ", or nothing."""
    words = DENSITY_WORDS[clip["density"]] if role == "lead" else ()
    if not words or rng.random() >= DENSITY_NAMED:
        return ""
    told.add("density")
    return f"{_pick(rng, words)} "


def _drum_words(clip: Mapping[str, Any], rng: np.random.Generator) -> str:
    groove, selection = GROOVE_BY_NAME[clip["groove"]], clip["selection"]
    kit = KIT_BY_NAME[clip["kit"]]
    if selection == "kick":
        return _pick(rng, groove.kick_words) if rng.random() < 0.7 else _pick(rng, SELECTION_WORDS["kick"])
    if selection != "full":
        return _pick(rng, SELECTION_WORDS[selection])
    draw = rng.random()
    if draw < 0.4:
        return _pick(rng, GENERIC["drums"])
    if draw < 0.6:
        return _pick(rng, kit.words)
    if draw < 0.9:
        return _pick(rng, groove.words)
    return f"{_pick(rng, kit.words)}, {_pick(rng, groove.words)}"


def _absences(clip: Mapping[str, Any], parts: Sequence[str], rng: np.random.Generator) -> list[str]:
    missing = [role for role in ROLES if role not in parts]
    if not missing or rng.random() < 0.5:
        return []
    # Drums and bass are asked away most often.
    weights = np.array([3.0 if role in ("drums", "bass") else 1.0 for role in missing])
    count = min(len(missing), 1 + int(rng.random() < 0.35))
    chosen = rng.choice(len(missing), size=count, replace=False, p=weights / weights.sum())
    phrases = []
    for role in (missing[index] for index in chosen):
        if role in ABSENCE_ADJECTIVES and rng.random() < 0.15:
            phrases.append(_pick(rng, ABSENCE_ADJECTIVES[role]))
            continue
        nouns = [noun for noun in ABSENCE_NOUNS[role] if not _sounds(clip, noun)]
        if nouns:
            phrases.append(_pick(rng, ABSENCE_PATTERNS).format(_pick(rng, nouns)))
    return phrases


def _sounds(clip: Mapping[str, Any], noun: str) -> bool:
    """Whether what `noun` means is heard in another part, so that its absence would be a lie."""
    names = " ".join(word for name in clip["instruments"].values() for word in BY_NAME[name].words)
    if noun in ("chords", "low end") and len(clip["parts"]) > 1:
        return True
    return noun.rstrip("s") in names


def _extras(clip: Mapping[str, Any], parts: Sequence[str], rng: np.random.Generator, told: set[str]) -> list[str]:
    extras = []
    pitched = list(parts) != ["drums"]
    if pitched and rng.random() < KEY_NAMED:
        key = _pick(rng, KEY_WORDS[clip["key"]])
        if clip["mode"] not in KEYLESS_MODES or rng.random() < 0.8:
            key = f"{key} {clip['mode']}"
        extras.append(_pick(rng, KEY_PATTERNS).format(key))
        told.add("tonic")
    elif pitched and rng.random() < 0.06:
        extras.append(_pick(rng, MOOD_WORDS[clip["mode"]]))
    if pitched and rng.random() < 0.08:
        extras.append(_pick(rng, ("with reverb", "reverberant", "in a big room")) if clip["reverb"] > 0.5 else "dry")
    if (effect := clip.get("effect")) and rng.random() < 0.6:
        extras.append(_pick(rng, EFFECT_WORDS[effect]))
    if rng.random() < 0.05:
        extras.append(f"{round(clip['tempo'])} bpm")
    elif rng.random() < 0.06 and not SLOW_BPM < clip["tempo"] < FAST_BPM:
        extras.append("slow tempo" if clip["tempo"] <= SLOW_BPM else "fast tempo")
    return extras


def _pick(rng: np.random.Generator, options: Sequence[str]) -> str:
    return options[int(rng.integers(len(options)))]
