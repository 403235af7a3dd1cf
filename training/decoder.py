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
from training.data import load_clips, to_model
from training.diffusion import encode_clips
from training.ema import Average
from training.judge import Judge
from training.losses import reconstruction_loss
from training.muon import Muon, split_parameters
from training.paths import CLIPS, DECODER, HELD_OUT, MODEL, write_pid
from training.timebox import TimeBox, warm_cosine

BATCH = 8
LATENT_COLUMNS = 16
"""One bar of latents, of 8 columns each; it wraps nearly as well as the clip, at half the cost."""
MATRIX_RATE = 1e-3
OTHER_RATE = 6e-4
JUDGE_FROM = 0.05
"""Before, the discriminator only learns."""
LATENT_NOISE = 0.05
"""Deviation; latents have 1."""
CHECKPOINT_S = 60.0


def train(minutes: float, vae: AutoencoderKL, images: Tensor, latents: Tensor, run: Path) -> AutoencoderKL:
    """Train a copy of `vae`'s decoder for the rest of `minutes`; the averaged model."""
    torch.manual_seed(0)
    model, judge = copy.deepcopy(vae), Judge()
    model.encoder.requires_grad_(False)
    model.quant_conv.requires_grad_(False)
    average = Average(model, 0.998)
    matrices, others = split_parameters(model)
    optimizers: list[tuple[torch.optim.Optimizer, float]] = [
        (Muon(matrices, MATRIX_RATE), MATRIX_RATE),
        (torch.optim.AdamW(others, OTHER_RATE, betas=(0.9, 0.95), weight_decay=0.0), OTHER_RATE),
    ]
    step, spent = 0, 0.0
    checkpoint = run / "checkpoint.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint)
        model.load_state_dict(state["model"])
        average.module.load_state_dict(state["average"])
        judge.load_state_dict(state["judge"])
        step, spent, average.updates = state["step"], state["spent_s"], state["step"]
    box = TimeBox(minutes, spent)
    generator = torch.Generator().manual_seed(step)
    smooth: dict[str, float] = {}
    while box.fraction < 1.0:
        source, target = _bars(images, latents, generator)
        for optimizer, rate in optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate * warm_cosine(box.fraction)
            optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", torch.bfloat16):
            output = model.decode(source).sample.float()
        loss = reconstruction_loss(output, target)
        values = {"loss": loss.item()}
        if box.fraction >= JUDGE_FROM:
            loss = loss + judge.demand(loss, output, target, model.decoder.conv_out.weight)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(others, 1.0)
        for optimizer, _ in optimizers:
            optimizer.step()
        average.update(model)
        values["judge"] = judge.learn(output, target)
        step += 1
        for name, value in values.items():
            smooth[name] = value if name not in smooth else 0.99 * smooth[name] + 0.01 * value
        if box.due("progress", 20.0):
            line = " ".join(f"{name} {value:.4f}" for name, value in smooth.items())
            print(f"{box.spent_s / 60:.1f} of {minutes:g} min, step {step}: {line}", flush=True)
        if box.due("checkpoint", CHECKPOINT_S) or box.fraction >= 1.0:
            state = {
                "model": model.state_dict(),
                "average": average.module.state_dict(),
                "judge": judge.state_dict(),
                "step": step,
                "spent_s": box.spent_s,
            }
            torch.save(state, checkpoint.with_suffix(".part"))
            checkpoint.with_suffix(".part").rename(checkpoint)
    return average.module


def _bars(images: Tensor, latents: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Random bars of random clips: latents (BATCH, 8, 24, 16), a little off, and the images they come from."""
    chosen = torch.randint(len(images), (BATCH,), generator=generator)
    shifts = torch.randint(latents.shape[-1], (BATCH,), generator=generator).tolist()
    scale = images.shape[-1] // latents.shape[-1]
    pairs = [(latents[i].roll(-s, -1), images[i].roll(-s * scale, -1)) for i, s in zip(chosen, shifts, strict=True)]
    source = torch.stack([latent[..., :LATENT_COLUMNS] for latent, _ in pairs]).float()
    target = torch.stack([image[..., : LATENT_COLUMNS * scale] for _, image in pairs])
    return source + LATENT_NOISE * torch.randn(source.shape, generator=generator), to_model(target)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20.0)
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
    model = train(options.minutes, vae, images, encode_clips(vae, images, DECODER / "latents.pt"), DECODER)
    model.save_pretrained(DECODER / "vae")
    print("after", measure(model, held_out))


if __name__ == "__main__":
    main()
