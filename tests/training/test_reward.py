"""The reward: what is told counts and nothing else, it reaches what is foreseen, and a network learns it."""

from __future__ import annotations

import itertools
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from torch import Tensor

from training import reward, timebox
from training.autoencoder import LATENT_CHANNELS
from training.compose import compose
from training.listener import PARTS, UNKNOWN
from training.loop import Time
from training.reward import (
    HEADS,
    TARGETS,
    RewardModel,
    foresee,
    losses,
    reward_loss,
    scores,
    targets,
    train,
)
from training.unet import COLUMNS, ROWS

CLIPS = [compose(seed).describe() for seed in range(64)]


def test_what_is_not_told_is_unknown() -> None:
    for clip in CLIPS:
        whole = targets(clip)
        assert len(whole) == TARGETS
        assert whole[: len(PARTS)] == [int(part in clip["parts"]) for part in PARTS]
        assert targets(clip, frozenset()) == [UNKNOWN] * TARGETS
        only = targets(clip, frozenset(["style"]))
        place = len(PARTS) + list(HEADS).index("style")
        assert only[place] == whole[place]
        assert only[:place] + only[place + 1 :] == [UNKNOWN] * (TARGETS - 1)


def test_the_unknown_costs_nothing() -> None:
    model = RewardModel().eval()
    heard = model(torch.randn(2, LATENT_CHANNELS, ROWS, COLUMNS))
    wanted = torch.tensor([targets(CLIPS[0]), targets(CLIPS[0], frozenset())])
    found = losses(heard, wanted)
    assert found.shape == (2, TARGETS)
    assert (found[0, : len(PARTS)] > 0).all()
    assert not found[1].any()


def test_it_reaches_what_is_foreseen_where_something_was_told() -> None:
    foreseen = torch.randn(2, LATENT_CHANNELS, ROWS, COLUMNS, requires_grad=True)
    hears = RewardModel().eval().requires_grad_(False)
    told = torch.tensor([targets(CLIPS[0]), targets(CLIPS[0], frozenset())])
    reward_loss(hears, foreseen, torch.zeros_like(foreseen), told).backward()
    assert foreseen.grad is not None
    assert foreseen.grad[0].abs().sum() > 0
    assert not foreseen.grad[1].any()


def test_as_clear_as_the_real_clip_is_clear_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reward, "varied", lambda latents: latents)
    hears = RewardModel().eval().requires_grad_(False)
    told = torch.tensor([targets(clip) for clip in CLIPS[:4]])
    real, other = torch.randn(2, 4, LATENT_CHANNELS, ROWS, COLUMNS)
    assert float(reward_loss(hears, real, real, told)) == 0.0
    assert float(reward_loss(hears, other, real, told)) > 0.0


def test_without_a_caption_only_the_noisy_clip_tells_what_it_is() -> None:
    def data(latents: Tensor, sigma: Tensor, ids: Tensor) -> Tensor:
        """The velocity towards what its caption says; nothing else is known."""
        return (latents - ids[:, 0, None, None, None]) / sigma[:, None, None, None]

    found = foresee(data, torch.randn(3, LATENT_CHANNELS, ROWS, COLUMNS), torch.full((1, 5), 7))
    assert torch.allclose(found, torch.full_like(found, 7.0))


def test_it_learns_what_its_latents_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = itertools.count(0.0, 0.1)
    monkeypatch.setattr(reward, "BATCH", 16)
    monkeypatch.setattr(timebox, "time", SimpleNamespace(monotonic=lambda: next(ticks)))
    torch.manual_seed(1)
    latents = 0.3 * torch.randn(len(CLIPS), LATENT_CHANNELS, ROWS, COLUMNS)
    for number, clip in enumerate(CLIPS):
        for index, part in enumerate(PARTS):
            latents[number, index] += 2.0 * (part in clip["parts"])
    model = train(Time(0.1), tmp_path, latents, latents.half(), CLIPS)
    assert model is not None
    found = scores(model, latents, CLIPS)
    assert all(found[part] > 0.9 for part in PARTS)
