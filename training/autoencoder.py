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
from training.ema import Average
from training.judge import Judge
from training.losses import reconstruction_loss
from training.measures import level_db, roughness_db
from training.muon import Muon, split_parameters
from training.paths import AUTOENCODER, CLIPS, HELD_OUT, write_pid
from training.timebox import TimeBox, warm_cosine

LATENT_CHANNELS = 8
CROP_COLUMNS = 128
"""One bar: it wraps nearly as well as the clip, at half the cost."""
BATCH = 4
MATRIX_RATE = 3e-3
OTHER_RATE = 2e-3
KL_WEIGHT = 2e-4
JUDGE_FROM = 0.5
"""The discriminator joins at this fraction of the time, when the picture stands."""
CHECKPOINT_S = 60.0


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


def train(minutes: float, clips: Path, run: Path) -> AutoencoderKL:
    """Train for the rest of `minutes` and return the averaged model."""
    torch.manual_seed(0)
    images, _ = load_clips(clips)
    model, judge = build(), Judge()
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
        for (optimizer, _), saved in zip(optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(saved)
        step, spent, average.updates = state["step"], state["spent_s"], state["step"]
    box = TimeBox(minutes, spent)
    generator = torch.Generator().manual_seed(step)
    smooth: dict[str, float] = {}
    while box.fraction < 1.0:
        target = _crops(images, generator)
        for optimizer, rate in optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate * warm_cosine(box.fraction)
        with torch.autocast("cpu", torch.bfloat16):
            posterior = model.encode(target).latent_dist
            output = model.decode(posterior.sample(generator)).sample.float()
            loss = reconstruction_loss(output, target) + KL_WEIGHT * posterior.kl().mean() / posterior.mean[0].numel()
        values = {"loss": loss.item()}
        if box.fraction >= JUDGE_FROM:
            ramp = min(1.0, (box.fraction - JUDGE_FROM) / 0.05)
            loss = loss + ramp * judge.demand(loss, output, target, model.decoder.conv_out.weight)
        for optimizer, _ in optimizers:
            optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(others, 1.0)
        for optimizer, _ in optimizers:
            optimizer.step()
        average.update(model)
        if box.fraction >= JUDGE_FROM:
            values["judge"] = judge.learn(output, target)
        step += 1
        for name, value in values.items():
            smooth[name] = value if name not in smooth else 0.99 * smooth[name] + 0.01 * value
        if box.due("progress", 20.0):
            line = " ".join(f"{name} {value:.4f}" for name, value in smooth.items())
            print(f"{box.spent_s / 60:.1f} of {minutes:g} min, step {step}, clips {len(images)}: {line}", flush=True)
        if box.due("checkpoint", CHECKPOINT_S) or box.fraction >= 1.0:
            state = {
                "model": model.state_dict(),
                "average": average.module.state_dict(),
                "judge": judge.state_dict(),
                "optimizers": [optimizer.state_dict() for optimizer, _ in optimizers],
                "step": step,
                "spent_s": box.spent_s,
            }
            torch.save(state, checkpoint.with_suffix(".part"))
            checkpoint.with_suffix(".part").rename(checkpoint)
    return average.module


def _crops(images: Tensor, generator: torch.Generator) -> Tensor:
    """Random bars of random clips, (BATCH, 1, bands, CROP_COLUMNS) in -1..1."""
    chosen = torch.randint(len(images), (BATCH,), generator=generator)
    shifts = torch.randint(images.shape[-1], (BATCH,), generator=generator)
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
    parser.add_argument("--minutes", type=float, default=25.0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--finish", action="store_true", help="write the model from the last checkpoint now")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    AUTOENCODER.mkdir(parents=True, exist_ok=True)
    write_pid("autoencoder")
    model = train(0.0 if options.finish else options.minutes, CLIPS, AUTOENCODER)
    normalise(model, load_clips(CLIPS, limit=512)[0])
    model.save_pretrained(AUTOENCODER / "vae")
    print(measure(model, load_clips(HELD_OUT, limit=200)[0]))


if __name__ == "__main__":
    main()
