"""Chords by their keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riffsynth.control.harmony import CHORDS, chord_name, in_harmony
from riffsynth.diffusion.keys import TONICS

C, E, G, A = 60, 64, 67, 69


@pytest.mark.parametrize("root", range(12))
@pytest.mark.parametrize("name", CHORDS)
def test_every_chord_on_every_root_is_known_by_its_bass(name, root):
    assert chord_name(48 + root + note for note in CHORDS[name]) == f"{TONICS[root]} {name}"


@pytest.mark.parametrize(
    ("keys", "name"),
    [
        ((C, E, G), "C major"),
        ((E, G, C + 12), "C major"),
        ((G, C + 12, E + 12, C + 24), "C major"),
        ((C, E + 24, G - 12), "C major"),
        ((C, E, G, A), "C sixth"),
        ((A - 12, C, E, G), "A minor seventh"),
        ((C, 63, G), "C minor"),
        ((46, 50, 53, 56), "B flat dominant seventh"),
        ((C, E, 70), "C dominant seventh"),
        ((C, E, A), "A minor"),
        ((C, 62, E, 70), "C dominant ninth"),
        ((C, E), None),
        ((C, C + 12, C + 24), None),
        ((C, 61, 62), None),
        ((), None),
    ],
)
def test_inversions_doublings_and_what_is_no_chord(keys, name):
    assert chord_name(keys) == name


@given(st.sets(st.integers(0, 127)), st.integers(-12, 12))
def test_a_chord_moves_with_its_keys(keys, up):
    name = chord_name(keys)
    moved = chord_name(key + up for key in keys)
    assert (name is None) == (moved is None)
    if name:
        root = next(root for root in sorted(TONICS, key=len, reverse=True) if name.startswith(root))
        assert moved == TONICS[(TONICS.index(root) + up) % 12] + name.removeprefix(root)


def test_a_prompt_gets_its_harmony():
    assert in_harmony("slow cello", "C minor") == "slow cello, in C minor"
    assert in_harmony("slow cello", "") == "slow cello"
    assert in_harmony("", "C minor") == ""
