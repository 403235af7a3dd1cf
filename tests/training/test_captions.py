"""Captions never lie: what is named sounds, what is asked away does not."""

from __future__ import annotations

import re

import numpy as np
import pytest

from training.captions import (
    ABSENCE_ADJECTIVES,
    ABSENCE_NOUNS,
    ABSENCE_PATTERNS,
    DENSITY_WORDS,
    KEY_WORDS,
    caption,
    worded,
)
from training.compose import ROLES, compose
from training.instruments import BY_NAME
from training.styles import STYLE_BY_NAME

CLIPS = [compose(seed, every_key=True).describe() for seed in range(300)]


def refusals(role: str) -> re.Pattern[str]:
    """Every wording that asks the role away."""
    phrases = [p.format(noun) for p in ABSENCE_PATTERNS for noun in ABSENCE_NOUNS[role]]
    phrases += ABSENCE_ADJECTIVES.get(role, ())
    return re.compile("|".join(rf"(^|, ){re.escape(phrase)}(,|$)" for phrase in phrases))


@pytest.mark.parametrize("role", ROLES)
def test_a_part_that_is_asked_away_does_not_sound(role: str) -> None:
    pattern = refusals(role)
    found = 0
    for clip in CLIPS:
        for turn in range(6):
            text = caption(clip, np.random.default_rng(turn))
            if pattern.search(text):
                found += 1
                assert role not in clip["parts"], (text, clip)
    assert found > 20


def test_wording_varies_and_repeats_by_generator() -> None:
    clip = next(c for c in CLIPS if len(c["parts"]) > 2)
    drawn = {caption(clip, np.random.default_rng(turn)) for turn in range(30)}
    assert len(drawn) > 20
    assert caption(clip, np.random.default_rng(3)) == caption(clip, np.random.default_rng(3))


def test_a_four_on_the_floor_kick_is_called_one() -> None:
    clips = [c for c in CLIPS if c["kind"] == "four on the floor kick"]
    texts = [caption(c, np.random.default_rng(t)) for c in clips for t in range(10)]
    assert sum("kick" in t or "bass drum" in t for t in texts) == len(texts)
    assert sum("four" in t or "4 on" in t for t in texts) > len(texts) / 3


def test_the_caption_leaves_the_description_alone() -> None:
    clip = compose(5).describe()
    before = str(clip)
    caption(clip, np.random.default_rng(0))
    assert str(clip) == before


def test_a_named_key_is_the_clips_own() -> None:
    found = 0
    for clip in CLIPS:
        for turn in range(6):
            named = re.search(r"([A-G](?: sharp| flat|[#b])?) (major|minor|dorian|mixolydian)$", _last_part(clip, turn))
            if named:
                found += 1
                assert named[1] in KEY_WORDS[clip["key"]]
                assert named[2] == clip["mode"]
    assert found > 50


def test_what_a_caption_tells_is_in_its_words() -> None:
    counts: dict[str, int] = {}
    for clip in CLIPS:
        for turn in range(6):
            worded_clip = worded(clip, np.random.default_rng(turn))
            for told in worded_clip.told:
                counts[told] = counts.get(told, 0) + 1
                words = {
                    "style": STYLE_BY_NAME[clip["style"]].words,
                    "density": DENSITY_WORDS[clip["density"]],
                    "tonic": KEY_WORDS[clip["key"]],
                }.get(told)
                if (
                    told in ("lead", "keys", "bass", "pad") and clip["instruments"][told] != "choir"
                ):  # a singer is one, too
                    words = BY_NAME[clip["instruments"][told]].words
                assert words is None or any(word in worded_clip.text for word in words), (told, worded_clip)
    assert counts.keys() == {"parts", "style", "density", "tonic", "lead", "keys", "bass", "pad"}
    assert min(counts.values()) > 50


def test_a_caption_that_does_not_tell_a_density_names_none() -> None:
    for clip in CLIPS:
        for turn in range(6):
            found = worded(clip, np.random.default_rng(turn))
            if "density" not in found.told and "lead" in clip["parts"]:
                assert not re.search(r"\b(sparse|few notes|busy|many notes|virtuosic)\b", found.text), found


def _last_part(clip: dict, turn: int) -> str:
    """The caption's words that may name the key: they come after everything that sounds."""
    parts = caption(clip, np.random.default_rng(turn)).split(", ")
    return next((part for part in parts[1:] if re.search(r"[A-G].* (major|minor|dorian|mixolydian)$", part)), "")
