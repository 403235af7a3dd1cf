"""Prompts that are lined up, and when they go."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riffsynth.parameters import ValueRefused
from riffsynth.web.prompt_queue import MOST_WAITING, PromptQueue

ENTRIES = [{"end": "a", "text": "dub"}, {"end": "b", "text": "rain"}, {"end": "a", "text": "organ"}]


def filled(bars=4):
    queue = PromptQueue()
    queue.replace({"waiting": ENTRIES, "bars": bars})
    return queue


def went(queue, beats, meter=4):
    return [(beat, due.parameter, due.text) for beat in beats if (due := queue.due(beat, meter))]


def test_one_goes_at_each_boundary_and_none_before_the_first():
    queue = filled(bars=2)
    assert went(queue, [3.0 + step / 10 for step in range(400)]) == [
        (pytest.approx(8, abs=0.11), "a.prompt", "dub"),
        (pytest.approx(16, abs=0.11), "b.prompt", "rain"),
        (pytest.approx(24, abs=0.11), "a.prompt", "organ"),
    ]
    assert queue.told() == {"waiting": [], "bars": 2}


def test_by_hand_nothing_goes_by_itself():
    queue = filled(bars=0)
    assert went(queue, range(100)) == []
    assert queue.take().text == "dub"


def test_other_bars_count_from_here():
    queue = filled(bars=4)
    queue.due(15.0, 4)
    queue.replace(queue.told() | {"bars": 1})
    assert queue.due(16.5, 4) is None
    assert queue.due(20.5, 4).text == "dub"


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"waiting": ENTRIES},
        {"waiting": [{"end": "c", "text": "x"}], "bars": 4},
        {"waiting": [{"end": "a", "text": ""}], "bars": 4},
        {"waiting": [{"end": "a", "text": 7}], "bars": 4},
        {"waiting": [{"end": "a", "text": "x" * 5000}], "bars": 4},
        {"waiting": ENTRIES * MOST_WAITING, "bars": 4},
        {"waiting": ENTRIES, "bars": -1},
        {"waiting": ENTRIES, "bars": float("inf")},
        {"waiting": 5, "bars": 4},
    ],
)
def test_what_is_no_queue_changes_nothing(asked):
    queue = filled()
    with pytest.raises(ValueRefused):
        queue.replace(asked)
    assert queue.told() == {"waiting": ENTRIES, "bars": 4}


anything = st.recursive(
    st.none() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["end", "text", "x"]), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["waiting", "bars", "do"]), anything))
def test_whatever_a_page_sends_is_a_queue_or_is_refused(asked):
    queue = filled()
    try:
        queue.replace(asked)
    except ValueRefused:
        assert queue.told()["waiting"] == ENTRIES
    went(queue, [0, 1000, 2000])
