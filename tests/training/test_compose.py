"""Composed phrases: the same by seed, on the grid, and what their descriptions say."""

from __future__ import annotations

from collections import Counter

import pytest

from training.compose import KINDS, TEMPO_RANGE_BPM, Phrase, compose
from training.drums import GROOVES, PIECES, SELECTIONS
from training.harmony import MODES, fold, pitch
from training.instruments import BY_NAME, BY_ROLE
from training.parts import HUMAN_LIMIT_S, STEPS
from training.rhythms import BASS, CHORDS
from training.styles import STYLES


@pytest.fixture(scope="module")
def phrases() -> list[Phrase]:
    return [compose(seed) for seed in range(400)]


def test_the_same_seed_gives_the_same_phrase() -> None:
    assert compose(17) == compose(17)
    assert compose(17) != compose(18)


def test_phrases_are_at_home_on_the_white_keys_and_elsewhere_the_same_music(phrases: list[Phrase]) -> None:
    elsewhere = [compose(phrase.seed, every_key=True) for phrase in phrases]
    assert {p.key for p in elsewhere} == set(range(12))
    for phrase, other in zip(phrases, elsewhere, strict=True):
        pitched = [note for role, notes in phrase.parts.items() if role != "drums" for note in notes]
        assert {note.key % 12 for note in pitched} <= {0, 2, 4, 5, 7, 9, 11}
        assert (phrase.mode, phrase.style, set(phrase.parts)) == (other.mode, other.style, set(other.parts))


def test_four_on_the_floor_kicks_are_on_the_beats_and_nowhere_else(phrases: list[Phrase]) -> None:
    solos = [p for p in phrases if p.kind == "four on the floor kick"]
    assert len(solos) > 10
    for phrase in solos:
        notes = phrase.parts["drums"]
        assert {note.key for note in notes} == {PIECES["kick"]}
        assert [note.step for note in notes] == list(range(0, STEPS, 4))
        assert all(note.late_s == 0.0 for note in notes)


def test_kicks_never_leave_the_grid_and_others_hardly(phrases: list[Phrase]) -> None:
    for phrase in phrases:
        for role, notes in phrase.parts.items():
            for note in notes:
                assert 0 <= note.step < STEPS
                assert abs(note.late_s) <= (0.0 if role == "drums" and note.key == PIECES["kick"] else HUMAN_LIMIT_S)


def test_every_part_sounds_within_its_instrument(phrases: list[Phrase]) -> None:
    for phrase in phrases:
        for role, notes in phrase.parts.items():
            assert notes, phrase.describe()
            if role == "drums":
                continue
            instrument = BY_NAME[phrase.instruments[role]]
            top = instrument.high + (24 if role in ("keys", "pad") else 0)
            assert all(instrument.low <= note.key <= top for note in notes), phrase.describe()


def test_description_names_what_sounds(phrases: list[Phrase]) -> None:
    for phrase in phrases:
        clip = phrase.describe()
        assert clip["parts"] == sorted(phrase.parts)
        assert set(clip["instruments"]) == set(phrase.parts) - {"drums"}
        assert (clip["groove"] is not None) == ("drums" in phrase.parts)


def test_kinds_and_roles_are_balanced(phrases: list[Phrase]) -> None:
    kinds = Counter(phrase.kind for phrase in phrases)
    assert set(kinds) == set(KINDS)
    for role in ("drums", "bass", "keys", "lead"):
        assert 0.3 < sum(role in p.parts for p in phrases) / len(phrases) < 0.75


def test_tempo_does_not_follow_the_style(phrases: list[Phrase]) -> None:
    assert all(TEMPO_RANGE_BPM[0] <= p.tempo_bpm <= TEMPO_RANGE_BPM[1] for p in phrases)
    for style in STYLES:
        tempos = [p.tempo_bpm for p in phrases if p.style == style.name]
        assert min(tempos) < 100 < 140 < max(tempos), style.name


def test_tables_refer_to_each_other() -> None:
    grooves = {groove.name for groove in GROOVES}
    for style in STYLES:
        assert set(style.grooves) <= grooves
        assert set(style.bass_rhythms) <= set(BASS) and set(style.key_rhythms) <= set(CHORDS)
        assert set(style.modes) <= set(MODES)
        for role in BY_ROLE:
            assert set(getattr(style, role)) <= {i.name for i in BY_ROLE[role]}, (style.name, role)
    for table in (BASS, CHORDS):
        assert all(len(bar) == STEPS // 2 for bars in table.values() for bar in bars)
    assert SELECTIONS["full"] is None


@pytest.mark.parametrize(("degree", "note"), [(0, 2), (2, 6), (7, 14), (-1, 1)])
def test_pitch_counts_scale_degrees(degree: int, note: int) -> None:
    assert pitch(2, "major", degree) == note


def test_fold_moves_by_octaves() -> None:
    assert [fold(n, 40, 52) for n in (12, 40, 70)] == [48, 40, 46]
