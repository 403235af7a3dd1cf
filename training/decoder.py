"""Sharpen the decoder alone: `python -m training.decoder --minutes 20`; the same command goes on after a stop.

The encoder stands, and with it the latents, so the diffusion model stays what it is. A decoder that only has to look
real, from latents that are a little off as a diffusion model's are, learns the grain that a mean error averages away.
Reads runs/clips and the exported model, writes runs/decoder/vae for `training.export --vae`.
"""

from __future__ import annotations

import argparse
import copy
from pathlib import Path

import torch
from diffusers import AutoencoderKL
from torch import Tensor

from riffsynth.diffusion.circular import make_circular
from training.autoencoder import measure
from training.data import encode_clips, load_clips, to_model
from training.judge import Judge
from training.loop import Loop, Rates, Time, autocast, best_device
from training.losses import reconstruction_loss, texture_loss
from training.paths import CLIPS, DECODER, HELD_OUT, MODEL, write_pid

BATCH, GPU_BATCH = 8, 64
DECAY, GPU_DECAY = 0.998, 0.999
LATENT_COLUMNS = 16
"""One bar of latents, of 8 columns each; it wraps nearly as well as the clip, at half the cost."""
MATRIX_RATE = 1e-3
OTHER_RATE = 6e-4
TEXTURE_WEIGHT = 10.0
JUDGE_FROM = 0.05
"""Before, the discriminator only learns."""
LATENT_NOISE = 0.05
"""Deviation; latents have 1."""


def train(time: Time, vae: AutoencoderKL, images: Tensor, latents: Tensor, run: Path) -> AutoencoderKL | None:
    """Train a copy of `vae`'s decoder for the rest of the time; the averaged model, or None where this run left."""
    torch.manual_seed(0)
    device = best_device()
    model, judge = copy.deepcopy(vae).to(device), Judge(device)
    model.encoder.requires_grad_(False)
    model.quant_conv.requires_grad_(False)
    batch, decay = (GPU_BATCH, GPU_DECAY) if device.type == "cuda" else (BATCH, DECAY)
    loop = Loop(run, time, model, Rates(MATRIX_RATE, OTHER_RATE, decay), {"judge": judge})
    generator = torch.Generator().manual_seed(loop.step)
    while loop.going():
        source, target = (part.to(device) for part in _bars(images, latents, batch, generator))
        with autocast(device):
            output = model.decode(source).sample.float()
        loss = plain = reconstruction_loss(output, target) + TEXTURE_WEIGHT * texture_loss(output, target)
        if loop.fraction >= JUDGE_FROM:
            loss = loss + judge.demand(loss, output, target, model.decoder.conv_out.weight)
        loop.descend(loss)
        loop.note(loss=plain, judge=judge.learn(output, target))
    return loop.average.module.cpu() if loop.finished else None


def _bars(images: Tensor, latents: Tensor, batch: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Random bars of random clips: latents (batch, 8, 24, 16), a little off, and the images they come from."""
    chosen = torch.randint(len(images), (batch,), generator=generator)
    shifts = torch.randint(latents.shape[-1], (batch,), generator=generator).tolist()
    scale = images.shape[-1] // latents.shape[-1]
    pairs = [(latents[i].roll(-s, -1), images[i].roll(-s * scale, -1)) for i, s in zip(chosen, shifts, strict=True)]
    source = torch.stack([latent[..., :LATENT_COLUMNS] for latent, _ in pairs]).float()
    target = torch.stack([image[..., : LATENT_COLUMNS * scale] for _, image in pairs])
    return source + LATENT_NOISE * torch.randn(source.shape, generator=generator), to_model(target)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    Time.options(parser, 20.0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--vae", type=Path, default=MODEL / "vae", help="whose decoder is trained")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    DECODER.mkdir(parents=True, exist_ok=True)
    write_pid("decoder")
    vae = make_circular(AutoencoderKL.from_pretrained(options.vae).float().eval())
    images, _ = load_clips(CLIPS)
    held_out = load_clips(HELD_OUT, limit=200)[0]
    print("before", measure(vae, held_out), flush=True)
    model = train(Time.of(options), vae, images, encode_clips(vae, images, DECODER / "latents.pt"), DECODER)
    if model is None:
        return
    model.save_pretrained(DECODER / "vae")
    print("after", measure(model, held_out))


if __name__ == "__main__":
    main()
