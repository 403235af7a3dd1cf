"""Riffusion's request written out plainly, from its description alone: nothing of riffsynth's diffusion is used.

Prompts are given as the pieces and weights that they mean; the picture is (bands, columns) of 0..1, low bands first.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Pieces = list[tuple[str, float]]


@dataclass
class PlainEnd:
    prompt: Pieces
    negative: Pieces
    seed: int
    denoising: float
    guidance: float


@torch.no_grad()
def riffuse(
    model: Any,
    scheduler: str,
    start: PlainEnd,
    end: PlainEnd,
    alpha: float,
    steps: int,
    loudness: NDArray[np.float32],
    mask: NDArray[np.float32] | None = None,
) -> NDArray[np.float32]:
    """(bands, columns) loudness 0..1 of the clip; `mask` is 1 where it is painted anew."""
    texts = [words(model, pieces) for pieces in (start.prompt, end.prompt, start.negative, end.negative)]
    longest = max(text.shape[1] for text in texts)
    texts = [torch.cat([text] * (longest // text.shape[1]), 1) for text in texts]
    text = texts[0] + alpha * (texts[1] - texts[0])
    negative = texts[2] + alpha * (texts[3] - texts[2])
    guidance = start.guidance * (1 - alpha) + end.guidance * alpha
    strength = start.denoising * (1 - alpha) + end.denoising * alpha

    picture = torch.from_numpy(1 - loudness[::-1].copy()).repeat(1, 3, 1, 1) * 2 - 1
    init = model.vae.encode(picture).latent_dist.mean * model.vae.config.scaling_factor
    noise = between(alpha, seeded(start.seed, init.shape), seeded(end.seed, init.shape))
    repaint = torch.ones_like(init)
    if mask is not None:
        repaint = torch.from_numpy(mask[::-1].copy())[4::8, 4::8].expand_as(init)

    levels = torch.cumprod(1 - torch.linspace(0.00085**0.5, 0.012**0.5, 1000) ** 2, 0)
    stride = 1000 // steps
    moments = [1 + stride * i for i in reversed(range(steps))][steps - int(steps * strength) :]

    def noised(moment: int) -> Tensor:
        return levels[moment].sqrt() * init + (1 - levels[moment]).sqrt() * noise

    def predict(latents: Tensor, moment: int) -> Tensor:
        away, towards = model.unet(torch.cat([latents] * 2), moment, torch.cat([negative, text])).sample.chunk(2)
        return away + guidance * (towards - away)

    walk = ddim if scheduler == "DDIM" else plms
    latents = walk(levels, stride, moments, noised(moments[0]), predict, noised, init, repaint)
    image = model.vae.decode(latents / model.vae.config.scaling_factor).sample[0].mean(0) / 2 + 0.5
    return np.asarray((1 - image.numpy()[::-1]).clip(0, 1), np.float32)


def words(model: Any, pieces: Pieces) -> Tensor:
    """75 words at a time between begin and end; weighted, and brought back to the mean that they had."""
    tokenizer = model.tokenizer
    tokens = [(t, w) for text, w in pieces for t in tokenizer(text, add_special_tokens=False).input_ids]
    chunks = [tokens[i : i + 75] for i in range(0, len(tokens), 75)] or [[]]
    found, weights = [], []
    for chunk in chunks:
        padding = 75 - len(chunk)
        pad = [tokenizer.pad_token_id] * padding
        ids = [tokenizer.bos_token_id, *(t for t, _ in chunk), tokenizer.eos_token_id, *pad]
        found.append(model.text_encoder(torch.tensor([ids]))[0])
        weights += [1.0, *(w for _, w in chunk), 1.0, *[1.0] * padding]
    embeddings = torch.cat(found, 1)
    weighted = embeddings * torch.tensor(weights)[None, :, None]
    return weighted * embeddings.mean() / weighted.mean()


def seeded(seed: int, shape: torch.Size) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def between(alpha: float, a: Tensor, b: Tensor) -> Tensor:
    """Along the sphere, the whole tensor as one vector; in a straight line where they are nearly parallel."""
    dot = float((a / a.norm() * (b / b.norm())).sum())
    if abs(dot) > 0.9995:
        return (1 - alpha) * a + alpha * b
    angle = math.acos(dot)
    return (math.sin((1 - alpha) * angle) * a + math.sin(alpha * angle) * b) / math.sin(angle)


def ddim(
    levels: Tensor, stride: int, moments: list[int], latents: Tensor, predict: Any, noised: Any, init: Any, repaint: Any
) -> Tensor:
    """Song, Meng and Ermon 2021, equation 12 without chance."""
    for moment in moments:
        epsilon = predict(latents, moment)
        here, there = levels[moment], levels[max(0, moment - stride)]
        clean = (latents - (1 - here).sqrt() * epsilon) / here.sqrt()
        latents = there.sqrt() * clean + (1 - there).sqrt() * epsilon
        kept = init if moment == moments[-1] else noised(moment)
        latents = latents * repaint + kept * (1 - repaint)
    return latents


def plms(
    levels: Tensor, stride: int, moments: list[int], latents: Tensor, predict: Any, noised: Any, init: Any, repaint: Any
) -> Tensor:
    """Liu, Ren, Lin and Zhao 2022: linear multistep, its first step taken twice."""
    past: list[Tensor] = []

    def move(x: Tensor, epsilon: Tensor, moment: int) -> Tensor:
        here, there = levels[moment], levels[max(0, moment - stride)]
        below = here * (1 - there).sqrt() + (here * (1 - here) * there).sqrt()
        return (there / here).sqrt() * x - (there - here) * epsilon / below

    def keep(x: Tensor, moment: int, last: bool) -> Tensor:
        return x * repaint + (init if last else noised(moment)) * (1 - repaint)

    for index, moment in enumerate(moments):
        past.append(predict(latents, moment))
        e = past[::-1]
        last = index == len(moments) - 1
        if index == 0:
            ahead = keep(move(latents, e[0], moment), moment, last)
            if not last:  # the second look, from where the first step led
                average = (predict(ahead, moments[1]) + e[0]) / 2
                ahead = keep(move(latents, average, moment), moments[1], False)
            latents = ahead
            continue
        if len(e) == 2:
            epsilon = (3 * e[0] - e[1]) / 2
        elif len(e) == 3:
            epsilon = (23 * e[0] - 16 * e[1] + 5 * e[2]) / 12
        else:
            epsilon = (55 * e[0] - 59 * e[1] + 37 * e[2] - 9 * e[3]) / 24
        latents = keep(move(latents, epsilon, moment), moment, last)
    return latents
