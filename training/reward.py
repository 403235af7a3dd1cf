"""A reward: what a small network hears in the clips that the model foresees should be what their captions told.

A clip's density or key takes little of the velocity's error and is learned late; here it counts as much as any word.
`RewardModel` hears clips in the autoencoder's latents. It is not the listener that measures (`listener.py`): it is
another network, sees no images, and is trained on the clips that the model itself is trained on:
`python -m training.reward --minutes 5`.

What a model foresees of a noisy clip is a blurred one, so half of what the network is trained on is what a model
(`--model`) foresees without a caption: then nothing but the noisy clip can tell what it is. (The nearest relatives hear
the last of several steps: Xu et al. 2023, ReFL; Prabhudesai et al. 2023, AlignProp.)
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Mapping, Sequence, Set
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertTokenizer

from riffsynth.diffusion.circular import make_circular
from training import text
from training.autoencoder import LATENT_CHANNELS
from training.data import encode_clips, load_clips
from training.denoiser import Denoiser, Velocity, flow_step
from training.listener import CLASSES, PARTS, TONICS, UNKNOWN, accuracy, truth
from training.loop import Loop, Rates, Time, autocast, best_device
from training.paths import CLIPS, LATENTS, MODEL, REWARD, write_pid
from training.unet import COLUMNS, ROWS

HEADS: dict[str, int] = {name: len(CLASSES[name]) for name in ("lead", "keys", "bass", "style", "density")} | {
    "tonic": TONICS
}
"""What is heard beside the parts' presence, and in how many classes."""
TARGETS = len(PARTS) + len(HEADS)
EVERYTHING = frozenset(("parts", *HEADS))
WIDTH = 96
BATCH = 64
MATRIX_RATE, OTHER_RATE, DECAY = 3e-3, 2e-3, 0.99
NOISE = 1.0
"""The most that latents, of unit deviation, are noised by before they are heard: what tells under so much noise is
heard by other ears as well, and is more than a trick on this one network."""
SURE = 0.1
"""A cross-entropy below this (0.9 of the answer's probability) is clear enough."""
LEAST_SIGMA = 0.1
"""The share of noise, 0 to 1, from which clips are foreseen: below it they are all but whole."""
KEPT_FOR_TEST = 0.04
"""The share of clips, the last ones, that are not trained on: they tell how well it hears."""
FILE = "reward.safetensors"


class RewardModel(nn.Module):
    """Latents (B, 8, 24, 32) to "parts" (B, 4) and (B, classes) logits for each of HEADS."""

    def __init__(self) -> None:
        super().__init__()
        widths, strides = (LATENT_CHANNELS, WIDTH, WIDTH, 2 * WIDTH), ((1, 1), (2, 1), (2, 2))
        layers: list[nn.Module] = []
        for (before, after), stride in zip(itertools.pairwise(widths), strides, strict=True):
            layers += [nn.Conv2d(before, after, 3, stride, 1), nn.GroupNorm(8, after), nn.SiLU()]
        self.layers = make_circular(nn.Sequential(*layers))
        self.squeeze = nn.Sequential(nn.Conv1d(2 * WIDTH * ROWS // 4, 256, 1), nn.GroupNorm(8, 256), nn.SiLU())
        self.drop = nn.Dropout(0.3)
        self.heads = nn.ModuleList([nn.Linear(512, size) for size in (len(PARTS), *HEADS.values())])

    def forward(self, latents: Tensor) -> dict[str, Tensor]:
        heard = self.squeeze(self.layers(latents).flatten(1, 2))
        features = self.drop(torch.cat([heard.mean(-1), heard.amax(-1)], 1))
        return {name: head(features) for name, head in zip(("parts", *HEADS), self.heads, strict=True)}

    @classmethod
    def load(cls, folder: Path = REWARD) -> RewardModel:
        """The trained one, frozen; FileNotFoundError where there is none."""
        model = cls()
        model.load_state_dict(load_file(folder / FILE))
        return model.eval().requires_grad_(False)


def targets(clip: Mapping[str, Any], told: Set[str] = EVERYTHING) -> list[int]:
    """(TARGETS,) of a described clip: 0 or 1 for each part, an index for each of HEADS; UNKNOWN where it isn't told."""
    true = truth(clip)
    present = [int(part in clip["parts"]) if "parts" in told else UNKNOWN for part in PARTS]
    return present + [true[name] if name in told else UNKNOWN for name in HEADS]


def losses(heard: Mapping[str, Tensor], wanted: Tensor) -> Tensor:
    """(B, TARGETS) cross-entropies of what is wanted (B, TARGETS); 0 where it is UNKNOWN."""
    present = wanted[:, : len(PARTS)]
    parts = functional.binary_cross_entropy_with_logits(
        heard["parts"].float(), present.clamp(min=0).float(), reduction="none"
    )
    classes = [
        functional.cross_entropy(heard[name].float(), target, ignore_index=UNKNOWN, reduction="none")
        for name, target in zip(HEADS, wanted[:, len(PARTS) :].unbind(1), strict=True)
    ]
    return torch.cat([parts * (present != UNKNOWN), torch.stack(classes, 1)], 1)


def reward_loss(hears: RewardModel, foreseen: Tensor, data: Tensor, told: Tensor) -> Tensor:
    """How much less clips (B, 8, 24, 32) are heard as what their captions told (B, TARGETS) than the real ones are.

    A mean over the clips. Clearer than real is no better: there are clips whose style nobody hears.
    """
    with torch.no_grad():
        real = losses(hears(data), told)
    return functional.relu(losses(hears(varied(foreseen)), told) - real.clamp(min=SURE)).sum(1).mean()


def varied(latents: Tensor) -> Tensor:
    """With noise of up to NOISE on each (B, 8, 24, 32), and bars that have changed places in half of the batches."""
    noise = NOISE * torch.rand(len(latents), 1, 1, 1, device=latents.device)
    bars = COLUMNS // 2 * int(torch.randint(2, ()))
    return (latents + noise * torch.randn_like(latents)).roll(bars, 3)


@torch.no_grad()
def foresee(model: Velocity, latents: Tensor, empty: Tensor) -> Tensor:
    """What the model foresees of latents (n, 8, 24, 32), noisy by any amount from LEAST_SIGMA on, without a caption;
    `empty` are its token numbers (1, 64). Half precision."""
    device = best_device()
    generator = torch.Generator(device).manual_seed(0)
    parts = []
    with autocast(device):
        for part in latents.split(BATCH):
            ids = empty.to(device).expand(len(part), -1)
            parts.append(flow_step(model, part.float().to(device), ids, generator, LEAST_SIGMA)[1].half().cpu())
    return torch.cat(parts)


def train(
    time: Time, run: Path, latents: Tensor, foreseen: Tensor, clips: Sequence[Mapping[str, Any]]
) -> RewardModel | None:
    """One that hears latents (n, 8, 24, 32) of described clips, whole and `foreseen`; None where this run left before
    the end."""
    torch.manual_seed(0)
    device = best_device()
    true = torch.tensor([targets(clip) for clip in clips])
    model = RewardModel().to(device).train()
    loop = Loop(run, time, model, Rates(MATRIX_RATE, OTHER_RATE, DECAY))
    while loop.going():
        chosen = torch.randint(len(latents), (2, BATCH // 2))
        both = torch.cat([latents[chosen[0]], foreseen[chosen[1]]]).float().to(device)
        with autocast(device):
            heard = model(varied(both))
        loss = losses(heard, true[chosen.flatten()].to(device)).sum(1).mean()
        loop.descend(loss)
        loop.note(loss=loss)
    return loop.average.module.cpu() if loop.finished else None


@torch.no_grad()
def scores(model: RewardModel, latents: Tensor, clips: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Accuracy on latents (n, 8, 24, 32) of described clips."""
    heard = [model(part.float()) for part in latents.split(BATCH)]
    true = torch.tensor([targets(clip) for clip in clips])
    said = torch.cat([part["parts"] > 0 for part in heard])
    figures = {part: accuracy(said[:, index].long(), true[:, index]) for index, part in enumerate(PARTS)}
    for index, name in enumerate(HEADS):
        said = torch.cat([part[name].argmax(1) for part in heard])
        figures[f"{name}, which"] = accuracy(said, true[:, len(PARTS) + index])
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    Time.options(parser, 5.0)
    parser.add_argument("--model", type=Path, default=MODEL, help="foresees")
    parser.add_argument("--vae", type=Path, default=MODEL / "vae")
    options = parser.parse_args()
    REWARD.mkdir(parents=True, exist_ok=True)
    LATENTS.parent.mkdir(parents=True, exist_ok=True)
    write_pid("reward")
    vae = make_circular(AutoencoderKL.from_pretrained(options.vae).eval())
    images, clips = load_clips(CLIPS)
    latents = encode_clips(vae, images, LATENTS)
    empty = text.tokens(BertTokenizer.from_pretrained(options.model / "tokenizer"), [""])
    foreseen = foresee(Denoiser.of(options.model).to(best_device()).eval(), latents, empty)
    count = len(clips) - int(KEPT_FOR_TEST * len(clips))
    model = train(Time.of(options), REWARD, latents[:count], foreseen[:count], clips[:count])
    if model is not None:
        for name, heard in {"whole": latents, "foreseen": foreseen}.items():
            print(name, {k: round(v, 3) for k, v in scores(model, heard[count:], clips[count:]).items()})
        save_file(model.state_dict(), REWARD / FILE)


if __name__ == "__main__":
    main()
