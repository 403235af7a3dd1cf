"""How fast the model is: what follows for the steps of a clip, and when one no longer comes."""

from __future__ import annotations

from riffsynth.diffusion.messages import Pace
from riffsynth.timing.timeline import Timeline, next_boundary

MIN_STEPS = 4
"""Fewer steps than this cost too much quality to be chosen automatically."""
BOUNDARY_MARGIN_S = 0.15
"""Spare time kept before a boundary when steps are chosen to meet it."""
LEAST_PATIENCE_S = 30.0
PATIENCE_STEPS = 30
"""A step may take this many times what steps take, at least LEAST_PATIENCE_S; then the worker hangs."""


def steps_in_time(pace: Pace, most: int, quantize: float, timeline: Timeline, now: float) -> int:
    """As many steps as are done before the next boundary, or the one after where that is too near; `most` at most."""
    if quantize <= 0 or not timeline.playing:
        return most
    boundary = next_boundary(timeline.beat_at(now), quantize)
    for _ in range(2):
        spare_s = timeline.time_at(boundary) - now - BOUNDARY_MARGIN_S - pace.overhead_s
        steps = int(spare_s / max(pace.step_s, 1e-6))
        if steps >= min(MIN_STEPS, most):
            return min(steps, most)
        boundary += quantize
    return min(MIN_STEPS, most)


def patience_s(pace: Pace | None) -> float:
    """How long a request may make no progress before none is to be expected."""
    return max(LEAST_PATIENCE_S, PATIENCE_STEPS * (pace.seconds(1) if pace else 0.0))
