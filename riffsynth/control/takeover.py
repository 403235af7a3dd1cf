"""What a knob does whose position is not the parameter's: soft takeover.

All of it counts in positions 0..1 of the knob.
"""

from __future__ import annotations

from typing import Literal

Takeover = Literal["pickup", "jump", "scale"]

NEAR = 1.5 / 127
"""A knob of 7 bits this close has reached the value."""


def picked_up(last: float | None, position: float, current: float) -> bool:
    """Has a knob that moved from `last` to `position` reached or passed the parameter's `current` position?"""
    if abs(position - current) <= NEAR:
        return True
    return last is not None and (last - current) * (position - current) <= 0


def scaled(last: float | None, position: float, current: float) -> float:
    """Where the parameter goes: it shares out the way that is left, so that both reach the end of the range together.

    A knob that is heard of for the first time only tells where it stands.
    """
    if last is None:
        return position if abs(position - current) <= NEAR else current
    if position > last:
        return current + (1 - current) * (position - last) / (1 - last)
    if position < last:
        return current * position / last
    return current
