"""Generate clips from prompts with rectified flow and classifier-free guidance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from diffusers import AutoencoderKL, FlowMatchEulerDiscreteScheduler, UNet2DConditionModel
from torch import Tensor
from transformers import BertModel, BertTokenizer

from training.autoencoder import LATENT_CHANNELS
from training.data import from_model
from training.text import tokens
from training.unet import COLUMNS, ROWS, positions

STEPS = 5
GUIDANCE = 3.0


@dataclass(frozen=True, slots=True)
class Parts:
    """The model's parts, ready to run."""

    unet: UNet2DConditionModel
    vae: AutoencoderKL
    text_encoder: BertModel
    tokenizer: BertTokenizer
    scheduler: FlowMatchEulerDiscreteScheduler


@torch.no_grad()
def generate(
    parts: Parts, prompts: list[str], seeds: list[int], steps: int = STEPS, guidance: float = GUIDANCE
) -> Tensor:
    """Image values 0..1 (n, bands, columns), one clip for each prompt and seed."""
    shape = (LATENT_CHANNELS, ROWS, COLUMNS)
    noise = [torch.randn(shape, generator=torch.Generator().manual_seed(seed)) for seed in seeds]
    latents = torch.stack(noise)
    text = parts.text_encoder(tokens(parts.tokenizer, [""] * len(prompts) + prompts)).last_hidden_state
    # The scheduler's own spacing would spend its last step between 0.001 and 0.
    parts.scheduler.set_timesteps(sigmas=np.linspace(1.0, 1.0 / steps, steps))
    place = positions(len(prompts))
    for time in parts.scheduler.timesteps:
        x = torch.cat([latents, place], 1)
        without, with_text = parts.unet(torch.cat([x, x]), time, text).sample.chunk(2)
        velocity = without + guidance * (with_text - without)
        latents = parts.scheduler.step(velocity, time, latents).prev_sample
    return from_model(parts.vae.decode(latents).sample)[:, 0]
