"""The U-Net, and the four channels that tell it where in the beat and in the clip a column lies."""

from __future__ import annotations

import math

import torch
from diffusers import UNet2DConditionModel
from torch import Tensor

from riffsynth.diffusion.circular import make_circular
from training.autoencoder import LATENT_CHANNELS
from training.compose import BEATS
from training.text import HIDDEN

ROWS, COLUMNS = 24, 32
POSITION_CHANNELS = 4


def build() -> UNet2DConditionModel:
    """Latents (B, 8 + 4, 24, 32) and text (B, 64, HIDDEN) to velocity (B, 8, 24, 32); circular along time."""
    return make_circular(
        UNet2DConditionModel(
            sample_size=(ROWS, COLUMNS),
            in_channels=LATENT_CHANNELS + POSITION_CHANNELS,
            out_channels=LATENT_CHANNELS,
            down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
            up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
            block_out_channels=(48, 96, 192),
            layers_per_block=1,
            cross_attention_dim=HIDDEN,
            attention_head_dim=4,  # the number of heads, as diffusers reads it
            norm_num_groups=16,
            resnet_time_scale_shift="scale_shift",  # pooled text joins the time here, and reaches every layer
            addition_embed_type="text",
            addition_embed_type_num_heads=8,
        )
    )


def positions(batch: int, rows: int = ROWS, columns: int = COLUMNS, beats: float = BEATS) -> Tensor:
    """(batch, 4, rows, columns): sine and cosine of the position in the beat, then of the position in the clip."""
    clip = torch.arange(columns) / columns
    angles = 2.0 * math.pi * torch.stack([beats * clip, clip])
    waves = torch.stack([angles[0].sin(), angles[0].cos(), angles[1].sin(), angles[1].cos()])
    return waves[None, :, None, :].expand(batch, -1, rows, -1)
