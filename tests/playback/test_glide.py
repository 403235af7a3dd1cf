from __future__ import annotations

import numpy as np
import pytest

from riffsynth.playback.glide import Glide


def test_it_moves_in_a_straight_line_from_where_it_is() -> None:
    glide = Glide(0.0, 0.02)
    glide.aim(1.0, 10.0)
    assert glide.at(np.array([9.0, 10.0, 10.01, 10.02, 11.0])) == pytest.approx([0.0, 0.0, 0.5, 1.0, 1.0])
    glide.aim(0.0, 10.01)  # turned back on the way
    assert glide.at(10.01) == pytest.approx(0.5)
    assert glide.at(10.02) == pytest.approx(0.25)
    assert not glide.settled(10.02)
    assert glide.settled(10.03)


def test_the_same_target_again_does_not_start_anew() -> None:
    glide = Glide(0.0, 0.02)
    glide.aim(1.0, 10.0)
    glide.aim(1.0, 10.01)
    assert glide.at(10.02) == pytest.approx(1.0)


def test_without_a_duration_it_jumps() -> None:
    glide = Glide(0.0, 0.0)
    glide.aim(1.0, 10.0)
    assert glide.at(np.array([9.99, 10.0])) == pytest.approx([0.0, 1.0])
