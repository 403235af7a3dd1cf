"""What is traced answers as before, for every shape, and what cannot be traced still answers."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from riffsynth.diffusion.compiled import Traced, fast_decoder, fast_unet
from riffsynth.diffusion.generator import Generator


@pytest.mark.parametrize("kind", ["riffusion", "embedded"])
@torch.inference_mode()
def test_small_models_are_traced_and_answer_as_before(kind: str, request: pytest.FixtureRequest) -> None:
    generator: Generator = request.getfixturevalue(kind)
    model = generator.model
    unet, decoder = fast_unet(model.unet), fast_decoder(model.vae)
    channels = model.unet.config.in_channels
    for batch, tokens, time in ((2, 12, 500.0), (2, 12, 20.0), (1, 12, 500.0), (2, 24, 500.0)):
        latents, text = torch.randn(batch, channels, 4, 8), torch.randn(batch, tokens, 16)
        expected = model.unet(latents, torch.tensor(time), text).sample
        assert torch.allclose(unet(latents, torch.tensor(time), text), expected, atol=1e-4)
    latents = torch.randn(1, *model.latent_shape[1:])
    for _ in range(3):
        assert torch.allclose(decoder(latents), model.vae.decode(latents).sample, atol=1e-4)
    for fast in (unet, decoder):
        assert isinstance(fast, Traced) and fast._traced is not None


class Fickle(nn.Module):
    """Answers by a value, which a trace cannot see, or not at all while it is traced."""

    def __init__(self, refuses: bool) -> None:
        super().__init__()
        self.refuses = refuses
        self.calls = 0

    def forward(self, x: Tensor) -> Tensor:
        self.calls += 1
        if torch.jit.is_tracing():
            if self.refuses:
                raise RuntimeError("not me")
            return x + 1
        return x + 2


@pytest.mark.parametrize("refuses", [True, False])
def test_what_cannot_be_traced_still_answers(refuses: bool) -> None:
    fickle = Traced(Fickle(refuses).eval())
    for value in (0.0, 1.0):
        assert fickle(torch.full((3,), value)).tolist() == [value + 2] * 3
