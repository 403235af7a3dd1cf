"""From one line to the next without a step: what a listener hears of a correction."""

from __future__ import annotations

from riffsynth.timing.timeline import Timeline

NEAR_S = 0.03
"""A song that is this far off, or less, is steered back; further off, it jumps and the player crossfades."""
STEERING_S = 0.1
"""In which a correction is made: about as far ahead as the player makes its sound."""
SLOWEST, FASTEST = 0.5, 2.0
"""Shares of the tempo that steering keeps to, so that the song never stands or runs backwards."""


def steered(current: Timeline, target: Timeline, now: float) -> tuple[Timeline, bool]:
    """The timeline from `now` on that leads from `current` to `target`, both playing; and whether it jumps.

    It starts at the current beat and meets the target in STEERING_S, where a new one should follow. A target that is
    far off is returned itself.
    """
    behind = target.beat_at(now) - current.beat_at(now)
    speed = target.beats_per_second
    if abs(behind) > NEAR_S * speed:
        return target.anchored(now), True
    steering = min(FASTEST * speed, max(SLOWEST * speed, speed + behind / STEERING_S))
    return Timeline(now, current.beat_at(now), steering), False
