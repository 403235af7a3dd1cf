"""A tempo map's arithmetic."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riffsynth.timing.tempo_map import TempoMap

CHANGES = st.lists(st.tuples(st.floats(0, 1000), st.floats(1, 1000)), max_size=30)


@pytest.mark.parametrize(
    ("changes", "beat", "time"),
    [
        ([], 4.0, 2.0),
        ([(0.0, 60.0)], 4.0, 4.0),
        ([(0.0, 60.0), (4.0, 120.0)], 8.0, 6.0),
        ([(4.0, 120.0), (0.0, 60.0)], 4.0, 4.0),
        ([(0.0, 60.0), (0.0, 240.0)], 4.0, 1.0),
        ([(0.0, 5.0)], 1.0, 3.0),
        ([(0.0, 6000.0)], 1.0, 0.15),
    ],
)
def test_seconds_to_a_beat(changes: list[tuple[float, float]], beat: float, time: float) -> None:
    assert TempoMap(changes).time_at(beat) == pytest.approx(time)


@given(CHANGES, st.floats(0, 2000), st.floats(0, 10))
def test_time_goes_on_between_20_and_400_beats_a_minute(
    changes: list[tuple[float, float]], beat: float, more: float
) -> None:
    passed = TempoMap(changes).time_at(beat + more) - TempoMap(changes).time_at(beat)
    assert more * 60 / 400 - 1e-6 <= passed <= more * 60 / 20 + 1e-6
