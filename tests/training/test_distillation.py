"""What a student learns: the teacher's guided way over one of its own steps."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from training.distillation import TEACHER_GUIDANCE, TEACHER_STEPS, distilled_loss

DATA = torch.randn(6, 8, 2, 4, generator=torch.Generator().manual_seed(1))
EMPTY, IDS = torch.zeros(1, 3, dtype=torch.long), torch.ones(6, 3, dtype=torch.long)


def loss(student, teacher) -> float:
    return float(distilled_loss(student, teacher, DATA, IDS, EMPTY, torch.Generator().manual_seed(2)))


def straight(latents: Tensor, sigma: Tensor, ids: Tensor) -> Tensor:
    """The velocity where DATA is all there is, whatever the caption says."""
    data = DATA.repeat(len(latents) // len(DATA), 1, 1, 1)
    return (latents - data) / sigma[:, None, None, None]


def test_on_a_straight_way_the_teacher_has_nothing_to_add() -> None:
    assert loss(straight, straight) < 1e-8
    assert loss(lambda *asked: 1.1 * straight(*asked), straight) > 1e-3


def test_the_students_one_forward_is_the_teachers_guided_two() -> None:
    def teacher(latents: Tensor, sigma: Tensor, ids: Tensor) -> Tensor:
        return torch.ones_like(latents) * ids[:, 0, None, None, None]

    assert loss(lambda latents, sigma, ids: TEACHER_GUIDANCE * torch.ones_like(latents), teacher) < 1e-8
    assert loss(lambda latents, sigma, ids: torch.ones_like(latents), teacher) == pytest.approx(4.0)


def test_the_way_is_as_long_as_one_step_of_the_student() -> None:
    asked: list[Tensor] = []

    def teacher(latents: Tensor, sigma: Tensor, ids: Tensor) -> Tensor:
        asked.append(sigma[: len(DATA)])
        return latents

    starts: list[Tensor] = []

    def student(latents: Tensor, sigma: Tensor, ids: Tensor) -> Tensor:
        starts.append(sigma)
        return latents

    loss(student, teacher)
    assert len(asked) == TEACHER_STEPS
    (start,) = starts
    assert torch.equal(asked[0], start)
    assert torch.allclose(asked[0] - asked[1], torch.clamp(start, max=0.25) / 2)
