"""Riffusion's size of model on a CUDA GPU: a Stable Diffusion 1.5 of random weights, for arithmetic does not care.

`riffsynth bench gpu`. Text to a score on the host, through the generator that plays; beside it 50 guided steps of the
plain pipeline of diffusers with Riffusion's own settings from image to sound, on the same GPU in the same run.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from spectrogram import riffusion_sound

from riffsynth.diffusion.circular import make_circular
from riffsynth.diffusion.compiled import fast_unet
from riffsynth.diffusion.generator import Generator
from riffsynth.diffusion.model import Defaults, Model
from riffsynth.diffusion.request import ClipRequest, End
from riffsynth.diffusion.scoring import scorer
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.spectrogram.spec import RIFFUSION, SpectrogramSpec

RUNS = 50
SLOW_RUNS = 5
BATCH = 8
CLIP_S = 5.12
_NOISE = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}


def run(device: str = "cuda", small: bool = False, runs: int = RUNS) -> dict[str, Any]:
    """Times in ms (median, p99 where there are enough), and `ratio_to_riffusion`; `small` is for trying it out."""
    if device == "cuda" and not torch.cuda.is_available():
        return {"not_measured": "this machine has no CUDA GPU"}
    dtype = torch.float16 if device == "cuda" else torch.float32
    model = random_model(device, dtype, small)
    generator, grid = Generator(model), SynthesisGrid.for_rate(44100)
    score = scorer(model.device, model.spec, grid)
    number = 0

    def clip(steps: int, guidance: float, batch: int = 1) -> Callable[[], None]:
        def make() -> None:
            nonlocal number
            number += 1
            ends = [End(f"clip {number} {i}", seed=number + i, guidance=guidance) for i in range(batch)]
            for made in generator.generate_all([ClipRequest(number, end, end, steps=steps) for end in ends]):
                score(made)

        return make

    figures: dict[str, Any] = {"device": torch.cuda.get_device_name() if device == "cuda" else device}
    figures |= _times("four_steps", clip(4, 1.0), runs)
    figures |= _times("twenty_guided_steps", clip(20, 7.0), max(1, runs // 2))
    figures |= _times("fifty_guided_steps", clip(50, 7.0), SLOW_RUNS if runs > SLOW_RUNS else 1)
    figures |= _times("batch_of_8_four_steps", clip(4, 1.0, BATCH), max(1, runs // 5))
    figures["batch_of_8_seconds_of_sound_a_second"] = 1000 * BATCH * CLIP_S / figures["batch_of_8_four_steps_median_ms"]
    for batch in (1, 2):
        figures |= _times(f"unet_batch_{batch}", _forward(model, batch), runs)
    figures |= _times("riffusion_fifty_guided_steps", lambda: _riffusion(model), SLOW_RUNS if runs > SLOW_RUNS else 1)
    figures["ratio_to_riffusion"] = (
        figures["riffusion_fifty_guided_steps_median_ms"] / figures["fifty_guided_steps_median_ms"]
    )
    return figures | _errors(model, small)


def random_model(device: str, dtype: torch.dtype, small: bool = False) -> Model:
    """Stable Diffusion 1.5 with random weights, or something a thousand times smaller of the same shape."""
    from diffusers import AutoencoderKL, DDIMScheduler, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel

    torch.manual_seed(0)
    tokenizer = _tokenizer()
    width = 32 if small else 768
    text = CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(tokenizer) if small else 49408,
            hidden_size=width,
            intermediate_size=4 * width,
            num_hidden_layers=2 if small else 12,
            num_attention_heads=2 if small else 12,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
        )
    )
    unet = UNet2DConditionModel(
        sample_size=64,
        block_out_channels=(8, 16, 16, 16) if small else (320, 640, 1280, 1280),
        norm_num_groups=4 if small else 32,
        cross_attention_dim=width,
        attention_head_dim=2 if small else 8,
        layers_per_block=1 if small else 2,
    )
    vae = AutoencoderKL(
        block_out_channels=(4, 4, 4, 4) if small else (128, 256, 512, 512),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        layers_per_block=1 if small else 2,
        norm_num_groups=2 if small else 32,
        latent_channels=4,
        scaling_factor=0.18215,
    )
    for part in (unet, vae):
        make_circular(part)
    for part in (unet, vae, text):
        part.to(device, dtype).eval().requires_grad_(False)
    spec: SpectrogramSpec = replace(RIFFUSION, bands=64, columns=64) if small else RIFFUSION
    scheduler = DDIMScheduler(**_NOISE, clip_sample=False, set_alpha_to_one=False, steps_offset=1)
    return Model("random", unet, vae, text, tokenizer, scheduler, spec, Defaults(), torch.device(device), dtype)


def _tokenizer() -> Any:
    """CLIP's byte-level tokens without merges: a token a letter."""
    from transformers import CLIPTokenizer

    printable = [chr(c) for c in (*range(33, 127), *range(161, 173), *range(174, 256))]
    letters = printable + [chr(256 + i) for i in range(256 - len(printable))]
    words = [*letters, *(letter + "</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "vocab.json").write_text(json.dumps({word: i for i, word in enumerate(words)}))
        (folder / "merges.txt").write_text("#version: 0.2\n")
        return CLIPTokenizer(str(folder / "vocab.json"), str(folder / "merges.txt"), model_max_length=77)


def _forward(model: Model, batch: int) -> Callable[[], None]:
    call = fast_unet(model.unet)
    rows, columns = model.latent_shape[2:]
    inputs = (
        torch.randn(batch, 4, rows, columns, device=model.device, dtype=model.dtype),
        torch.tensor(500, device=model.device),
        torch.randn(batch, 77, model.unet.config.cross_attention_dim, device=model.device, dtype=model.dtype),
    )

    @torch.inference_mode()
    def forward() -> None:
        call(*inputs)

    return forward


@torch.inference_mode()
def _riffusion(model: Model) -> None:
    """As its server does it: plain calls, the scheduler on its own, inverse mel and Griffin-Lim as it sets them."""
    scheduler = type(model.scheduler).from_config(model.scheduler.config)
    scheduler.set_timesteps(50, device=model.device)
    ids = model.tokenizer(["", "piano"], padding="max_length", max_length=77, return_tensors="pt").input_ids
    text = model.text_encoder(ids.to(model.device))[0]
    latents = torch.randn(model.latent_shape, device=model.device, dtype=model.dtype)
    for moment in scheduler.timesteps:
        away, towards = model.unet(torch.cat([latents] * 2), moment, encoder_hidden_states=text).sample.chunk(2)
        latents = scheduler.step(away + 7.0 * (towards - away), moment, latents).prev_sample
    image = model.vae.decode(latents / model.vae.config.scaling_factor).sample.float().mean(1)[0]
    picture = (image / 2 + 0.5).clamp(0, 1).cpu().numpy()
    if picture.shape == (512, 512):  # a small model's picture is none of Riffusion's
        riffusion_sound(np.ascontiguousarray((1 - picture[::-1]) ** 4 + 1e-6, np.float32), str(model.device))


def _errors(model: Model, small: bool) -> dict[str, float]:
    """How far a U-Net's answer in 16 bits lies from the one in 32, relative in dB; the same weights."""
    found = {}
    rows, columns = model.latent_shape[2:]
    generator = torch.Generator().manual_seed(1)
    latents = torch.randn(1, 4, rows, columns, generator=generator)
    text = torch.randn(1, 77, model.unet.config.cross_attention_dim, generator=generator)

    def answer(dtype: torch.dtype) -> torch.Tensor:
        unet = random_model(str(model.device), dtype, small).unet
        with torch.inference_mode():
            inputs = (x.to(model.device, dtype) for x in (latents, text))
            sample, words = inputs
            return unet(sample, torch.tensor(500, device=model.device), words).sample.float()

    exact = answer(torch.float32)
    kinds = {"bf16": torch.bfloat16, **({"fp16": torch.float16} if model.device.type == "cuda" else {})}
    for name, dtype in kinds.items():
        error = answer(dtype) - exact
        found[f"{name}_error_db"] = float(20 * torch.log10(error.norm() / exact.norm()))
    return found


def _times(name: str, call: Callable[[], None], runs: int) -> dict[str, float]:
    for _ in range(2):  # the first captures and chooses, the second finds that
        call()
    taken = []
    for _ in range(runs):
        _settle()
        start = time.perf_counter()
        call()
        _settle()
        taken.append(1000 * (time.perf_counter() - start))
    found = {f"{name}_median_ms": statistics.median(taken)}
    if runs >= 20:
        found[f"{name}_p99_ms"] = float(np.percentile(taken, 99))
    return found


def _settle() -> None:
    if torch.cuda.is_available():
        torch.cuda.synchronize()
