"""Between two ends, as Riffusion walks: numbers and embeddings in a straight line, noise along a sphere."""

from __future__ import annotations

import torch
from torch import Tensor

PARALLEL = 0.9995
"""Above this cosine the sphere is flat enough for a straight line (and the arc's formula divides by zero)."""


def lerp(a: Tensor, b: Tensor, alpha: float) -> Tensor:
    """The straight line from `a` (alpha 0) to `b` (alpha 1), both ends exact."""
    if alpha <= 0:
        return a
    return b if alpha >= 1 else (1 - alpha) * a + alpha * b


def slerp(a: Tensor, b: Tensor, alpha: float) -> Tensor:
    """Spherical interpolation of two tensors of one shape, each taken as one long vector (Shoemake, 1985)."""
    if alpha <= 0:
        return a
    if alpha >= 1:
        return b
    cosine = float((a * b).sum() / (a.norm() * b.norm()))
    if abs(cosine) > PARALLEL:
        return lerp(a, b, alpha)
    angle = torch.arccos(torch.tensor(cosine, dtype=torch.float64))
    from_a = float(torch.sin((1 - alpha) * angle) / torch.sin(angle))
    from_b = float(torch.sin(alpha * angle) / torch.sin(angle))
    return from_a * a + from_b * b


def noise_of(seed: int, shape: tuple[int, ...]) -> Tensor:
    """Standard normal noise of `shape`, float32: made on the CPU, so that a seed is the same on every device."""
    return torch.randn(shape, generator=torch.Generator("cpu").manual_seed(seed), dtype=torch.float32)
