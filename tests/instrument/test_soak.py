"""Ten minutes of `make soak`."""

from __future__ import annotations

import json
import sys

import pytest

soak = pytest.importorskip("soak")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")
def test_ten_minutes_on_stage_leave_nothing_behind():
    figures = soak.run(minutes=10)
    print(json.dumps(figures))
    assert figures["faults"] >= 8
    assert figures["longest_without_an_answer_s"] <= 30
    assert figures["processes_more_than_at_first"] <= 0
    assert figures["processes_left"] == []
    for name, row in figures["processes"].items():
        assert row["handles"] <= 2, name
        assert row["threads"] <= 1, name
        assert row["memory_mb"] < (1000 if name == "worker" else 120), name
    for name in ("keeper", "control", "player"):
        # Of minutes a slope says little: one clip more at their end is as much as 20 MB an hour.
        assert figures["processes"][name]["slope_mb_an_hour"] < 60, name
