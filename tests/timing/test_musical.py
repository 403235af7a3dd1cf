"""Counting bars."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riffsynth.timing.musical import (
    QUANTIZE,
    bar_position,
    beat_of_bar,
    loop_length,
    next_entry,
    quantize_beats,
)
from riffsynth.timing.timeline import Timeline, next_boundary


@pytest.mark.parametrize(
    ("beat", "meter", "text"),
    [(0.0, 4, "1.1"), (3.99, 4, "1.4"), (4.0, 4, "2.1"), (64.0, 4, "17.1"), (7.5, 3, "3.2"), (-0.5, 4, "0.4")],
)
def test_bars_and_beats_are_counted_from_one(beat: float, meter: int, text: str) -> None:
    assert str(bar_position(beat, meter)) == text


@given(st.floats(-1e6, 1e6), st.integers(1, 16))
def test_a_position_names_its_beat(beat: float, meter: int) -> None:
    position = bar_position(beat, meter)
    assert 1.0 <= position.beat <= meter + 1.0
    assert beat_of_bar(position.bar, meter) + position.beat - 1.0 == pytest.approx(beat, abs=1e-6)


def test_quantize_in_beats() -> None:
    assert [quantize_beats(name, 4) for name in QUANTIZE] == [0, 1, 4, 8, 16, 32]
    assert [quantize_beats(name, 3) for name in QUANTIZE] == [0, 1, 3, 6, 12, 24]
    with pytest.raises(ValueError, match="2 bars"):
        quantize_beats("sometimes", 4)


@pytest.mark.parametrize(("clip", "meter", "loop"), [(8, 4, 8), (8, 3, 6), (8, 5, 5), (8, 16, 8), (6, 3, 6)])
def test_loop_is_whole_bars(clip: float, meter: int, loop: float) -> None:
    assert loop_length(clip, meter) == loop


@given(st.floats(-1e4, 1e4), st.sampled_from([0.25, 0.5, 1.0, 3.0, 4.0, 8.0, 16.0, 32.0]))
def test_a_boundary_is_the_first_multiple_not_yet_passed(beat: float, quantize: float) -> None:
    boundary = next_boundary(beat, quantize)
    assert boundary / quantize == round(boundary / quantize)
    assert -1e-5 * quantize <= boundary - beat < quantize


def test_an_entry_leaves_time_to_prepare() -> None:
    timeline = Timeline(10.0, 0.0, 2.0)
    assert next_entry(timeline, 11.9, 4.0) == 4.0
    assert next_entry(timeline, 11.9, 4.0, lead_s=0.2) == 8.0
    assert next_entry(timeline.stopped(11.0), 99.0, 4.0) == 4.0
    assert next_entry(timeline, 11.9, 0.0) == pytest.approx(3.8)
