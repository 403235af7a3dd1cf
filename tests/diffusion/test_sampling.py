"""Every scheduler, few steps and many, from noise and from an init, judged by a model whose answers are known."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
import torch
from diffusers import (
    EulerAncestralDiscreteScheduler,
    FlowMatchEulerDiscreteScheduler,
    HeunDiscreteScheduler,
    LCMScheduler,
)
from small_models import SCHEDULERS
from torch import Tensor

from riffsynth.diffusion.interpolation import lerp, noise_of, slerp
from riffsynth.diffusion.sampling import Denoiser, guided, sample

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

SHAPE = (1, 4, 8, 16)
INIT = noise_of(100, SHAPE)
NOISE = noise_of(200, SHAPE)
TARGET = 0.5 * noise_of(300, SHAPE)


def knows(target: Tensor, scheduler: Any) -> Denoiser:
    """A perfect model of a world with one clip in it: it predicts the very noise that hides `target`."""

    def denoise(latents: Tensor, timestep: Tensor) -> Tensor:
        if not hasattr(scheduler, "alphas_cumprod"):
            return (latents - target) / (timestep / 1000)
        level = scheduler.alphas_cumprod[int(timestep)]
        return (latents - level.sqrt() * target) / (1 - level).sqrt()

    return denoise


def gaussian(latents: Tensor, timestep: Tensor) -> Tensor:
    """The exact velocity of a world of unit Gaussian clips."""
    t = timestep / 1000
    return latents * (2 * t - 1) / ((1 - t) ** 2 + t**2)


def likeness(a: Tensor, b: Tensor) -> float:
    return float((a * b).sum() / (a.norm() * b.norm()))


ALL: dict[str, Callable[[], Any]] = {
    **SCHEDULERS,
    "EulerAncestral": EulerAncestralDiscreteScheduler,
    "Heun": HeunDiscreteScheduler,
}


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("steps", [1, 4, 20])
@pytest.mark.parametrize("strength", [1.0, 0.5])
def test_every_scheduler_finds_the_clip(name: str, steps: int, strength: float) -> None:
    scheduler = ALL[name]()
    told: list[int] = []
    made = sample(
        knows(TARGET, scheduler), scheduler, NOISE, INIT, strength, steps, callback=lambda step, of: told.append(of)
    )
    assert made.shape == SHAPE and made.isfinite().all()
    assert told[-1] == len(told)
    if steps == 20:
        assert likeness(made, TARGET) > 0.9
        # PNDM's second timestep counts twice, Heun's steps are double.
        assert len(told) <= (2 if name == "Heun" else 1) * round(20 * strength) + 1


@pytest.mark.parametrize("name", SCHEDULERS)
@pytest.mark.parametrize("steps", [1, 2, 4, 20])
@pytest.mark.parametrize("strength", [0.3, 0.5, 0.9])
def test_noise_that_was_put_on_an_init_is_taken_off_again(name: str, steps: int, strength: float) -> None:
    """Wherever a scheduler is entered, its steps lead down to zero: no noise is left, none is taken twice."""
    scheduler = SCHEDULERS[name]()
    answer = NOISE - INIT if name == "FlowMatchEuler" else NOISE
    made = sample(lambda latents, timestep: answer, scheduler, NOISE, INIT, strength, steps)
    assert float((made - INIT).std()) < 0.05


@pytest.mark.parametrize("name", ALL)
def test_nothing_of_one_clip_stays_for_the_next(name: str) -> None:
    scheduler = ALL[name]()
    model = knows(TARGET, scheduler)
    first = sample(model, scheduler, NOISE, INIT, 0.5, 5, seeds=(3,))
    sample(model, scheduler, INIT, None, 1.0, 7, seeds=(4,))
    assert torch.equal(sample(model, scheduler, NOISE, INIT, 0.5, 5, seeds=(3,)), first)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("strength", [0.6, 1.0])
def test_what_a_mask_keeps_is_the_init_and_what_it_opens_is_new(name: str, strength: float) -> None:
    """Black is the init itself, without noise, however few the steps."""
    scheduler = ALL[name]()
    repaint = (torch.arange(SHAPE[-1]) >= 4).float()
    made = sample(knows(TARGET, scheduler), scheduler, NOISE, INIT, strength, 5, repaint=repaint)
    assert torch.equal(made[..., :4], INIT[..., :4])
    assert likeness(made[..., 4:], TARGET[..., 4:]) > likeness(made[..., 4:], INIT[..., 4:])


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("shift", [1.0, 2.0])
def test_likeness_to_the_init_falls_smoothly_with_strength(order: int, shift: float) -> None:
    scheduler = FlowMatchEulerDiscreteScheduler(shift=shift)
    strengths = [i / 50 for i in range(1, 51)]
    likes = [likeness(sample(gaussian, scheduler, NOISE, INIT, s, 8, order=order), INIT) for s in strengths]
    falls = [a - b for a, b in pairwise(likes)]
    assert likes[0] > 0.99 and likes[-1] < 0.2
    assert min(falls) > 0 and max(falls) < 0.08


@pytest.mark.parametrize("strength", [1.0, 0.5])
@pytest.mark.parametrize("shift", [1.0, 2.0])
def test_steps_that_look_ahead_keep_nearer_to_the_way_than_twice_as_many(strength: float, shift: float) -> None:
    scheduler = FlowMatchEulerDiscreteScheduler(shift=shift)
    exact = sample(gaussian, scheduler, NOISE, INIT, strength, 500)
    plain = sample(gaussian, scheduler, NOISE, INIT, strength, 16)
    ahead = sample(gaussian, scheduler, NOISE, INIT, strength, 8, order=2)
    assert float((ahead - exact).norm()) < float((plain - exact).norm())


def test_a_first_step_as_short_as_can_be_changes_nothing() -> None:
    scheduler = SCHEDULERS["FlowMatchEuler"]()
    on, beyond = (sample(gaussian, scheduler, NOISE, INIT, 0.8 + more, 5, order=2) for more in (0.0, 1e-3))
    assert float((on - beyond).std()) < 0.01 * float(on.std())


def test_a_flow_takes_the_steps_that_strength_asks_for() -> None:
    scheduler = SCHEDULERS["FlowMatchEuler"]()
    for strength, expected in ((1.0, 8), (0.5, 4), (0.51, 5), (0.01, 1)):
        told: list[int] = []
        sample(gaussian, scheduler, NOISE, INIT, strength, 8, callback=lambda step, of, told=told: told.append(of))
        assert told[-1] == expected


@pytest.mark.parametrize("steps", [5, 10, 20, 25])
def test_a_strength_on_a_flows_grid_starts_there(steps: int) -> None:
    scheduler = SCHEDULERS["FlowMatchEuler"]()
    for k in range(1, steps):
        told: list[int] = []
        strength = k / steps
        sample(gaussian, scheduler, NOISE, INIT, strength, steps, callback=lambda step, of, told=told: told.append(of))
        assert told == [k] * k, f"strength {strength}"


def test_guidance() -> None:
    batches: list[int] = []

    def predict(latents: Tensor, timestep: Tensor, embeddings: Tensor) -> Tensor:
        batches.append(len(latents))
        return embeddings.mean((1, 2))[:, None, None, None] * torch.ones_like(latents)

    text, negative = torch.full((1, 3, 2), 2.0), torch.full((1, 3, 2), 0.5)
    for guidance, expected in ((0.0, 0.5), (1.0, 2.0), (3.0, 5.0)):
        assert guided(predict, text, negative, torch.tensor([[[[guidance]]]]))(
            NOISE, torch.tensor(0)
        ).unique().tolist() == [expected]
    assert batches == [2, 1, 2]


def test_interpolation_keeps_its_ends_and_its_length() -> None:
    a, b = noise_of(1, SHAPE), noise_of(2, SHAPE)
    for between in (lerp, slerp):
        assert between(a, b, 0.0) is a and between(a, b, 1.0) is b
    assert float(slerp(a, b, 0.5).std()) == pytest.approx(1.0, abs=0.06)
    assert float(lerp(a, b, 0.5).std()) < 0.8
    assert torch.allclose(slerp(a, a, 0.5), a)


@pytest.mark.parametrize("name", [*ALL, "LCM"])
@pytest.mark.parametrize("strength", [1.0, 0.5])
@pytest.mark.parametrize("masked", [False, True])
def test_no_step_waits_for_the_device(name: str, strength: float, masked: bool) -> None:
    """On a device without any numbers, where whatever would be read of them on the host raises."""
    scheduler = {**ALL, "LCM": LCMScheduler}[name]()
    noise, init = (torch.zeros(SHAPE, device="meta") for _ in range(2))
    asked: list[str] = []

    def predict(latents: Tensor, timestep: Tensor, text: Tensor) -> Tensor:
        asked.append(timestep.device.type)
        return latents

    words = torch.zeros(1, 3, 4, device="meta")
    model = guided(predict, words, words, torch.tensor([[[[7.0]]]]))
    made = sample(model, scheduler, noise, init, strength, 4, repaint=noise[:, :1] if masked else None)
    assert made.device.type == "meta" and set(asked) == {"meta"}
