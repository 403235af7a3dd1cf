"""Clips in one batch are the clips by themselves; what does not fit into memory is made in smaller pieces."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from riffsynth.diffusion.generator import Generator
from riffsynth.diffusion.model_error import ModelError
from riffsynth.diffusion.pieces import InPieces
from riffsynth.diffusion.request import ClipRequest, End

A, B = End("piano, drums", "no", 1), End("bass", seed=2, guidance=5.0)
REQUESTS = [
    ClipRequest(1, A, B, 0.3, 3),
    ClipRequest(2, B, B, 0.0, 3),
    ClipRequest(3, replace(A, prompt="drums " * 30), B, 0.8, 3),
]


@pytest.mark.parametrize(("kind", "tolerance"), [("riffusion", 2e-3), ("embedded", 0.02)])
def test_clips_of_a_batch_are_those_by_themselves(kind: str, tolerance: float, request: pytest.FixtureRequest) -> None:
    """The embedded model's pooled text feels a little that a short prompt is repeated to the length of a long one."""
    generator: Generator = request.getfixturevalue(kind)
    for asked, made in zip(REQUESTS, generator.generate_all(REQUESTS), strict=True):
        alone = generator.generate(asked).mel
        assert made.request == asked
        assert np.abs(made.mel - alone).max() < tolerance * np.ptp(alone)


def test_only_clips_of_one_plan_share_a_batch(riffusion: Generator) -> None:
    with pytest.raises(ValueError, match="same steps"):
        riffusion.generate_all([REQUESTS[0], replace(REQUESTS[1], steps=4)])


class SmallMemory:
    """A device that holds `most` clips."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.sizes: list[int] = []

    def __call__(self, latents: Tensor, timestep: Tensor) -> Tensor:
        if len(latents) > self.most:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
        self.sizes.append(len(latents))
        return latents * timestep


def test_out_of_memory_goes_on_in_smaller_pieces_and_says_so() -> None:
    device, told = SmallMemory(3), []
    call = InPieces(device, "U-Net", told.append)
    latents = torch.arange(8.0)[:, None]
    assert torch.equal(call(latents, torch.tensor(2.0)), 2 * latents)
    assert device.sizes == [2, 2, 2, 2]
    assert told == [
        "out of memory in the U-Net: it goes on with 4 at a time, more slowly",
        "out of memory in the U-Net: it goes on with 2 at a time, more slowly",
    ]
    call(latents[:3], torch.tensor(2.0))
    assert device.sizes[4:] == [2, 1] and len(told) == 2


def test_where_not_even_one_fits_it_says_what_to_do() -> None:
    with pytest.raises(ModelError, match=r"not even one clip fits into the decoder.*--device cpu"):
        InPieces(SmallMemory(0), "decoder", lambda text: None)(torch.ones(2, 1), torch.tensor(1.0))


def test_a_generator_with_little_memory_makes_the_same_clip(riffusion: Generator) -> None:
    told: list[str] = []
    generator = Generator(riffusion.model, told.append)
    expected = riffusion.generate(REQUESTS[0]).mel
    whole = generator._unet._call

    def short(latents: Tensor, *rest: Tensor) -> Tensor:
        if len(latents) > 1:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return whole(latents, *rest)

    generator._unet._call = short
    made = generator.generate(REQUESTS[0]).mel
    assert np.abs(made - expected).max() < 2e-3 * np.ptp(expected)
    assert len(told) == 1 and "1 at a time" in told[0]


def test_what_is_painted_on_keeps_its_latents_to_the_bit(embedded: Generator) -> None:
    """Half after half, nothing is lost by decoding and encoding again: the half that stays is the same latents."""
    clip = embedded.generate(REQUESTS[0])
    for step, repaint in enumerate([(0.5, 1.0), (0.0, 0.5), (0.5, 1.0)]):
        before = embedded._canvas.encoded(clip)
        clip = embedded.generate(replace(REQUESTS[1], a=replace(B, seed=step), init=clip, repaint=repaint))
        after = embedded._canvas.encoded(clip)
        half = after.shape[-1] // 2
        kept, new = (slice(0, half), slice(half, None)) if repaint[0] else (slice(half, None), slice(0, half))
        assert torch.equal(after[..., kept], before[..., kept])
        assert not torch.allclose(after[..., new], before[..., new], atol=0.1)
