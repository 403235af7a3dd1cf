"""Few steps without guidance: a model learns to do in one step what its teacher does in several guided ones.

Progressive distillation (Salimans and Ho 2022) of guided sampling (Meng et al. 2023), along the paths of a rectified
flow: `python -m training.diffusion --teacher FOLDER --start FOLDER`.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from training.denoiser import Velocity

STUDENT_STEPS = 4
"""A step of the student covers this part of the way from noise to clip."""
TEACHER_STEPS = 2
"""So many of the teacher's."""
TEACHER_GUIDANCE = 3.0


def distilled_loss(
    student: Velocity, teacher: Velocity, data: Tensor, ids: Tensor, empty: Tensor, generator: torch.Generator
) -> Tensor:
    """Mean square distance of the student's velocity from the teacher's mean one over a step of the student.

    Steps begin anywhere on the way, as they do with strength. `empty` (1, 64) is the caption that guidance leads away
    from.
    """
    sigma = 1.0 - torch.rand(len(data), generator=generator, device=data.device)
    noise = torch.randn(data.shape, generator=generator, device=data.device)
    start = (1.0 - _wide(sigma)) * data + _wide(sigma) * noise
    length = torch.minimum(sigma, torch.full_like(sigma, 1.0 / STUDENT_STEPS))
    with torch.no_grad():
        moved = start
        for step in range(TEACHER_STEPS):
            here = sigma - length * step / TEACHER_STEPS
            moved = moved - _wide(length) / TEACHER_STEPS * _guided(teacher, moved, here, ids, empty)
        wanted = (start - moved) / _wide(length)
    return functional.mse_loss(student(start, sigma, ids).float(), wanted)


def _guided(teacher: Velocity, latents: Tensor, sigma: Tensor, ids: Tensor, empty: Tensor) -> Tensor:
    """Classifier-free guidance (Ho and Salimans 2022)."""
    both = torch.cat([empty.expand_as(ids), ids])
    away, towards = teacher(latents.repeat(2, 1, 1, 1), sigma.repeat(2), both).float().chunk(2)
    return away + TEACHER_GUIDANCE * (towards - away)


def _wide(values: Tensor) -> Tensor:
    """(B,) as it multiplies latents."""
    return values[:, None, None, None]
