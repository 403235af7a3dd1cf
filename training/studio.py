"""What measuring a model needs: the package's own generator, the listener, the real clips, and the synthesis."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from riffsynth.diffusion.generator import Generator
from riffsynth.diffusion.loading import load_model
from riffsynth.diffusion.request import ClipRequest, End
from riffsynth.spectrogram.analysis import analyse_loop, from_image, to_image
from riffsynth.spectrogram.clip import Clip
from riffsynth.spectrogram.spec import EMBEDDED
from training.data import load_clips
from training.listener import Listener
from training.paths import HELD_OUT

BATCH = 16
TEMPO = 120.0


class Studio:
    """The model, the listener and the real clips, each loaded when it is first asked for."""

    def __init__(self, folder: Path, steps: int | None, guidance: float | None) -> None:
        self.generator = Generator(load_model(folder))
        defaults = self.generator.model.defaults
        self.steps, self.guidance = steps or defaults.steps, guidance or defaults.guidance
        self.folder = folder

    @cached_property
    def listener(self) -> Listener:
        return Listener.load()

    @cached_property
    def _held_out(self) -> tuple[Tensor, list[dict[str, Any]]]:
        images, clips = load_clips(HELD_OUT)
        return images[:, 0].float() / 255.0, clips

    @property
    def real(self) -> Tensor:
        return self._held_out[0]

    @property
    def clips(self) -> list[dict[str, Any]]:
        return self._held_out[1]

    def end(self, prompt: str, seed: int, strength: float = 1.0) -> End:
        return End(prompt, seed=seed, strength=strength, guidance=self.guidance)

    def make(self, texts: list[str], seeds: list[int], steps: int | None = None) -> Tensor:
        """Images, one for each prompt and seed."""
        ends = [self.end(text, seed) for text, seed in zip(texts, seeds, strict=True)]
        return self.answer([ClipRequest(0, end, end, steps=steps or self.steps) for end in ends])

    def answer(self, requests: list[ClipRequest]) -> Tensor:
        """Images of requests that can share a batch."""
        parts = [requests[i : i + BATCH] for i in range(0, len(requests), BATCH)]
        made = [clip for part in parts for clip in self.generator.generate_all(part)]
        return torch.from_numpy(np.stack([to_image(clip.mel, clip.spec) for clip in made]))


def synthesised(images: Tensor) -> Tensor:
    """Images as they are seen again after a player has played them."""
    clips = [Clip(from_image(image.numpy(), EMBEDDED), EMBEDDED) for image in images]
    seen = [analyse_loop(clip.sound(TEMPO), EMBEDDED.sample_rate, EMBEDDED) for clip in clips]
    return torch.from_numpy(np.stack([to_image(mel, EMBEDDED) for mel in seen]))
