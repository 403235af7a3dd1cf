"""A loaded model: its parts, and what a request may leave open."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from riffsynth.diffusion.keys import TONICS
from riffsynth.diffusion.model_error import ModelError
from riffsynth.diffusion.strengths import DEFAULT_STRENGTH, STRAIGHT, Curve, noise_at
from riffsynth.spectrogram.spec import SpectrogramSpec

DEFAULTS_FILE = "riffsynth.json"


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a model is best asked with; read from `riffsynth.json` in its folder."""

    steps: int = 20
    guidance: float = 7.0
    noise_at_strength: Curve = STRAIGHT
    """With how much noise a clip begins.

    What an init clip loses to noise is not even: a model may leave nearly all of it up to 0.8. These points make each
    part of the strength's way change the clip as much.
    """
    home: dict[str, str] = field(default_factory=dict)
    """The tonic in which the model plays each mode ("minor": "A"), names as in `keys.TONICS`: a prompt that names
    another key is asked for there, and what was made is transposed. Empty where the model knows all keys, or none."""
    strength: float = DEFAULT_STRENGTH
    """Against an init clip, where none is given."""
    half_on_cpu: bool = False
    """The U-Net is as good in bfloat16, on a CPU that multiplies it."""
    solver_order: int = 1
    """Of the steps along a flow: 1 is Euler's, and all that a model distilled to a few steps knows; 2 looks ahead."""
    absence_weight: float = 0.0
    """How far guidance leads away from what a prompt refuses ("no drums") rather than from the negative prompt,
    0..1."""

    def noise(self, strength: float) -> float:
        """0..1 for a strength in 0..1; both rise together."""
        return noise_at(self.noise_at_strength, strength)

    @classmethod
    def load(cls, folder: Path) -> Defaults:
        """Raises ModelError naming the file when it is there and cannot be read."""
        path = folder / DEFAULTS_FILE
        if not path.exists():
            return cls()
        try:
            fields = json.loads(path.read_text())
            defaults = cls(int(fields["default_steps"]), float(fields["default_guidance"]))
            points = fields.get("noise_at_strength", defaults.noise_at_strength)
            home = {str(mode): str(tonic) for mode, tonic in fields.get("home", {}).items()}
            curve = tuple((float(strength), float(noise)) for strength, noise in points)
            strength = float(fields.get("default_strength", defaults.strength))
            half = bool(fields.get("half_on_cpu", defaults.half_on_cpu))
            order = int(fields.get("solver_order", defaults.solver_order))
            absence = float(fields.get("absence_weight", defaults.absence_weight))
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise ModelError(f"{path}: not a file of defaults: {error!r}") from error
        if defaults.steps < 1:
            raise ModelError(f"{path}: default_steps must be at least 1, found {defaults.steps}")
        if curve[:1] + curve[-1:] != ((0, 0), (1, 1)) or not (np.diff(curve, axis=0) > 0).all():
            raise ModelError(f"{path}: noise_at_strength must rise from [0, 0] to [1, 1]")
        if unknown := set(home.values()) - set(TONICS):
            raise ModelError(f"{path}: home has {', '.join(sorted(unknown))}; a tonic is one of {', '.join(TONICS)}")
        if not 0 <= strength <= 1:
            raise ModelError(f"{path}: default_strength is a number 0..1, found {strength:g}")
        if order not in (1, 2):
            raise ModelError(f"{path}: solver_order is 1 or 2, found {order}")
        if not 0 <= absence <= 1:
            raise ModelError(f"{path}: absence_weight is a number 0..1, found {absence:g}")
        return replace(
            defaults,
            noise_at_strength=curve,
            home=home,
            strength=strength,
            half_on_cpu=half,
            solver_order=order,
            absence_weight=absence,
        )


@dataclass(frozen=True)
class Model:
    """The parts of a Stable Diffusion folder on one device, ready to be called."""

    name: str
    unet: Any
    vae: Any
    text_encoder: Any
    tokenizer: Any
    scheduler: Any
    spec: SpectrogramSpec
    defaults: Defaults
    device: torch.device
    dtype: torch.dtype
    small_decoder: Any = None
    """An AutoencoderTiny that decodes in place of `vae`, which goes on encoding."""

    @property
    def decoder(self) -> Any:
        """What makes pictures of latents."""
        return self.small_decoder or self.vae

    @property
    def vae_scale(self) -> int:
        """Spectrogram rows and columns to one of the latents."""
        return 2 ** (len(self.vae.config.block_out_channels) - 1)

    @property
    def latent_shape(self) -> tuple[int, int, int, int]:
        """(1, channels, bands / vae_scale, columns / vae_scale) of one clip."""
        return (
            1,
            self.vae.config.latent_channels,
            self.spec.bands // self.vae_scale,
            self.spec.columns // self.vae_scale,
        )
