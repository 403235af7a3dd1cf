"""Strength and the noise that a clip begins with: a model's curve between the two, read both ways."""

from __future__ import annotations

import numpy as np

Curve = tuple[tuple[float, float], ...]
"""(strength, noise) from (0, 0) to (1, 1), both rising; linear in between."""
STRAIGHT: Curve = ((0.0, 0.0), (1.0, 1.0))
"""Strength is the share of noise, as in Riffusion."""
DEFAULT_STRENGTH = 0.75
"""Riffusion's denoising of "keep it on beat"."""


def noise_at(curve: Curve, strength: float) -> float:
    """0..1 for a strength in 0..1."""
    strengths, noises = np.transpose(curve)
    return float(np.interp(strength, strengths, noises))


def strength_at(curve: Curve, noise: float) -> float:
    """The inverse of `noise_at`."""
    strengths, noises = np.transpose(curve)
    return float(np.interp(noise, noises, strengths))
