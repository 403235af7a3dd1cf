"""LFOs, envelopes and inputs: where they are at a beat, and what they set."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from riffsynth.control.moves import SILENCE_DB, Move, Mover, lfo
from riffsynth.control.store import ParameterStore
from riffsynth.parameters import PARAMETERS, Kind

SHAPES = ("sine", "triangle", "ramp", "saw", "square", "random")


@pytest.mark.parametrize(
    ("shape", "quarters"),
    [
        ("sine", (0, 0.5, 1, 0.5)),
        ("triangle", (0, 0.5, 1, 0.5)),
        ("ramp", (0, 0.25, 0.5, 0.75)),
        ("saw", (1, 0.75, 0.5, 0.25)),
        ("square", (1, 1, 0, 0)),
    ],
)
def test_where_a_shape_is_at_each_quarter(shape, quarters):
    assert [lfo(shape, turns / 4) for turns in range(4)] == pytest.approx(quarters)
    assert [lfo(shape, 7 + turns / 4) for turns in range(4)] == pytest.approx(quarters)
    assert [lfo(shape, -3 + turns / 4) for turns in range(4)] == pytest.approx(quarters)


def test_random_holds_for_a_period_and_is_spread_over_the_range():
    places = [lfo("random", turn + 0.99) for turn in range(1000)]
    assert places == [lfo("random", float(turn)) for turn in range(1000)]
    assert sum(place < 0.25 for place in places) == pytest.approx(250, abs=50)
    assert len(set(places)) == 1000


def test_beats_and_phase():
    move = Move(lfo="ramp", beats=8, phase=0.25, to="alpha")
    assert [move.place(beat) for beat in (0, 4, 6, 8)] == [0.25, 0.75, 0, 0.25]
    assert Move(lfo="ramp", to="alpha").place(2) == 0.5


def test_an_envelope_comes_back_or_stays():
    points = ((0, 0), (1, 1), (4, 0.5))
    again = Move(envelope=points, beats=8, to="alpha")
    assert [again.place(beat) for beat in (0, 0.5, 1, 2.5, 7, 8.5)] == pytest.approx([0, 0.5, 1, 0.75, 0.5, 0.5])
    once = Move(envelope=points, once=True, to="alpha")
    assert [once.place(beat, began=32) for beat in (0, 32.5, 36, 100)] == pytest.approx([0, 0.5, 0.5, 0.5])


def test_an_input_counts_from_its_floor():
    move = Move(input="default", floor=-40, to="alpha")
    assert [move.place(0, 0, db) for db in (SILENCE_DB, -40, -20, 0, 6)] == [0, 0, 0.5, 1, 1]


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ({"to": "alpha"}, "exactly one of lfo"),
        ({"lfo": "sine", "input": "default", "to": "alpha"}, "exactly one of lfo"),
        ({"lfo": "wobble", "to": "alpha"}, "sine"),
        ({"lfo": "sine", "to": "a.prompt"}, "no number"),
        ({"lfo": "square", "to": "panic"}, "no number"),
        ({"lfo": "sine", "to": "alhpa"}, "no parameter alhpa"),
        ({"lfo": "sine", "beats": 0, "to": "alpha"}, "greater than 0"),
        ({"lfo": "sine", "once": True, "to": "alpha"}, "once needs"),
        ({"envelope": [[0, 0]], "to": "alpha"}, "at least two"),
        ({"envelope": [[0, 0], [0, 1]], "to": "alpha"}, "each beat above"),
        ({"envelope": [[0, 0], [1, 2]], "to": "alpha"}, "less than or equal to 1"),
        ({"lfo": "sine", "range": [0, 9], "to": "alpha"}, "range must be"),
    ],
)
def test_what_cannot_move_is_refused(entry, fault):
    with pytest.raises(ValidationError, match=fault):
        Move(**entry)


class Stage:
    """Moves at 120 beats a minute, asked every `turn_s`."""

    def __init__(self, *moves, turn_s=0.003):
        self.store, self.turn_s, self.now = ParameterStore(), turn_s, 0.0
        self.mover, self.moves = Mover(), tuple(Move(**move) for move in moves)
        self.changes = []
        self.store.listen(self.changes.append)

    def play(self, seconds, levels=None):
        until = self.now + seconds
        self.mover.levels_db |= levels or {}
        while self.now < until:
            self.mover.due(self.moves, 2 * self.now, self.now, self.store.set)
            self.now += self.turn_s


def test_a_parameter_is_moved_through_its_part_at_a_bounded_rate():
    stage = Stage({"lfo": "sine", "beats": 4, "to": "alpha", "range": [0.2, 0.6]})
    stage.play(2.0)
    values = [change.value for change in stage.changes]
    assert min(values) >= 0.2 and max(values) <= 0.6 and max(values) - min(values) > 0.39
    assert 50 <= len(values) <= 2 / PARAMETERS["alpha"].smoothing_s + 1
    assert {change.source for change in stage.changes} == {"modulation"}


def test_a_source_that_stands_leaves_the_hand_alone():
    stage = Stage({"lfo": "square", "beats": 8, "to": "alpha"})
    stage.play(0.5)
    stage.store.set("alpha", 0.3, "midi")
    stage.play(0.5)
    assert stage.store.get("alpha") == 0.3
    stage.play(1.5)
    assert stage.store.get("alpha") == 0


def test_whole_numbers_are_events_only_when_they_change():
    stage = Stage({"lfo": "ramp", "beats": 8, "to": "meter", "range": [2, 5]})
    stage.play(3.99)
    assert [change.value for change in stage.changes] == [2, 3, 4, 5]


def test_one_source_can_move_several_parameters_and_an_input_is_one_of_them():
    stage = Stage(
        {"input": "mic", "to": "alpha"},
        {"input": "mic", "to": "level", "invert": True},
        {"input": "line", "to": "pitch"},
    )
    stage.play(0.1, {"mic": 0.0})
    assert (stage.store.get("alpha"), stage.store.get("level"), stage.store.get("pitch")) == (1, -60, -24)
    assert stage.mover.inputs == {"mic", "line"}


NUMBERS = [name for name, row in PARAMETERS.items() if row.kind not in (Kind.TEXT, Kind.TRIGGER)]


@given(
    st.sampled_from(NUMBERS),
    st.sampled_from(SHAPES),
    st.floats(0.01, 100),
    st.floats(0, 1),
    st.booleans(),
    st.lists(st.floats(-1e6, 1e6), max_size=20),
)
def test_no_beat_takes_a_value_out_of_its_range(to, shape, beats, phase, invert, places):
    mover, store = Mover(), ParameterStore()
    moves = (Move(lfo=shape, beats=beats, phase=phase, invert=invert, to=to),)
    for turn, beat in enumerate(places):
        mover.due(moves, beat, float(turn), store.set)  # the store refuses what is out of range
