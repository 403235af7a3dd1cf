"""What the decoder is told of grain: as strong, as coarse, and no grid."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from training.losses import texture_loss


def pictures(grain: Tensor | float) -> Tensor:
    return torch.full((4, 1, 192, 128), -0.2) + grain


@pytest.fixture
def grains() -> tuple[Tensor, Tensor]:
    random = torch.Generator().manual_seed(0)
    return tuple(0.1 * torch.randn(4, 1, 192, 128, generator=random) for _ in range(2))  # type: ignore[return-value]


def test_another_grain_of_the_same_kind_is_good_and_none_is_not(grains: tuple[Tensor, Tensor]) -> None:
    real, other = map(pictures, grains)
    alike, smooth = texture_loss(other, real), texture_loss(pictures(0.0), real)
    assert texture_loss(real, real) == 0.0
    assert alike < 0.3 * smooth
    assert alike < texture_loss(pictures(0.5 * grains[1]), real) < smooth


def test_a_grid_of_the_same_strength_is_worse_than_nothing(grains: tuple[Tensor, Tensor]) -> None:
    real = pictures(grains[0])
    lines = 0.1 * 2**0.5 * torch.sin(2 * torch.pi * torch.arange(128) / 2.3)
    assert texture_loss(pictures(lines), real) > texture_loss(pictures(0.0), real)
