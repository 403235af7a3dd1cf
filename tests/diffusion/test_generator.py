"""Requests become clips: repeatable, between two ends, against an init, closed."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch
from small_models import SMALL, SMALL_EMBEDDED
from torch import Tensor

from riffsynth.diffusion import generator as generating
from riffsynth.diffusion.generator import Generator
from riffsynth.diffusion.interpolation import noise_of
from riffsynth.diffusion.model_error import ModelError
from riffsynth.diffusion.request import ClipRequest, End
from riffsynth.spectrogram.analysis import from_image
from riffsynth.spectrogram.clip import Clip

A = End("piano, drums", seed=1)
B = End("bass", seed=2, guidance=5.0)


def request(a: End = A, b: End = B, alpha: float = 0.0, steps: int = 3, init: Clip | None = None) -> ClipRequest:
    return ClipRequest(1, a, b, alpha, steps, init)


@pytest.fixture(params=["riffusion", "embedded"])
def generator(request: pytest.FixtureRequest) -> Generator:
    made: Generator = request.getfixturevalue(request.param)
    return made


def difference(a: Clip, b: Clip) -> float:
    return float(np.abs(a.mel - b.mel).max() / np.ptp(b.mel))


def some_clip(generator: Generator, seed: int = 9) -> Clip:
    spec = generator.model.spec
    image = np.random.default_rng(seed).random((spec.bands, spec.columns), np.float32)
    return Clip(from_image(image, spec), spec)


def test_the_same_request_gives_the_same_clip(generator: Generator) -> None:
    first = generator.generate(request(alpha=0.3))
    generator.generate(request(a=B, alpha=0.9, steps=2))
    assert np.array_equal(generator.generate(request(alpha=0.3)).mel, first.mel)


@pytest.mark.parametrize(("alpha", "end"), [(0.0, A), (1.0, B)])
def test_at_an_end_the_other_has_no_say(generator: Generator, alpha: float, end: End) -> None:
    long = replace(B if end is A else A, prompt="drums " * 200, negative="a", strength=0.1)
    ends = (A, long) if end is A else (long, B)
    assert np.array_equal(
        generator.generate(request(*ends, alpha=alpha)).mel, generator.generate(request(end, end)).mel
    )


@pytest.mark.parametrize(
    "other",
    [
        replace(A, prompt="bass"),
        replace(A, negative="bass"),
        replace(A, seed=3),
        replace(A, guidance=1.0),
        replace(A, guidance=0.0),
        replace(A, prompt="(piano:1.5), drums"),
    ],
)
def test_everything_in_an_end_is_heard(generator: Generator, other: End) -> None:
    assert difference(generator.generate(request(other)), generator.generate(request(A))) > 1e-4


def test_alpha_walks_without_a_jump(generator: Generator) -> None:
    walk = [generator.generate(request(alpha=i / 10)) for i in range(11)]
    steps = [difference(b, a) for a, b in pairwise(walk)]
    assert max(steps) < 4 * np.mean(steps)
    assert difference(walk[-1], walk[0]) > max(steps)


def test_strength_0_is_the_init(generator: Generator) -> None:
    init = some_clip(generator)
    still = replace(A, strength=0.0)
    assert np.array_equal(generator.generate(request(still, still, init=init)).mel, init.mel)


def test_strength_1_is_from_noise_whatever_the_init(generator: Generator) -> None:
    made = generator.generate(request(init=some_clip(generator)))
    assert np.array_equal(made.mel, generator.generate(request()).mel)


def test_strength_moves_smoothly_away_from_the_init(embedded: Generator) -> None:
    init = some_clip(embedded)
    strengths = np.arange(1, 40) / 40

    def at(strength: float) -> np.ndarray:
        end = replace(A, strength=strength)
        return embedded.generate(request(end, end, init=init, steps=4)).mel

    clips = [at(strength) for strength in strengths]
    moves = [float(np.abs(b - a).mean()) for a, b in pairwise(clips)]
    away = [float(np.abs(clip - clips[0]).mean()) for clip in clips]
    assert away[38] > away[20] > away[5] > 0
    assert max(moves) < 0.25 * away[38]


def test_an_init_of_another_model_is_taken(riffusion: Generator, embedded: Generator) -> None:
    half = replace(A, strength=0.5)
    made = embedded.generate(request(half, half, init=some_clip(riffusion)))
    assert made.spec == SMALL_EMBEDDED
    assert difference(made, embedded.generate(request(half, half, init=some_clip(riffusion, 4)))) > 1e-4


@pytest.mark.parametrize("columns", [2, 6])
def test_a_clip_closes(riffusion: Generator, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    """Noise rolled along time gives the clip rolled along time: nothing tells where the loop begins."""
    monkeypatch.setattr(generating, "beat_offset", lambda mel, spec: 0)
    plain = riffusion.generate(request(alpha=0.5)).mel
    monkeypatch.setattr(generating, "noise_of", lambda seed, shape: noise_of(seed, shape).roll(columns, -1))
    rolled = riffusion.generate(request(alpha=0.5)).mel
    assert np.abs(rolled - np.roll(plain, columns * 8, axis=1)).max() < 1e-3 * np.ptp(plain)
    assert np.abs(rolled - plain).max() > 1e-2 * np.ptp(plain)


def test_positions_hold_the_embedded_model_to_the_bar(embedded: Generator, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = embedded.generate(request()).mel
    monkeypatch.setattr(generating, "noise_of", lambda seed, shape: noise_of(seed, shape).roll(2, -1))
    rolled = embedded.generate(request()).mel
    assert np.abs(rolled - np.roll(plain, 16, axis=1)).max() > 1e-3 * np.ptp(plain)


def test_what_starts_from_noise_is_aligned_and_what_starts_from_an_init_is_not(
    riffusion: Generator, embedded: Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = replace(A, strength=0.5)
    asked = [
        (riffusion, request(), 5),
        (riffusion, request(half, half), 5),
        (riffusion, request(half, half, init=some_clip(riffusion)), 0),
        (embedded, request(), 0),
    ]
    for generator, each, rolled in asked:
        monkeypatch.setattr(generating, "beat_offset", lambda mel, spec: 0)
        plain = generator.generate(each).mel
        monkeypatch.setattr(generating, "beat_offset", lambda mel, spec: 5)
        assert np.array_equal(generator.generate(each).mel, np.roll(plain, -rolled, axis=1))


def test_riffusions_semantics(riffusion: Generator) -> None:
    """Against a plain writing-out of Riffusion's pipeline: two ends, alpha, guidance, DDIM, an init, its picture."""
    model = riffusion.model
    alpha, steps = 0.3, 10
    a = replace(A, strength=0.8, guidance=3.0, negative="drums")
    b = replace(B, strength=0.6, guidance=7.0)
    init = some_clip(riffusion)
    made = riffusion.generate(request(a, b, alpha, steps, init))

    def words(prompt: str) -> Tensor:
        ids = model.tokenizer(
            prompt, padding="max_length", max_length=77, truncation=True, return_tensors="pt"
        ).input_ids
        embeddings: Tensor = model.text_encoder(ids)[0]
        return embeddings

    with torch.no_grad():
        text = (1 - alpha) * words(a.prompt) + alpha * words(b.prompt)
        negative = (1 - alpha) * words(a.negative) + alpha * words(b.negative)
        guidance = (1 - alpha) * a.guidance + alpha * b.guidance
        strength = (1 - alpha) * a.strength + alpha * b.strength
        one, two = (torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(end.seed)) for end in (a, b))
        dot = float((one / one.norm() * (two / two.norm())).sum())
        angle = np.arccos(dot)
        noise = (np.sin((1 - alpha) * angle) * one + np.sin(alpha * angle) * two) / np.sin(angle)
        loudness = (init.mel / SMALL.full_scale) ** 0.25
        pixels = torch.tensor(1 - loudness[::-1].copy()).repeat(1, 3, 1, 1) * 2 - 1
        latents = model.vae.encode(pixels).latent_dist.mean * model.vae.config.scaling_factor
        alphas = torch.cumprod(1 - torch.linspace(0.00085**0.5, 0.012**0.5, 1000) ** 2, 0)
        times = [1 + 100 * i for i in range(steps)][: int(steps * strength)]
        latents = alphas[times[-1]].sqrt() * latents + (1 - alphas[times[-1]]).sqrt() * noise
        for time in reversed(times):
            without, wanted = model.unet(torch.cat([latents] * 2), time, torch.cat([negative, text])).sample.chunk(2)
            epsilon = without + guidance * (wanted - without)
            here, there = alphas[time], alphas[time - 100] if time >= 100 else alphas[0]
            clean = (latents - (1 - here).sqrt() * epsilon) / here.sqrt()
            latents = there.sqrt() * clean + (1 - there).sqrt() * epsilon
        picture = model.vae.decode(latents / model.vae.config.scaling_factor).sample[0].mean(0) / 2 + 0.5
    expected = (1 - picture.numpy()[::-1]).clip(0, 1) ** 4 * SMALL.full_scale
    assert np.abs(made.mel - expected).max() < 1e-3 * np.ptp(expected)


def test_nan_is_an_error_and_no_clip(embedded: Generator) -> None:
    with pytest.raises(ModelError, match="NaN"):
        embedded.generate(request(replace(A, guidance=float("inf"))))
    embedded.generate(request())


def test_no_steps_are_an_error(embedded: Generator) -> None:
    with pytest.raises(ModelError, match="at least one step"):
        embedded.generate(request(steps=0))


def test_a_callback_hears_each_step_and_may_end_it(generator: Generator) -> None:
    told: list[tuple[int, int]] = []
    generator.generate(request(steps=4), lambda step, steps: told.append((step, steps)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]

    def stop(step: int, steps: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        generator.generate(request(), stop)


def test_what_a_prompt_refuses_is_led_away_from_where_the_model_says_so(generator: Generator) -> None:
    model = generator.model
    refusing, plain = End("piano, no drums", guidance=4.0), End("piano", guidance=4.0)
    telling = replace(refusing, negative="drums")
    wanted, before, bare = (generator.generate(request(end, end)) for end in (telling, refusing, plain))
    assert difference(before, wanted) > 1e-3  # a model that says nothing of it is asked as ever
    generator.model = replace(model, defaults=replace(model.defaults, absence_weight=1.0))
    found = [generator.generate(request(end, end)) for end in (refusing, plain)]
    generator.model = model
    assert [difference(*pair) for pair in zip(found, (wanted, bare), strict=True)] == [0.0, 0.0]


def test_a_flow_looks_ahead_where_the_model_says_so(generator: Generator) -> None:
    model = generator.model
    first = generator.generate(request(A, A))
    generator.model = replace(model, defaults=replace(model.defaults, solver_order=2))
    second = generator.generate(request(A, A))
    generator.model = model
    assert (difference(first, second) > 0) == hasattr(model.scheduler.config, "shift")
