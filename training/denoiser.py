"""What is trained as one: U-Net and text encoder. Rectified flow: x = (1 - sigma) data + sigma noise."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from training import text, unet

Velocity = Callable[[Tensor, Tensor, Tensor], Tensor]
"""(latents (B, 8, rows, columns), sigma (B,), token numbers (B, 64)) to the velocity of the latents, noise - data."""
SIGMA_SHIFT = 2.0
"""Above 1 more samples are noisy ones: which parts sound is decided there, and a short run has to learn that first."""
TABLE = "embeddings.word_embeddings.weight"
"""The token table's name among the text encoder's weights."""


class Denoiser(nn.Module):
    """U-Net and text encoder."""

    def __init__(self) -> None:
        super().__init__()
        self.unet = unet.build()
        self.text_encoder = text.build()

    def forward(self, latents: Tensor, sigma: Tensor, ids: Tensor) -> Tensor:
        """Velocity (B, 8, rows, columns), noise - data, of noisy latents at sigma (B,) for token numbers (B, 64)."""
        words = self.text_encoder.embeddings.word_embeddings(ids)
        if self.training:
            words = text.blurred(words)
        hidden = self.text_encoder(inputs_embeds=words).last_hidden_state
        x = torch.cat([latents, unet.positions(len(latents)).to(latents)], 1)
        return self.unet(x, 1000.0 * sigma, hidden).sample

    @classmethod
    def of(cls, folder: Path | None) -> Denoiser:
        """One with the trained weights of an exported model, or with new ones; the token table is text.build's."""
        model = cls()
        if folder:
            for name, part in {"unet": model.unet, "text_encoder": model.text_encoder}.items():
                (file,) = (folder / name).glob("*.safetensors")
                part.load_state_dict({**part.state_dict(), **_without_table(load_file(file))})
        return model


def _without_table(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """`training.vocabulary` changes the table of a finished model."""
    return {name: value for name, value in state.items() if name != TABLE}


def flow_step(
    model: Velocity, data: Tensor, ids: Tensor, generator: torch.Generator, least_sigma: float = 0.0
) -> tuple[Tensor, Tensor]:
    """Mean square error of the velocity, and the clips (B, 8, rows, columns) that the model foresees.

    Sigma is logit-normal and shifted (Esser et al. 2024, eq. 23), and not below `least_sigma`.
    """
    sigma = torch.sigmoid(torch.randn(len(data), generator=generator, device=data.device))
    sigma = (SIGMA_SHIFT * sigma / (1.0 + (SIGMA_SHIFT - 1.0) * sigma)).clamp(min=least_sigma)
    noise = torch.randn(data.shape, generator=generator, device=data.device)
    weight = sigma[:, None, None, None]
    noisy = (1.0 - weight) * data + weight * noise
    velocity = model(noisy, sigma, ids).float()
    return functional.mse_loss(velocity, noise - data), noisy - weight * velocity
