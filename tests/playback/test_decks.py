"""Decks: who sounds when, how loud, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riffsynth.playback.decks import MOST_LAYERS, DeckRefused, Decks
from riffsynth.playback.messages import Deck
from riffsynth.spectrogram.clip import Score

BINS = 6
ALL = slice(0, BINS)
HOP_S = 0.0116
PACE = 2.0


def flat(magnitude: float, beats: float = 8.0, columns: int = 32) -> Score:
    return Score(np.full((columns, BINS), magnitude, np.float32), beats)


def ramp(beats: float, columns: int) -> Score:
    """Each column's power is its number."""
    powers = np.repeat(np.arange(columns, dtype=np.float32)[:, None], BINS, axis=1)
    return Score(np.sqrt(powers), beats)


def power(decks: Decks, position: float = 0.0, alpha: float = 0.0, ahead_s: float = 0.0, meter: int = 4) -> float:
    one = np.ones(1)
    return float(decks.powers(ALL, one * ahead_s, one * alpha, [(one, one * position)], meter)[0, 0])


def playing(*magnitudes: float) -> Decks:
    """Decks 0, 1, ... of one flat score each, keys the same; deck 0 sounds alone at beat 0."""
    decks = Decks(BINS)
    for key, magnitude in enumerate(magnitudes):
        decks.add(key, flat(magnitude))
    decks.enter(Deck(0, ((0.0, 0),)), 0.0, 0.0)
    decks.advance(0.0, PACE, HOP_S)
    decks.advance(0.5, PACE, 0.25)
    return decks


def test_after_silence_a_deck_sounds_at_once() -> None:
    decks = Decks(BINS)
    decks.add(7, flat(0.5))
    decks.enter(Deck(3, ((0.0, 7),)), at_beat=1000.0, crossfade=32.0)
    assert decks.advance(1.0, PACE, HOP_S) == [3]
    assert decks.advance(1.1, PACE, 0.05) == []
    assert power(decks) == pytest.approx(0.25)


def test_a_deck_waits_for_its_beat_and_the_newest_replaces_it() -> None:
    decks = playing(0.5, 1.0, 2.0)
    decks.enter(Deck(1, ((0.0, 1),)), 4.0, 1.0)
    assert decks.advance(2.0, PACE, HOP_S) == []
    decks.enter(Deck(2, ((0.0, 2),)), 4.0, 1.0)
    assert decks.advance(3.999, PACE, HOP_S) == []
    assert decks.advance(4.001, PACE, HOP_S) == [2]
    assert decks.advance(5.1, PACE, 0.55) == []
    assert power(decks) == pytest.approx(4.0)


@pytest.mark.parametrize("beats_later, share", [(0.0, 0.0), (0.25, 0.125), (1.0, 0.5), (2.0, 1.0), (9.0, 1.0)])
def test_powers_blend_linearly_over_the_crossfade(beats_later: float, share: float) -> None:
    decks = playing(0.5, 2.0)
    decks.enter(Deck(1, ((0.0, 1),)), 4.0, 2.0)
    decks.advance(4.0, PACE, HOP_S)
    decks.advance(4.0 + beats_later, PACE, beats_later / PACE)
    assert power(decks) == pytest.approx((1 - share) * 0.25 + share * 4.0)


def test_what_lies_ahead_fades_before_its_hop_is_made() -> None:
    decks = playing(0.5, 2.0)
    decks.enter(Deck(1, ((0.0, 1),)), 4.0, 1.0)
    decks.advance(3.9, PACE, HOP_S)
    assert power(decks, ahead_s=0.04) == pytest.approx(0.25)
    assert power(decks, ahead_s=0.3) == pytest.approx(0.5 * 0.25 + 0.5 * 4.0)  # at beat 4.5


def test_a_deck_that_comes_too_late_fades_in_from_its_start() -> None:
    decks = playing(0.5, 2.0)
    decks.enter(Deck(1, ((0.0, 1),)), 0.25, 1.0)
    assert decks.advance(3.0, PACE, HOP_S) == [1]
    assert power(decks) == pytest.approx(0.25)
    decks.advance(3.5, PACE, 0.25)
    assert power(decks) == pytest.approx(0.5 * 0.25 + 0.5 * 4.0)


def test_a_crossfade_goes_on_when_the_song_jumps() -> None:
    decks = playing(0.5, 2.0)
    decks.enter(Deck(1, ((0.0, 1),)), 4.0, 1.0)
    decks.advance(4.0, PACE, HOP_S)
    decks.advance(0.0, PACE, 0.25)
    assert power(decks) == pytest.approx(0.5 * 0.25 + 0.5 * 4.0)


def test_while_the_song_stands_crossfades_are_completed() -> None:
    decks = playing(0.5, 2.0)
    decks.enter(Deck(1, ((0.0, 1),)), 0.0, 8.0)
    decks.advance(2.0, 0.0, HOP_S)
    decks.advance(2.0, 0.0, HOP_S)
    assert power(decks) == pytest.approx(4.0)


@given(st.lists(st.tuples(st.floats(0.0, 0.3), st.floats(0.0, 8.0)), max_size=30))
def test_equal_clips_keep_their_power_however_many_fade(entries: list[tuple[float, float]]) -> None:
    decks = playing(0.5)
    beat = 1.0
    for number, (wait_s, crossfade) in enumerate(entries):
        decks.enter(Deck(number, ((0.0, 0),)), beat, crossfade)
        beat += wait_s * PACE
        decks.advance(beat, PACE, wait_s)
        assert power(decks) == pytest.approx(0.25, rel=1e-5)
        assert power(decks, ahead_s=0.05) == pytest.approx(0.25, rel=1e-5)


def test_a_flood_of_decks_ends_with_the_newest_without_a_step() -> None:
    decks = playing(*[0.5 + 0.1 * key for key in range(20)])
    beat, levels, sounded = 1.0, [], []
    for hop in range(400):
        if hop < 19 * 4 and hop % 4 == 0:
            number = 1 + hop // 4
            decks.enter(Deck(number, ((0.0, number),)), beat, 8.0)
        beat += HOP_S * PACE
        sounded += decks.advance(beat, PACE, HOP_S)
        levels.append(power(decks))
    assert sounded[-1] == 19
    assert len(sounded) > MOST_LAYERS
    steps = np.abs(np.diff(levels))
    assert steps.max() < 0.5 * (max(levels) - min(levels))


def test_alpha_blends_the_powers_of_its_neighbours() -> None:
    decks = Decks(BINS)
    for key, magnitude in enumerate((1.0, 2.0, 3.0)):
        decks.add(key, flat(magnitude))
    decks.enter(Deck(0, ((0.5, 1), (0.25, 0), (1.0, 2))), 0.0, 0.0)
    decks.advance(0.0, PACE, HOP_S)
    decks.advance(1.0, PACE, 0.5)
    expected = {0.0: 1.0, 0.25: 1.0, 0.375: 2.5, 0.5: 4.0, 0.75: 6.5, 1.0: 9.0}
    assert {alpha: power(decks, alpha=alpha) for alpha in expected} == pytest.approx(expected)


def test_columns_are_interpolated_and_close_as_a_loop() -> None:
    decks = Decks(BINS)
    decks.add(0, ramp(beats=8.0, columns=32))
    decks.enter(Deck(0, ((0.0, 0),)), 0.0, 0.0)
    decks.advance(0.0, PACE, HOP_S)
    decks.advance(1.0, PACE, 0.5)
    assert power(decks, 1.0) == pytest.approx(4.0)
    assert power(decks, 1.125) == pytest.approx(4.5)
    assert power(decks, 7.75 + 0.125) == pytest.approx(31 / 2)  # between the last column and the first
    assert power(decks, -0.25) == pytest.approx(31.0)
    assert power(decks, 8e6 + 1.0) == pytest.approx(4.0)


@pytest.mark.parametrize("meter, beats", [(4, 8), (3, 6), (5, 5), (7, 7), (16, 8), (1, 8)])
def test_the_loop_is_the_largest_whole_number_of_bars(meter: int, beats: int) -> None:
    decks = Decks(BINS)
    decks.add(0, ramp(beats=8.0, columns=32))
    decks.enter(Deck(0, ((0.0, 0),)), 0.0, 0.0)
    decks.advance(0.0, PACE, HOP_S)
    decks.advance(1.0, PACE, 0.5)
    assert power(decks, beats + 1.0, meter=meter) == pytest.approx(4.0 if beats > 1 else 0.0)
    assert power(decks, beats - 0.5, meter=meter) == pytest.approx(4.0 * (beats - 0.5))


def test_clips_of_other_lengths_sound_together() -> None:
    decks = Decks(BINS)
    decks.add(0, ramp(beats=8.0, columns=32))
    decks.add(1, ramp(beats=4.0, columns=32))
    decks.enter(Deck(0, ((0.0, 0), (1.0, 1))), 0.0, 0.0)
    decks.advance(0.0, PACE, HOP_S)
    decks.advance(1.0, PACE, 0.5)
    assert power(decks, 13.0, alpha=0.0) == pytest.approx(20.0)  # beat 5 of 8
    assert power(decks, 13.0, alpha=1.0) == pytest.approx(8.0)  # beat 1 of 4


def test_forgotten_scores_go_on_where_they_sound() -> None:
    decks = playing(0.5, 2.0)
    decks.forget((0, 1, 99))
    assert power(decks) == pytest.approx(0.25)
    with pytest.raises(DeckRefused, match="never added"):
        decks.enter(Deck(5, ((0.0, 0),)), 1.0, 1.0)


@pytest.mark.parametrize("anchors", [(), ((0.0, 77),), ((math.nan, 0),)])
def test_a_deck_that_cannot_play_is_refused_and_changes_nothing(anchors: tuple) -> None:
    decks = playing(0.5)
    with pytest.raises(DeckRefused):
        decks.enter(Deck(5, anchors), 1.0, 1.0)
    assert decks.advance(9.0, PACE, HOP_S) == []
    assert power(decks) == pytest.approx(0.25)


def test_a_score_of_another_grid_is_refused() -> None:
    with pytest.raises(DeckRefused, match="magnitudes"):
        Decks(BINS).add(0, Score(np.ones((4, BINS + 1), np.float32), 8.0))


def test_a_held_deck_stays_where_alpha_was_and_the_next_one_follows_it() -> None:
    decks = playing(1.0, 3.0)
    between = Deck(1, ((0.0, 0), (1.0, 1)))
    decks.enter(between, 0.5, 0.0)
    decks.advance(1.0, PACE, 0.25)
    decks.hold(0.0)
    assert power(decks, alpha=1.0) == pytest.approx(1.0)
    decks.enter(between, 1.5, 0.0)
    decks.advance(2.0, PACE, 0.5)
    assert power(decks, alpha=1.0) == pytest.approx(9.0)
