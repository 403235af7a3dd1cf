"""Train the autoencoder: `python -m training.autoencoder --minutes 25`; the same command goes on after a stop.

Reads runs/clips, writes checkpoints to runs/autoencoder and, when the time is up, the stock AutoencoderKL with unit
latents to runs/autoencoder/vae. `--finish` writes that from the last checkpoint without training.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from diffusers import AutoencoderKL
from torch import Tensor

from riffsynth.diffusion.circular import make_circular
from training.data import from_model, load_clips, to_model
from training.judge import Judge
from training.loop import Loop, Rates, Time, autocast, best_device
from training.losses import reconstruction_loss, texture_loss
from training.measures import level_db, roughness_db
from training.paths import AUTOENCODER, CLIPS, HELD_OUT, write_pid

LATENT_CHANNELS = 8
CROP_COLUMNS = 128
"""One bar: it wraps nearly as well as the clip, at half the cost."""
BATCH, GPU_BATCH = 4, 48
DECAY, GPU_DECAY = 0.998, 0.999
MATRIX_RATE = 3e-3
OTHER_RATE = 2e-3
TEXTURE_WEIGHT = 1.0
KL_WEIGHT = 2e-4
JUDGE_FROM = 0.5
"""The discriminator joins at this fraction of the time, when the picture stands."""


def build() -> AutoencoderKL:
    """f8, one image channel, no attention: a decoder for two processor cores."""
    return make_circular(
        AutoencoderKL(
            in_channels=1,
            out_channels=1,
            down_block_types=("DownEncoderBlock2D",) * 4,
            up_block_types=("UpDecoderBlock2D",) * 4,
            block_out_channels=(16, 32, 64, 64),
            layers_per_block=1,
            latent_channels=LATENT_CHANNELS,
            norm_num_groups=8,
            sample_size=256,
            scaling_factor=1.0,
            force_upcast=False,
            mid_block_add_attention=False,
        )
    )


def train(time: Time, clips: Path, run: Path) -> AutoencoderKL | None:
    """Train for the rest of the time; the averaged model, or None where this run left before the end."""
    torch.manual_seed(0)
    device = best_device()
    images = load_clips(clips)[0].to(device)
    model, judge = build().to(device), Judge(device)
    batch, decay = (GPU_BATCH, GPU_DECAY) if device.type == "cuda" else (BATCH, DECAY)
    loop = Loop(run, time, model, Rates(MATRIX_RATE, OTHER_RATE, decay), {"judge": judge})
    generator = torch.Generator().manual_seed(loop.step)
    while loop.going():
        target = _crops(images, batch, generator)
        with autocast(device):
            posterior = model.encode(target).latent_dist
            output = model.decode(posterior.sample()).sample.float()
            loss = reconstruction_loss(output, target) + TEXTURE_WEIGHT * texture_loss(output, target)
            loss = loss + KL_WEIGHT * posterior.kl().mean() / posterior.mean[0].numel()
        values = {"loss": loss}
        if loop.fraction >= JUDGE_FROM:
            ramp = min(1.0, (loop.fraction - JUDGE_FROM) / 0.05)
            loss = loss + ramp * judge.demand(loss, output, target, model.decoder.conv_out.weight)
        loop.descend(loss)
        if loop.fraction >= JUDGE_FROM:
            values["judge"] = judge.learn(output, target)
        loop.note(**values)
    return loop.average.module.cpu() if loop.finished else None


def _crops(images: Tensor, batch: int, generator: torch.Generator) -> Tensor:
    """Random bars of random clips, (batch, 1, bands, CROP_COLUMNS) in -1..1."""
    chosen = torch.randint(len(images), (batch,), generator=generator)
    shifts = torch.randint(images.shape[-1], (batch,), generator=generator)
    rolled = [images[i].roll(-int(s), -1)[..., :CROP_COLUMNS] for i, s in zip(chosen, shifts, strict=True)]
    return to_model(torch.stack(rolled))


@torch.no_grad()
def normalise(model: AutoencoderKL, images: Tensor) -> AutoencoderKL:
    """Fold mean 0 and deviation 1 of every latent channel over `images` (n, 1, ...) into the 1x1 convolutions."""
    latents = torch.cat([model.encode(to_model(part)).latent_dist.mode() for part in images.split(16)])
    mean, deviation = latents.mean((0, 2, 3)), latents.std((0, 2, 3))
    after, before = model.quant_conv, model.post_quant_conv
    before.bias += before.weight[:, :, 0, 0] @ mean
    before.weight *= deviation[None, :, None, None]
    channels = LATENT_CHANNELS
    after.weight[:channels] /= deviation[:, None, None, None]
    after.bias[:channels] = (after.bias[:channels] - mean) / deviation
    after.bias[channels:] -= 2.0 * deviation.log()
    return model


@torch.no_grad()
def measure(model: AutoencoderKL, images: Tensor) -> dict[str, float]:
    """Distances of decoded from real images (n, 1, ...): mean level difference and roughness along time, in dB."""
    decoded = torch.cat([model.decode(model.encode(to_model(p)).latent_dist.mode()).sample for p in images.split(16)])
    real, made = images.float() / 255.0, from_model(decoded)
    return {
        "distance_db": float(((level_db(real) - level_db(made)) ** 2).mean((1, 2)).sqrt().mean()),
        "roughness_real_db": roughness_db(real),
        "roughness_decoded_db": roughness_db(made),
        "latent_deviation": float(model.encode(to_model(images[:64])).latent_dist.mode().std()),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    Time.options(parser, 25.0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--finish", action="store_true", help="write the model from the last checkpoint now")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    AUTOENCODER.mkdir(parents=True, exist_ok=True)
    write_pid("autoencoder")
    model = train(Time(0.0) if options.finish else Time.of(options), CLIPS, AUTOENCODER)
    if model is None:
        return
    normalise(model, load_clips(CLIPS, limit=512)[0])
    model.save_pretrained(AUTOENCODER / "vae")
    print(measure(model, load_clips(HELD_OUT, limit=200)[0]))


if __name__ == "__main__":
    main()
