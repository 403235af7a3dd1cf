"""Riffusion's size of model on a CUDA GPU: a Stable Diffusion 1.5 of random weights, for arithmetic does not care.

`riffsynth bench gpu`. Text to a score on the host, through the generator that plays; beside it 50 guided steps of the
plain pipeline of diffusers with Riffusion's own settings from image to sound, on the same GPU in the same run. `held`
says for each figure that is asked for whether it was met, or null where it was not taken. As a program it writes JSON,
and rehearses without a GPU:

    python benchmarks/gpu.py --json gpu.json
    python benchmarks/gpu.py --device cpu --tiny
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from measuring.precision import clip_error_db
from spectrogram import riffusion_sound
from torch import nn

from riffsynth.diffusion.circular import make_circular
from riffsynth.diffusion.compiled import UNetCall, fast_unet
from riffsynth.diffusion.generator import Generator
from riffsynth.diffusion.graphs import Graphed
from riffsynth.diffusion.model import Defaults, Model
from riffsynth.diffusion.request import ClipRequest, End
from riffsynth.diffusion.scoring import DeviceScorer
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.spectrogram.spec import RIFFUSION, SpectrogramSpec

RUNS = 100
SLOW_RUNS = 5
BATCH = 8
CLIP_S = 5.12
STREAM = 4
"""Clips in flight, one a step, as a stream batch of four steps would have them."""
AT_MOST = {
    "four_steps_median_ms": 45.0,
    "four_steps_p99_ms": 60.0,
    "twenty_guided_steps_median_ms": 220.0,
    "unet_batch_1_median_ms": 5.0,
    "unet_batch_2_median_ms": 8.0,
    "clip_bf16_error_db": 1.0,
    "clip_fp16_error_db": 0.5,
}
AT_LEAST = {"ratio_to_riffusion": 4.0, "batch_of_8_seconds_of_sound_a_second": 200.0}
_NOISE = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}


def run(device: str = "cuda", small: bool = False, runs: int = RUNS) -> dict[str, Any]:
    """Times in ms (median, p99 where there are enough), ratios and errors; `small` is for trying it out."""
    if device == "cuda" and not torch.cuda.is_available():
        return {"not_measured": "this machine has no CUDA GPU"}
    started = time.perf_counter()
    figures: dict[str, Any] = {"device": torch.cuda.get_device_name() if device == "cuda" else device}
    dtype = torch.float16 if device == "cuda" else torch.float32
    slow_runs = SLOW_RUNS if runs > SLOW_RUNS else 1
    figures |= _clips(random_model(device, dtype, small), runs, slow_runs)
    figures["copies_to_host_of_a_clip"] = _copies_to_host(_clip(random_model(device, dtype, small), 4, 1.0))
    tiny = _times("", _clip(random_model(device, dtype, small, tiny_decoder=True), 4, 1.0), max(1, runs // 5))
    figures["four_steps_tiny_decoder_median_ms"] = tiny["_median_ms"]
    figures |= _forwards(random_model(device, dtype, small), small, runs)
    plain = partial(_riffusion, random_model(device, dtype, small, circular=False))
    figures |= _times("riffusion_fifty_guided_steps", plain, slow_runs)
    figures["ratio_to_riffusion"] = (
        figures["riffusion_fifty_guided_steps_median_ms"] / figures["fifty_guided_steps_median_ms"]
    )
    figures |= _errors(device, small)
    figures["held"] = {name: figures[name] <= most if name in figures else None for name, most in AT_MOST.items()}
    figures["held"] |= {name: figures[name] >= least for name, least in AT_LEAST.items()}
    return figures | {"seconds": time.perf_counter() - started}


def _clips(model: Model, runs: int, slow_runs: int) -> dict[str, float]:
    figures = _times("four_steps", _clip(model, 4, 1.0), runs)
    figures |= _times("twenty_guided_steps", _clip(model, 20, 7.0), max(1, runs // 4))
    both = _times("", _clip(model, 20, 7.0, 2), slow_runs)["_median_ms"]
    # Alpha's two ends in one batch, as the conductor asks for them on a GPU, against one after the other.
    figures["two_clips_at_once_ratio"] = both / (2 * figures["twenty_guided_steps_median_ms"])
    figures |= _times("fifty_guided_steps", _clip(model, 50, 7.0), slow_runs)
    figures |= _times("batch_of_8_four_steps", _clip(model, 4, 1.0, BATCH), max(1, runs // 10))
    figures["batch_of_8_seconds_of_sound_a_second"] = 1000 * BATCH * CLIP_S / figures["batch_of_8_four_steps_median_ms"]
    return figures


def _clip(model: Model, steps: int, guidance: float, batch: int = 1) -> Callable[[], None]:
    """Text to scores on the host: a prompt that was never seen, and clips that are brought to the player's grid."""
    there, number = DeviceScorer(model.spec, SynthesisGrid.for_rate(44100), model.device), 0
    generator = Generator(model, scorer=there)

    def make() -> None:
        nonlocal number
        number += 1
        ends = [End(f"clip {number} {i}", seed=number + i, guidance=guidance) for i in range(batch)]
        generator.make_all([ClipRequest(number, end, end, steps=steps) for end in ends])

    return make


def _copies_to_host(call: Callable[[], None]) -> int | str:
    """How often something came from the device to the host, as CUDA's own profiler counts it; 0 where all is host."""
    from torch.profiler import ProfilerActivity, profile

    call()  # captures its graphs
    try:
        with profile(activities=[ProfilerActivity.CPU, ProfilerActivity.CUDA]) as seen:
            call()
        return sum(event.count for event in seen.key_averages() if "Memcpy DtoH" in event.key)
    except Exception as error:  # a driver may keep its counters from us
        return f"not measured: {' '.join(str(error).split())[:200]}"


def _forwards(model: Model, small: bool, runs: int) -> dict[str, Any]:
    """The U-Net alone; whether torch.compile before the graph is captured, or a stream batch, would be worth it."""
    figures: dict[str, Any] = {}
    call = fast_unet(model.unet)
    for batch in (1, 2, STREAM, BATCH):
        figures |= _times(f"unet_batch_{batch}", _forward(model, call, batch), runs)
    # A knob that moves waits for half of the clip that is being made and then for its own, with a stream batch for
    # half a step and then its own steps, each of which makes the others' as well.
    alone, flight = figures["unet_batch_1_median_ms"], figures[f"unet_batch_{STREAM}_median_ms"]
    figures["stream_batch_latency_ratio"] = (STREAM + 0.5) * flight / (1.5 * STREAM * alone)
    try:
        compiled = torch.compile(UNetCall(model.unet).eval(), dynamic=False, backend="eager" if small else "inductor")
        fast: Any = Graphed(compiled) if model.device.type == "cuda" else compiled
        for batch in (1, 2):
            figures |= _times(f"unet_compiled_batch_{batch}", _forward(model, fast, batch), runs)
    except Exception as error:  # without a C compiler, say
        figures["unet_compiled"] = f"not measured: {' '.join(str(error).split())[:200]}"
    return figures


def random_model(
    device: str, dtype: torch.dtype, small: bool = False, tiny_decoder: bool = False, circular: bool = True
) -> Model:
    """Stable Diffusion 1.5 with random weights, or something a thousand times smaller of the same shape.

    With a `tiny_decoder` the autoencoder is an AutoencoderTiny of the usual size; not `circular` is as diffusers is.
    """
    torch.manual_seed(0)
    tokenizer = _tokenizer()
    with torch.device(device):  # weights are drawn where they stay
        unet, vae, text = _parts(len(tokenizer), tokenizer.bos_token_id, tokenizer.eos_token_id, small, tiny_decoder)
    for part in (unet, vae) if circular else ():
        make_circular(part)
    for part in (unet, vae, text):
        part.to(device, dtype).eval().requires_grad_(False)
    spec: SpectrogramSpec = replace(RIFFUSION, bands=64, columns=64) if small else RIFFUSION
    from diffusers import DDIMScheduler

    scheduler = DDIMScheduler(**_NOISE, clip_sample=False, set_alpha_to_one=False, steps_offset=1)
    return Model("random", unet, vae, text, tokenizer, scheduler, spec, Defaults(), torch.device(device), dtype)


def _parts(words: int, begin: int, end: int, small: bool, tiny_decoder: bool) -> tuple[Any, Any, Any]:
    from diffusers import AutoencoderKL, AutoencoderTiny, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel

    width = 32 if small else 768
    text = CLIPTextModel(
        CLIPTextConfig(
            vocab_size=words if small else 49408,
            hidden_size=width,
            intermediate_size=4 * width,
            num_hidden_layers=2 if small else 12,
            num_attention_heads=2 if small else 12,
            bos_token_id=begin,
            eos_token_id=end,
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
    if tiny_decoder:
        width = 8 if small else 64
        vae = AutoencoderTiny(encoder_block_out_channels=(width,) * 4, decoder_block_out_channels=(width,) * 4)
    return unet, vae, text


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


def _forward(model: Model, call: Callable[..., torch.Tensor], batch: int) -> Callable[[], None]:
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


def _errors(device: str, small: bool) -> dict[str, float]:
    """How far 16 bits lie from 32: a U-Net's answer, relative in dB, and a clip of the model that ships inside."""
    found = {}
    kinds = {"bf16": torch.bfloat16, **({"fp16": torch.float16} if device == "cuda" else {})}
    exact = _answer(device, torch.float32, small)
    for name, dtype in kinds.items():
        error = _answer(device, dtype, small) - exact
        found[f"unet_{name}_error_db"] = float(20 * torch.log10(error.norm() / exact.norm()))
        found[f"clip_{name}_error_db"] = clip_error_db(dtype, device)
    return found


@torch.inference_mode()
def _answer(device: str, dtype: torch.dtype, small: bool) -> torch.Tensor:
    """A U-Net's answer to the same latents and words, with the same weights."""
    unet: nn.Module = random_model(device, torch.float32, small).unet.to(dtype)
    generator = torch.Generator().manual_seed(1)
    size = 8 if small else 64
    latents = torch.randn(1, 4, size, size, generator=generator).to(device, dtype)
    words = torch.randn(1, 77, unet.config.cross_attention_dim, generator=generator).to(device, dtype)
    answer: torch.Tensor = unet(latents, torch.tensor(500, device=device), words).sample.float()
    return answer


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


def main() -> None:
    parser = argparse.ArgumentParser(description="What a GPU makes of a model of Riffusion's size.")
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--tiny", action="store_true", help="small random weights, each figure once: a rehearsal")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where the figures are written, too")
    options = parser.parse_args()
    figures = json.dumps(run(options.device, options.tiny, 1 if options.tiny else RUNS), indent=2)
    if options.json:
        options.json.write_text(figures + "\n")
    print(figures)


if __name__ == "__main__":
    main()
