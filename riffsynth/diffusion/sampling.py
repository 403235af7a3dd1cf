"""Sampling in k-diffusion's manner, over the schedulers of diffusers: pure functions, model first, callback last.

A `Denoiser` maps (latents, timestep) to the scheduler's kind of prediction. Latents are float32 throughout; what the
network computes in is the denoiser's business. A callback may raise to abandon the clip.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

Denoiser = Callable[[Tensor, Tensor], Tensor]
StepCallback = Callable[[int, int], None]
"""Told (steps done, steps in all) after each step."""

HOST = "cpu"
"""Where schedulers have their numbers: they read them at every step, and would wait for the device each time."""
SHORTEST_STEP = 1e-4
"""Of a flow's time 0..1: a step shorter than this is left out."""
FORETOLD = 3.0
"""A step this many times as long as the last one is not foretold: the second of two would fall beside the beat."""


def guided(
    predict: Callable[[Tensor, Tensor, Tensor], Tensor], text: Tensor, negative: Tensor, guidance: Tensor
) -> Denoiser:
    """Classifier-free guidance (Ho and Salimans 2022): away from `negative`, towards `text`, all in one batch.

    `predict` maps (latents, timestep, embeddings) to predictions; `guidance` is (batch, 1, 1, 1). Where all of it is 1
    `negative` has no say and no cost.
    """
    if bool((guidance == 1).all()):
        return lambda latents, timestep: predict(latents, timestep, text)
    guidance = guidance.to(text.device)
    both = torch.cat([negative, text])

    def denoise(latents: Tensor, timestep: Tensor) -> Tensor:
        away, towards = predict(torch.cat([latents, latents]), timestep, both).chunk(2)
        return away + guidance * (towards - away)

    return denoise


def sample(
    model: Denoiser,
    scheduler: Any,
    noise: Tensor,
    init: Tensor | None = None,
    strength: float = 1.0,
    steps: int = 8,
    seeds: Sequence[int] = (0,),
    callback: StepCallback = lambda step, steps: None,
    repaint: Tensor | None = None,
    order: int = 1,
) -> Tensor:
    """Latents made from `noise`, and at strength below 1 from `init`, both (batch, channels, rows, columns) float32.

    `repaint`, which broadcasts against them, is how much of each place is made anew, 0..1; what it keeps is `init`.
    `scheduler` is used through a fresh copy, so that nothing of one clip stays for the next. `seeds`, one a clip, serve
    schedulers that add noise on the way. `order` is that of the steps along a flow, 1 or 2; other schedulers have their
    own. Strength must be above 0.
    """
    name = type(scheduler).__name__
    # Runge-Kutta steps at PNDM's start need four steps at least and cannot be entered midway.
    options = {"skip_prk_steps": True} if name.startswith("PNDM") else {}
    scheduler = type(scheduler).from_config(scheduler.config, **options)
    if init is None:
        strength, repaint = 1.0, None
    if name.startswith("FlowMatchEuler"):
        return sample_flow(model, scheduler, noise, init, strength, steps, seeds, callback, repaint, order)
    return sample_diffusion(model, scheduler, noise, init, strength, steps, seeds, callback, repaint)


def sample_flow(
    model: Denoiser,
    scheduler: Any,
    noise: Tensor,
    init: Tensor | None,
    strength: float,
    steps: int,
    seeds: Sequence[int],
    callback: StepCallback,
    repaint: Tensor | None = None,
    order: int = 1,
) -> Tensor:
    """Steps along a rectified flow (Liu et al. 2022), from time `strength` down to 0: Euler's, or looking ahead.

    The grid of a whole clip is kept and entered exactly at `strength`, so a clip changes smoothly with strength; the
    steps it takes are about `strength * steps`. The scheduler's `shift` bends the grid.
    """
    grid = [1 - i / steps for i in range(steps)]
    # To the scheduler's float32, 1 - 4 / 5 just below a strength of 0.2 is the same moment twice.
    later = (t for t in grid if t < strength - SHORTEST_STEP)
    scheduler.set_timesteps(sigmas=[strength, *later], device=HOST)
    scheduler.set_begin_index(0)
    if order == 2:
        model = looking_ahead(model, scheduler.sigmas)
    sigma = scheduler.sigmas[0]
    latents = noise if init is None else sigma * noise + (1 - sigma) * init

    def noised(step: int) -> Tensor:
        assert init is not None
        reached = scheduler.sigmas[step + 1]
        return reached * noise + (1 - reached) * init

    return _walk(model, scheduler, scheduler.timesteps, latents, seeds, callback, _kept(init, noised, repaint))


def looking_ahead(model: Denoiser, sigmas: Tensor) -> Denoiser:
    """Two-step Adams-Bashforth: the velocity of a step's middle, foretold from its beginning and the last one's.

    It costs no further evaluation. `sigmas` (steps + 1) are the ends of the steps; `model` is called once for each, in
    order. A first step may be as short as one likes: what it tells of a much longer one fades, so that a clip goes
    smoothly over to the one without it.
    """
    lengths = iter(sigmas.diff().abs().tolist())
    last: tuple[float, Tensor] | None = None

    def denoise(latents: Tensor, timestep: Tensor) -> Tensor:
        nonlocal last
        velocity, length = model(latents, timestep).float(), next(lengths)
        ahead = velocity
        if last is not None:
            last_length, last_velocity = last
            ratio = length / last_length
            trusted = min(ratio, max(0.0, 2.0 * (FORETOLD - ratio)))  # whole up to 2
            ahead = velocity + 0.5 * trusted * (velocity - last_velocity)
        last = length, velocity
        return ahead

    return denoise


def sample_diffusion(
    model: Denoiser,
    scheduler: Any,
    noise: Tensor,
    init: Tensor | None,
    strength: float,
    steps: int,
    seeds: Sequence[int],
    callback: StepCallback,
    repaint: Tensor | None = None,
) -> Tensor:
    """Any other scheduler: the last `strength` of its steps, from `init` with the noise of the first of them."""
    scheduler.set_timesteps(steps, device=HOST)
    timesteps = scheduler.timesteps

    def noised(step: int) -> Tensor:
        return scheduler.add_noise(init, noise, timesteps[step : step + 1])  # type: ignore[no-any-return]

    whole = init is None or strength >= 1
    first = 0 if whole else (steps - max(1, int(steps * strength))) * scheduler.order
    if hasattr(scheduler, "set_begin_index"):  # it would look for each step among the timesteps
        scheduler.set_begin_index(first)
    if not whole:
        timesteps = _last(scheduler, first)
    latents = noise * scheduler.init_noise_sigma if whole else noised(0)
    return _walk(model, scheduler, timesteps, latents, seeds, callback, _kept(init, noised, repaint))


def _last(scheduler: Any, first: int) -> Tensor:
    """The timesteps from number `first` on.

    PNDM takes its second timestep twice, wherever it begins: cut anywhere else it would end a step too early.
    """
    if not type(scheduler).__name__.startswith("PNDM"):
        return scheduler.timesteps[first:]
    rest = scheduler.timesteps.unique_consecutive()[first:]
    return torch.cat([rest[:2], rest[1:]])


def _kept(
    init: Tensor | None, noised: Callable[[int], Tensor], repaint: Tensor | None
) -> Callable[[Tensor, int, int], Tensor]:
    """Puts `init` back where `repaint` keeps it, after each of the steps.

    Riffusion noises it to the timestep just taken (riffusion_pipeline.py, 2022), and so leaves the last one's noise
    in the picture, the more the fewer steps there are. Here it is `init` itself after the last step.
    """

    def keep(latents: Tensor, step: int, steps: int) -> Tensor:
        if repaint is None or init is None:
            return latents
        kept = noised(step) if step + 1 < steps else init
        return repaint * latents + (1 - repaint) * kept

    return keep


def _walk(
    model: Denoiser,
    scheduler: Any,
    timesteps: Tensor,
    latents: Tensor,
    seeds: Sequence[int],
    callback: StepCallback,
    keep: Callable[[Tensor, int, int], Tensor],
) -> Tensor:
    options: dict[str, Any] = {"return_dict": False}
    if "generator" in inspect.signature(scheduler.step).parameters:
        generators = [torch.Generator("cpu").manual_seed(seed) for seed in seeds]
        options["generator"] = generators if len(generators) > 1 else generators[0]
    there = timesteps.to(latents.device)
    for i, timestep in enumerate(timesteps):
        scaled = scheduler.scale_model_input(latents, timestep) if hasattr(scheduler, "scale_model_input") else latents
        prediction = model(scaled, there[i]).float()
        latents = keep(scheduler.step(prediction, timestep, latents, **options)[0], i, len(timesteps))
        callback(i + 1, len(timesteps))
    return latents
