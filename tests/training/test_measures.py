"""Figures of images whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from training.measures import (
    beat_figures,
    closeness,
    frechet_distance,
    rank_correlation,
    regular_grain,
    roughness_db,
    seam_ratio,
    share_of_steps,
    spread,
)


def test_equal_clouds_are_no_distance_apart_and_a_shift_is_its_square() -> None:
    features = torch.randn(400, 6, generator=torch.Generator().manual_seed(0))
    assert frechet_distance(features, features) == pytest.approx(0.0, abs=1e-6)
    assert frechet_distance(features, features + 2.0) == pytest.approx(6 * 4.0, rel=1e-6)
    assert frechet_distance(features, 3.0 * features) > 1.0


def test_spread_follows_the_scale() -> None:
    features = torch.randn(50, 6, generator=torch.Generator().manual_seed(0))
    assert spread(2.0 * features) == pytest.approx(2.0 * spread(features), rel=1e-5)


def test_noise_is_rougher_than_a_steady_sound() -> None:
    noise = torch.rand(2, 192, 256, generator=torch.Generator().manual_seed(0))
    assert roughness_db(noise) > 5.0
    assert roughness_db(torch.full((2, 192, 256), 0.5)) == 0.0


def test_a_grid_is_regular_and_grain_is_not() -> None:
    random = torch.Generator().manual_seed(0)
    real, grain = (0.5 + 0.05 * torch.randn(4, 192, 256, generator=random) for _ in range(2))
    grid = 0.5 + 0.05 * torch.sin(2 * torch.pi * torch.arange(256) / 2.3).expand(4, 192, 256)
    assert regular_grain(grain, real) == pytest.approx(1.0, abs=0.3)
    assert regular_grain(grid, real) > 10.0


def test_a_step_at_the_seam_is_seen() -> None:
    ramp = torch.linspace(0.2, 0.8, 256).expand(1, 192, 256)
    assert seam_ratio(ramp) > 50.0
    noise = torch.rand(40, 192, 256, generator=torch.Generator().manual_seed(0))
    assert seam_ratio(noise) == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize(("late_columns", "on_the_beat"), [(0, 1.0), (16, 0.0)])
def test_a_click_a_beat_is_on_it_or_off_it(late_columns: int, on_the_beat: float) -> None:
    clicks = torch.zeros(1, 192, 256)
    clicks[:, :, late_columns::32] = 0.8
    figures = beat_figures(clicks, 32.0)
    assert figures["on the beat"] == on_the_beat
    assert figures["onsets a clip"] == 8 and figures["clips with one a beat"] == 1.0


def test_silence_has_no_onsets() -> None:
    assert beat_figures(torch.zeros(2, 192, 256), 32.0)["on the beat"] == 0.0


def test_curves() -> None:
    falling = [5.0, 3.0, 2.0, 1.0]
    assert rank_correlation([0, 1, 2, 3], falling) == pytest.approx(-1.0)
    assert share_of_steps(falling) == pytest.approx([0.5, 0.25, 0.25])
    images = torch.stack([torch.zeros(4, 4), torch.ones(4, 4)])
    assert np.allclose(closeness(images, images[0]), [0.0, -1.0])
