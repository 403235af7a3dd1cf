"""Train the listener that measures: `python -m training.classifier --minutes 8`.

Reads clips of seeds that nothing else is trained on, in all keys and played by two sound fonts (runs/listening, see
README.md), prints its accuracy on further ones and writes training/listener.safetensors. It is trained before the
model and then frozen: a listener trained anew makes older figures incomparable.
"""

from __future__ import annotations

import argparse
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from training.data import load_clips
from training.listener import CLASSES, FAMILY_OF_LEAD, PARTS, UNKNOWN, Listener, accuracy, presence, truths
from training.loop import autocast
from training.paths import LISTENING, write_pid
from training.timebox import TimeBox, warm_cosine

BATCH = 64
LEARNING_RATE = 3e-3
SMOOTHING = 0.05
BLURRED_SHARE = 0.25
"""Some of what it learns from is a little blurred, as much a little noisy: a generated clip is judged by its parts and
not by its grain."""
FONTS = ("fluid", "musescore")


def train(minutes: float, images: Tensor, clips: list[dict[str, Any]]) -> Listener:
    """A listener to images (n, 1, 192, 256) uint8 of described clips."""
    torch.manual_seed(0)
    parts, true = presence(clips).float(), truths(clips)
    listener = Listener()
    modules = torch.nn.ModuleList([listener.ear, listener.key_ear]).train()
    modules.to(memory_format=torch.channels_last)  # a third less time a step
    optimizer = torch.optim.AdamW(modules.parameters(), LEARNING_RATE, weight_decay=0.05)
    box, step = TimeBox(minutes), 0
    while box.fraction < 1.0:
        chosen = torch.randint(len(images), (BATCH,))
        batch = _varied(images[chosen, 0].float() / 255.0)
        with autocast(torch.device("cpu")):
            answers = {name: logits.float() for name, logits in listener.ear(batch).items()}
        answers["tonic"], answers["scale"] = listener.key_ear(batch)
        loss = 2.0 * functional.binary_cross_entropy_with_logits(answers.pop("parts"), parts[chosen])
        for name, logits in answers.items():
            target = true[name][chosen]
            if (target != UNKNOWN).any():
                loss = loss + functional.cross_entropy(logits, target, ignore_index=UNKNOWN, label_smoothing=SMOOTHING)
        for group in optimizer.param_groups:
            group["lr"] = LEARNING_RATE * warm_cosine(box.fraction)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        step += 1
        if box.due("progress", 20.0):
            print(f"{box.spent_s / 60:.1f} of {minutes:g} min, step {step}: loss {loss.item():.3f}", flush=True)
    modules.eval()
    return listener


def _varied(batch: Tensor) -> Tensor:
    """Other levels, a little blur or noise, other columns first by whole beats, as loops may be (B, 192, 256)."""
    count = len(batch)
    batch = batch * (0.9 + 0.2 * torch.rand(count, 1, 1))
    batch = batch.roll(128 * int(torch.randint(2, (1,))), 2)  # bars may change places, and nothing else
    draw = float(torch.rand(1))
    if draw < BLURRED_SHARE:
        return functional.avg_pool2d(batch[:, None], 3, 1, 1)[:, 0]
    if draw < 2 * BLURRED_SHARE:
        return batch + 0.02 * torch.rand(1) * torch.randn(batch.shape)
    return batch


def scores(listener: Listener, images: Tensor, clips: list[dict[str, Any]]) -> dict[str, float]:
    """Accuracy on images 0..1 (n, 192, 256): each part's presence, each class, the lead's family, tonic and scale."""
    heard, true = listener.hear(images), truths(clips)
    right = (heard.present == presence(clips)).float().mean(0)
    figures = {f"{part} present": float(value) for part, value in zip(PARTS, right, strict=True)}
    figures |= {name: accuracy(heard.classes[name], true[name]) for name in CLASSES}
    leads = true["lead"]
    families = torch.where(leads == UNKNOWN, UNKNOWN, FAMILY_OF_LEAD[leads.clamp(min=0)])
    figures["lead family"] = accuracy(heard.family, families)
    return figures | {"tonic": accuracy(heard.tonic, true["tonic"]), "scale": accuracy(heard.scale, true["scale"])}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=8.0)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    write_pid("classifier")
    loaded = [load_clips(LISTENING / font) for font in FONTS]
    images = torch.cat([images for images, _ in loaded])
    listener = train(options.minutes, images, [clip for _, clips in loaded for clip in clips])
    for font in FONTS:
        images, clips = load_clips(LISTENING / f"held_out_{font}")
        print(font, {k: round(v, 3) for k, v in scores(listener, images[:, 0].float() / 255.0, clips).items()})
    listener.save()


if __name__ == "__main__":
    main()
