"""A loaded model: its parts, and what a request may leave open."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from riffsynth.diffusion.model_error import ModelError
from riffsynth.spectrogram.spec import SpectrogramSpec

DEFAULTS_FILE = "riffsynth.json"


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a model is best asked with; read from `riffsynth.json` in its folder."""

    steps: int = 20
    guidance: float = 7.0

    @classmethod
    def load(cls, folder: Path) -> Defaults:
        """Raises ModelError naming the file when it is there and cannot be read."""
        path = folder / DEFAULTS_FILE
        if not path.exists():
            return cls()
        try:
            fields = json.loads(path.read_text())
            defaults = cls(int(fields["default_steps"]), float(fields["default_guidance"]))
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise ModelError(f"{path}: not a file of defaults: {error!r}") from error
        if defaults.steps < 1:
            raise ModelError(f"{path}: default_steps must be at least 1, found {defaults.steps}")
        return defaults


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
