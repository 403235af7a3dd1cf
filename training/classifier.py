"""A listener for measuring: which parts sound in a mel image, and what the kick drum plays.

`python -m training.classifier --minutes 3` trains it on rendered clips and writes runs/classifier/classifier.pt with
its accuracy on clips of other seeds.
"""

from __future__ import annotations

import argparse
import itertools
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.data import load_clips
from training.drums import GROOVE_BY_NAME, SELECTIONS
from training.paths import CLASSIFIER, CLIPS, HELD_OUT, write_pid
from training.timebox import TimeBox, warm_cosine

PARTS = ("drums", "bass", "keys", "lead")
KICKS = ("none", "four on the floor", "other")
FOUR = GROOVE_BY_NAME["four on the floor"].rows["kick"]
BATCH = 32
LEARNING_RATE = 1.5e-3


class Listener(nn.Module):
    """Image values 0..1 (B, 1, 192, 256) to logits of PARTS (B, 4) and of KICKS (B, 3)."""

    def __init__(self) -> None:
        super().__init__()
        widths = (1, 24, 48, 96, 128)
        layers: list[nn.Module] = [nn.AvgPool2d(2)]
        for before, after in itertools.pairwise(widths):
            layers += [nn.Conv2d(before, after, 3, 2, 1), nn.BatchNorm2d(after), nn.ReLU()]
        self.features = nn.Sequential(*layers)
        self.squeeze = nn.Sequential(nn.Conv1d(widths[-1] * 6, 128, 1), nn.ReLU())
        self.rhythm = nn.Conv1d(128, 32, 1)
        self.parts = nn.Linear(256, len(PARTS))
        self.kick = nn.Sequential(nn.Linear(256 + 32 * 8, 64), nn.ReLU(), nn.Linear(64, len(KICKS)))

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        x = self.squeeze(self.features(images).flatten(1, 2))
        pooled = torch.cat([x.mean(-1), x.amax(-1)], 1)
        return self.parts(pooled), self.kick(torch.cat([pooled, self.rhythm(x).flatten(1)], 1))


def truth(clip: dict[str, Any]) -> tuple[list[float], int]:
    """What sounds in a described clip: presence of PARTS, and the index of its kick pattern."""
    presence = [float(part in clip["parts"]) for part in PARTS]
    if "drums" not in clip["parts"]:
        return presence, 0
    pieces = SELECTIONS[clip["selection"]]
    row = GROOVE_BY_NAME[clip["groove"]].rows.get("kick")
    if row is None or (pieces is not None and "kick" not in pieces):
        return presence, 0
    return presence, 1 if row == FOUR else 2


def targets(clips: list[dict[str, Any]]) -> tuple[Tensor, Tensor]:
    """Presence (n, 4) and kick pattern (n,) of described clips."""
    presence, kicks = zip(*map(truth, clips), strict=True)
    return torch.tensor(presence), torch.tensor(kicks)


@torch.no_grad()
def listen(model: Listener, images: Tensor) -> tuple[Tensor, Tensor]:
    """Presence (n, 4) bool and kick pattern (n,) heard in image values 0..1 (n, 192, 256)."""
    parts, kicks = zip(*(model(part[:, None]) for part in images.split(64)), strict=True)
    return torch.cat(parts) > 0, torch.cat(kicks).argmax(1)


def train(minutes: float) -> Listener:
    torch.manual_seed(0)
    images, clips = load_clips(CLIPS)
    presence, kicks = targets(clips)
    model = Listener()
    optimizer = torch.optim.AdamW(model.parameters(), LEARNING_RATE, weight_decay=0.02)
    box, step = TimeBox(minutes), 0
    while box.fraction < 1.0:
        chosen = torch.randint(len(images), (BATCH,))
        # Levels vary and blur a little, so that a generated clip is judged by its parts and not by its grain.
        batch = images[chosen].float() / 255.0 * (0.9 + 0.2 * torch.rand(BATCH, 1, 1, 1))
        if step % 2:
            batch = functional.avg_pool2d(batch, 3, 1, 1)
        batch = batch + 0.02 * torch.rand(1) * torch.randn(batch.shape)
        heard, kick = model(batch)
        loss = functional.binary_cross_entropy_with_logits(heard, presence[chosen])
        loss = loss + 0.5 * functional.cross_entropy(kick, kicks[chosen])
        for group in optimizer.param_groups:
            group["lr"] = LEARNING_RATE * warm_cosine(box.fraction)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        step += 1
        if box.due("progress", 20.0):
            print(f"{box.spent_s / 60:.1f} of {minutes:g} min, step {step}: loss {loss.item():.3f}", flush=True)
    return model.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    write_pid("classifier")
    model = train(options.minutes)
    images, clips = load_clips(HELD_OUT)
    presence, kicks = targets(clips)
    heard, kick = listen(model, images[:, 0].float() / 255.0)
    for index, part in enumerate(PARTS):
        print(f"{part}: {(heard[:, index] == presence[:, index].bool()).float().mean():.3f}")
    print(f"kick pattern: {(kick == kicks).float().mean():.3f}")
    CLASSIFIER.mkdir(parents=True, exist_ok=True)
    torch.save(model.state_dict(), CLASSIFIER / "classifier.pt")


if __name__ == "__main__":
    main()
