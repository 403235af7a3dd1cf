"""What is asked of a model: two ends, the way between them, and the clip that strength works against."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from riffsynth.spectrogram.clip import Clip

OWN_SAMPLER = "own"
WHOLE = (0.0, 1.0)
"""All of a clip, as fractions of its length."""


@dataclass(frozen=True, slots=True)
class End:
    """One end of the way that alpha walks."""

    prompt: str = ""
    negative: str = ""
    seed: int = 0
    strength: float = 1.0
    """0 leaves the init clip as it is, 1 starts from noise."""
    guidance: float = 5.0


@dataclass(frozen=True, slots=True)
class ClipRequest:
    """A clip between `a` (alpha 0) and `b` (alpha 1).

    Text embeddings, strength and guidance are linear in alpha, initial noise is a spherical interpolation, as in
    Riffusion (riffusion_pipeline.py, 2022). `init` is the clip that strength works against, where `mask` lets it;
    without one the clip starts from noise whatever the strength is.
    """

    id: int
    a: End
    b: End
    alpha: float = 0.0
    steps: int = 8
    init: Clip | None = field(default=None, compare=False)
    mask: NDArray[np.float32] | None = field(default=None, compare=False)
    """(bands, columns) of the model's clip: how much of `init` is painted anew, 0..1; None is all of it."""
    repaint: tuple[float, float] = WHOLE
    """The part of the clip, in fractions of its length, that is painted anew; the rest is kept as `init` has it."""
    sampler: str = OWN_SAMPLER
    """One of `riffsynth.diffusion.schedulers.SAMPLERS`, or the model's own."""
    loras: tuple[tuple[str, float], ...] = ()
    """Files of LoRAs with their weights, added up."""

    @property
    def strength(self) -> float:
        """The strength at alpha."""
        return (1 - self.alpha) * self.a.strength + self.alpha * self.b.strength

    @property
    def guidance(self) -> float:
        """The guidance at alpha."""
        return (1 - self.alpha) * self.a.guidance + self.alpha * self.b.guidance
