"""The embedded model knows where the bar begins."""

from __future__ import annotations

import pytest

downbeat = pytest.importorskip("downbeat")


def test_kicks_are_heard_on_the_beat():
    figures = downbeat.run(seeds=6)
    assert figures["beats_with_an_onset"] >= 0.9
    assert figures["onsets_near_a_beat"] >= 0.9
