"""The adversary of the autoencoder: a small discriminator, and how its verdict weighs against the plain losses."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.loop import autocast

JUDGE_WEIGHT = 0.25
FEATURE_WEIGHT = 0.05
JUDGE_RATE = 4e-4


class PatchDiscriminator(nn.Module):
    """Judges patches of an image as real or made (Isola et al. 2017), small."""

    def __init__(self, width: int = 24) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            [
                nn.Conv2d(1, width, 4, 2, 1),
                nn.Conv2d(width, 2 * width, 4, 2, 1),
                nn.Conv2d(2 * width, 3 * width, 4, 2, 1),
                nn.Conv2d(3 * width, 1, 3, 1, 1),
            ]
        )

    def forward(self, images: Tensor) -> list[Tensor]:
        """Features of each layer; the last are the scores (B, 1, bands / 8, columns / 8)."""
        features = []
        for layer in self.layers:
            images = layer(functional.leaky_relu(images, 0.2) if features else images)
            features.append(images)
        return features


def hinge_loss(real: Tensor, made: Tensor) -> Tensor:
    """Hinge loss of the discriminator's scores."""
    return functional.relu(1.0 - real).mean() + functional.relu(1.0 + made).mean()


def feature_distance(made: list[Tensor], real: list[Tensor]) -> Tensor:
    """Mean distance of the discriminator's inner features, each layer by its own size."""
    pairs = list(zip(made, real, strict=True))[:-1]
    distances = [(a - b.detach()).abs().mean() / (b.detach().abs().mean() + 1e-4) for a, b in pairs]
    return torch.stack(distances).mean()


def _balance(loss: Tensor, adversarial: Tensor, last: Tensor) -> Tensor:
    """The weight at which both losses pull the last layer equally hard (Esser et al. 2021, eq. 7)."""
    ours = torch.autograd.grad(loss, last, retain_graph=True)[0].norm()
    theirs = torch.autograd.grad(adversarial, last, retain_graph=True)[0].norm()
    return (ours / (theirs + 1e-4)).clamp(0.0, 100.0).detach()


class Judge:
    """The discriminator with its optimizer. Images are (B, 1, bands, columns), -1..1."""

    def __init__(self, device: torch.device) -> None:
        self.module = PatchDiscriminator().to(device)
        self._device = device
        self._optimizer = torch.optim.AdamW(self.module.parameters(), JUDGE_RATE, betas=(0.5, 0.9), weight_decay=1e-4)

    def demand(self, loss: Tensor, output: Tensor, target: Tensor, last: Tensor) -> Tensor:
        """What is added to `loss` so that `output` also looks real; `last` is the weight of the last layer."""
        with autocast(self._device):
            made, real = self.module(output), self.module(target)
        adversarial = -made[-1].float().mean()
        features = feature_distance([f.float() for f in made], [f.float() for f in real])
        return JUDGE_WEIGHT * _balance(loss, adversarial, last) * adversarial + FEATURE_WEIGHT * features

    def learn(self, output: Tensor, target: Tensor) -> Tensor:
        """One step towards telling them apart; the hinge loss before it (2 knows nothing, 0 everything)."""
        with autocast(self._device):
            real, made = self.module(target)[-1], self.module(output.detach())[-1]
        verdict = hinge_loss(real.float(), made.float())
        self._optimizer.zero_grad(set_to_none=True)
        verdict.backward()
        self._optimizer.step()
        return verdict.detach()

    def state_dict(self) -> dict[str, Any]:
        return {"module": self.module.state_dict(), "optimizer": self._optimizer.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.module.load_state_dict(state["module"])
        self._optimizer.load_state_dict(state["optimizer"])
