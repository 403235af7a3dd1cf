"""The values of the parameters: what is an event, and when it is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riffsynth.control.store import Change, ParameterStore
from riffsynth.parameters import PARAMETERS, TABLE, Kind, ValueRefused


@pytest.fixture
def store():
    return ParameterStore()


@pytest.fixture
def told(store):
    changes = []
    store.listen(changes.append)
    return changes


def test_starts_with_the_tables_defaults(store):
    for parameter in TABLE:
        if parameter.kind is not Kind.TRIGGER:
            assert store.get(parameter.name) == parameter.default


def test_a_new_value_is_told_once_with_who_made_it(store, told):
    assert store.set("alpha", 0.25, "osc:x")
    assert not store.set("alpha", 0.25, "osc:y")
    assert told == [Change("alpha", 0.25, "osc:x")]


def test_a_refused_value_changes_nothing(store, told):
    for name, raw in [("alpha", 2), ("alpha", "loud"), ("steps", 1.5), ("a.prompt", 808), ("clock", "sun"), ("no", 1)]:
        with pytest.raises(ValueRefused, match=name):
            store.set(name, raw, "test")
    assert told == []
    assert store.snapshot() == ParameterStore().snapshot()


def test_strength_sets_both_ends_and_answers_the_value_at_alpha(store, told):
    store.set("strength", 0.5, "hand")
    assert (store.get("a.strength"), store.get("b.strength")) == (0.5, 0.5)
    assert {(change.name, change.derived) for change in told} == {
        ("a.strength", True),
        ("b.strength", True),
        ("strength", False),
    }
    store.set("b.strength", 1.0, "hand")
    store.set("alpha", 0.25, "hand")
    assert store.get("strength") == pytest.approx(0.625)
    assert told[-1] == Change("strength", store.get("strength"), "hand", derived=True)


def test_a_trigger_is_an_event_each_time_it_is_pressed_and_never_when_it_is_released(store, told):
    assert store.set("tap", 1, "pad") and store.set("tap", True, "pad") and store.set("tap", "bang", "pad")
    assert not store.set("tap", 0.0, "pad")
    assert [change.name for change in told] == ["tap"] * 3
    assert "tap" not in store.snapshot()


def test_a_preset_can_be_recalled_again(store, told):
    assert store.set("preset", "dub", "osc")
    assert store.set("preset", "dub", "osc")
    assert len(told) == 2


def test_load_is_all_or_nothing_and_told_when_all_is_in_place(store):
    seen = []
    store.listen(lambda change: seen.append((change.name, store.get("tempo"), store.get("a.strength"))))
    with pytest.raises(ValueRefused):
        store.load({"tempo": 90, "pitch": 99})
    assert seen == []
    store.load({"a.strength": 0.1, "strength": 0.7, "tempo": 90})
    assert {(tempo, strength) for _, tempo, strength in seen} == {(90, 0.1)}
    assert store.get("b.strength") == 0.7


def test_a_listener_may_set_values_which_follow_in_order(store, told):
    store.listen(lambda change: change.name == "alpha" and store.set("pitch", 1, "listener"))
    store.listen(told.append)
    store.set("alpha", 1, "hand")
    assert [change.name for change in told] == ["alpha", "alpha", "pitch", "pitch"]


def test_an_ended_listener_hears_nothing(store):
    heard = []
    end = store.listen(heard.append)
    end()
    store.set("alpha", 1, "hand")
    assert heard == []


def test_a_snapshot_loads_again(store):
    store.load({"a.strength": 0.2, "b.strength": 0.6, "alpha": 0.5, "a.prompt": "dub"})
    other = ParameterStore(store.snapshot())
    assert other.snapshot() == store.snapshot()


@given(
    st.lists(
        st.tuples(
            st.sampled_from([*PARAMETERS, "nothing"]),
            st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary(), st.just([1])),
        ),
        max_size=30,
    )
)
def test_whatever_is_sent_every_value_stays_in_range(messages):
    store = ParameterStore()
    for name, raw in messages:
        try:
            store.set(name, raw, "fuzz")
        except ValueRefused as refusal:
            assert name in str(refusal)
    for name, value in store.snapshot().items():
        parameter = PARAMETERS[name]
        if parameter.bounded:
            assert parameter.minimum <= value <= parameter.maximum
        elif parameter.kind is Kind.TEXT:
            assert isinstance(value, str)
