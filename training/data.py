"""Rendered clips in memory, as images and as latents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import AutoencoderKL
from torch import Tensor

from training.loop import autocast, best_device


def load_clips(folder: Path, limit: int | None = None) -> tuple[Tensor, list[dict[str, Any]]]:
    """Images (n, 1, bands, columns) uint8 and their descriptions, in the order of their shards."""
    images, clips = [], []
    for path in sorted(p for p in folder.glob("*.npy") if not p.name.endswith(".part.npy")):
        images.append(np.load(path))
        clips += [json.loads(line) for line in path.with_suffix(".jsonl").read_text().splitlines()]
        if limit is not None and len(clips) >= limit:
            break
    if not images:
        raise FileNotFoundError(f"no clips in {folder}: run python -m training.render first")
    return torch.from_numpy(np.concatenate(images))[:limit, None], clips[:limit]


def to_model(images: Tensor) -> Tensor:
    """uint8 images as the autoencoder takes them: float, -1 silence, 1 full scale."""
    return images.float() / 127.5 - 1.0


def from_model(images: Tensor) -> Tensor:
    """The inverse of `to_model`, as image values 0..1."""
    return (images.clamp(-1.0, 1.0) + 1.0) / 2.0


@torch.no_grad()
def encode_clips(vae: AutoencoderKL, images: Tensor, cache: Path) -> Tensor:
    """Latents (n, 8, 24, 32) of all images, kept in `cache` in half precision."""
    if cache.exists():
        stored = torch.load(cache)
        if len(stored) == len(images):
            return stored
    device = best_device()
    vae = vae.to(device)
    with autocast(device):
        parts = [vae.encode(to_model(part.to(device))).latent_dist.mode().half().cpu() for part in images.split(16)]
    vae.cpu()
    latents = torch.cat(parts)
    torch.save(latents, cache)
    return latents
