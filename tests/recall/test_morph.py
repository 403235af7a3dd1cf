"""Morphing between whole presets: what each index means."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riffsynth.parameters import PARAMETERS, coerce
from riffsynth.recall.morph import Walk, mixed, morphed
from riffsynth.recall.preset import Preset
from riffsynth.recall.state import SOUND, state_of

PIANO = {"a.prompt": "piano", "b.prompt": "strings", "a.seed": 3, "pitch": -12.0, "tempo": 90.0, "strength": 0.5}
ORGAN = {"a.prompt": "noise", "b.prompt": "organ", "b.seed": 9, "alpha": 1.0, "guidance": 8.0, "reverse": True}
DRUMS = {"a.prompt": "drums", "pitch": 12.0, "loop_beats": 0.5, "steps": 8, "tempo": 120.0, "quantize": 1.0}
STATES = [state_of(Preset(str(index), values=values)) for index, values in enumerate((PIANO, ORGAN, DRUMS))]


@pytest.mark.parametrize(("index", "state"), [(0.0, 0), (1.0, 1), (2.0, 2), (2.5, 2), (99.0, 2), (-1.0, 0)])
def test_a_whole_number_is_that_preset_itself(index, state):
    assert morphed(STATES, index) == STATES[state]


def test_halfway_the_left_preset_stands_at_a_and_the_right_one_at_b():
    state = morphed(STATES, 0.5)
    assert (state["a.prompt"], state["a.seed"], state["a.strength"]) == ("piano", 3, 0.5)
    assert (state["b.prompt"], state["b.seed"], state["b.guidance"]) == ("organ", 9, 8.0)  # its own alpha is 1
    assert (state["alpha"], state["pitch"]) == (0.5, -6.0)
    assert "tempo" not in state  # only one of both names it


def test_choices_change_at_the_middle_and_so_does_what_keeps_things_in_time():
    before, after = morphed(STATES, 1.49), morphed(STATES, 1.51)
    assert (before["reverse"], after["reverse"]) == (True, False)
    assert (before["loop_beats"], after["loop_beats"]) == (0.0, 0.5)
    assert (before["steps"], after["steps"]) == (0, 8)
    assert (before["quantize"], after["quantize"]) == (4.0, 1.0)


def test_tempo_goes_where_both_name_it():
    states = [STATES[0], STATES[2]]
    assert morphed(states, 0.5)["tempo"] == pytest.approx(105.0)


def test_exponential_numbers_go_along_their_curve():
    from riffsynth.parameters import Kind, Parameter

    cutoff = Parameter("cutoff", Kind.FLOAT, "", 100.0, 20.0, 20000.0, curve="exponential")
    assert mixed(cutoff, 100.0, 10000.0, 0.5) == pytest.approx(1000.0)


@given(st.floats(-2, 4), st.permutations(STATES))
def test_every_place_is_a_state_whose_values_are_in_range(index, states):
    state = morphed(states, index)
    assert state.keys() >= SOUND.keys()
    for name, value in state.items():
        coerce(PARAMETERS[name], value)


def test_a_small_step_is_a_small_change_of_every_number():
    for index in (0.2, 0.7, 1.3):
        here, there = morphed(STATES, index), morphed(STATES, index + 0.01)
        moved = {name for name in here if here[name] != there[name]}
        assert all(abs(here[name] - there[name]) <= 0.5 for name in moved)


def test_an_init_file_is_named_by_its_whole_path():
    state = state_of(Preset("x", values={"init": "loop.wav"}, folder=Path("/somewhere")))
    assert state["init"] == str(Path("/somewhere/loop.wav"))


def test_a_walk_is_even_in_beats_and_ends():
    walk = Walk(1.0, 3.0, from_beat=8.0, beats=16.0)
    assert [walk.index_at(beat) for beat in (0.0, 8.0, 12.0, 24.0, 99.0)] == [1.0, 1.0, 1.5, 3.0, 3.0]
    assert not walk.done(23.9) and walk.done(24.0)
