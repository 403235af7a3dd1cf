"""How clips answer to strength and to alpha: sections of training.evaluate."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from riffsynth.diffusion.request import ClipRequest
from riffsynth.spectrogram.analysis import to_image
from training import prompts
from training.measures import (
    closeness,
    rank_correlation,
    share_of_steps,
)
from training.studio import Studio

STRENGTH_PAIRS = 16
ALPHA_PAIRS, ALPHA_SEEDS = 50, 4
TENTHS = tuple(round(0.1 * n, 1) for n in range(11))
DEAD_ZONE = 0.3


def remade(studio: Studio, pair: int, strengths: Sequence[float], apart: int = 5) -> NDArray[np.float64]:
    """The closeness to an init clip of what is made from it with other words, for each strength."""
    first, second = (prompts.PICTURED[(pair + n) % len(prompts.PICTURED)] for n in (0, apart))
    start = studio.end(first, pair)
    init = studio.generator.generate(ClipRequest(0, start, start, steps=studio.steps))
    ends = [studio.end(second, 100 + pair, value) for value in strengths]
    clips = [studio.generator.generate(ClipRequest(0, end, end, steps=studio.steps, init=init)) for end in ends]
    images = torch.from_numpy(np.stack([to_image(clip.mel, clip.spec) for clip in clips]))
    return closeness(images, torch.from_numpy(to_image(init.mel, init.spec)))


def strength(studio: Studio) -> dict[str, float]:
    """How the closeness to the init clip falls from strength 0 to 1."""
    curves = [remade(studio, pair, TENTHS) for pair in range(STRENGTH_PAIRS)]
    mean = np.mean(curves, axis=0)
    return {
        "rank correlation": float(np.mean([rank_correlation(TENTHS, curve) for curve in curves])),
        "rank correlation of the mean": rank_correlation(TENTHS, mean),
        "largest tenth": float(share_of_steps(mean).max()),
    }


def alpha(studio: Studio) -> dict[str, float]:
    """How clips go from one end to the other, in the mean of pairs of prompts and seeds."""
    words = [text for text in prompts.PICTURED if text]
    rng = np.random.default_rng(0)
    curves = []
    for _ in range(ALPHA_PAIRS):
        first, second = rng.choice(len(words), 2, replace=False)
        for seed in range(ALPHA_SEEDS):
            a, b = studio.end(words[first], seed), studio.end(words[second], seed + ALPHA_SEEDS)
            images = studio.answer([ClipRequest(0, a, b, alpha, studio.steps) for alpha in TENTHS])
            to_a, to_b = (-closeness(images, images[index]) for index in (0, -1))
            curves.append(to_a / (to_a + to_b))
    mean = np.mean(curves, axis=0)
    window = round(DEAD_ZONE * (len(TENTHS) - 1))
    return {
        "smallest tenth": float(share_of_steps(mean).min()),
        "largest tenth": float(share_of_steps(mean).max()),
        "least change in 0.3": float((mean[window:] - mean[:-window]).min()),
    }
