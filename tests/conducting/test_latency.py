"""What a move takes until the clip that was made for it is heard."""

from __future__ import annotations

from riffsynth.conducting.latency import ClipLatency
from riffsynth.control.store import Change


def moved(latency, name, now):
    latency.changed(Change(name, 1, "osc"), now)


def test_a_move_is_followed_to_the_clip_that_was_asked_for_after_it():
    latency = ClipLatency()
    moved(latency, "a.prompt", 1.0)
    latency.asked()
    moved(latency, "b.seed", 1.5)  # the clip that is being made knows nothing of it
    latency.enters(made_now=True)
    latency.heard(3.0)
    assert latency.measured == {"a.prompt": 2.0}
    latency.asked()
    latency.enters(made_now=True)
    latency.heard(5.0)
    assert latency.measured == {"a.prompt": 2.0, "b.seed": 3.5}


def test_of_a_sweep_the_last_move_before_the_request_counts():
    latency = ClipLatency()
    for step in range(8):
        moved(latency, "alpha", step / 8)
    latency.asked()
    latency.enters(made_now=True)
    latency.heard(1.375)
    assert latency.measured == {"alpha": 0.5}


def test_a_clip_that_is_there_already_counts_too_and_what_needs_none_does_not():
    latency = ClipLatency()
    moved(latency, "preset", 1.0)
    moved(latency, "level", 1.0)
    latency.enters(made_now=False)
    latency.heard(1.25)
    moved(latency, "a.negative", 2.0)
    latency.rests()
    latency.enters(made_now=False)
    latency.heard(9.0)
    assert latency.measured == {"preset": 0.25}
