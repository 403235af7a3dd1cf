"""Ten minutes of `make soak`."""

from __future__ import annotations

import sys

import pytest

soak = pytest.importorskip("soak")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")
def test_ten_minutes_on_stage_leave_nothing_behind():
    figures = soak.run(minutes=10)
    assert figures["faults"] >= 8
    assert figures["longest_without_an_answer_s"] <= 30
    assert figures["processes_left"] <= 8
    for name, row in figures["processes"].items():
        assert row["handles"] <= 2, name
        assert row["threads"] <= 1, name
    for name, most_mb in (("keeper", 150), ("control", 300), ("player", 300)):
        assert figures["processes"][name]["memory_mb"] < most_mb, name  # the slope is what an hour tells
