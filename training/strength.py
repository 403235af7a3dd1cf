"""Make strength even: `python -m training.strength` measures a model and writes noise_at_strength (riffsynth.json).

Clips are remade from others with more and more noise; the points are where the mean change is each tenth of the
whole. The pairs of prompts and the seeds are others than those that `training.evaluate` measures strength with.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from riffsynth.diffusion.model import DEFAULTS_FILE
from riffsynth.diffusion.strengths import STRAIGHT
from training.paths import MODEL
from training.responses import STRENGTH_PAIRS, TENTHS, remade
from training.studio import Studio

NOISES = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.88, 0.91, 0.94, 0.96, 0.98, 0.99, 1.0)
APART = 4
"""In the list of prompts: what makes the pairs others."""


def noise_at_strength(folder: Path, pairs: int) -> list[tuple[float, float]]:
    """(strength, noise) for each tenth of strength."""
    studio = Studio(folder, None, None)
    model = studio.generator.model
    studio.generator.model = replace(model, defaults=replace(model.defaults, noise_at_strength=STRAIGHT))
    changes = -np.mean([remade(studio, STRENGTH_PAIRS + pair, NOISES, APART) for pair in range(pairs)], axis=0)
    rising = np.maximum.accumulate(np.concatenate([[0.0], changes]) / changes[-1])
    points = np.interp(TENTHS, rising, (0.0, *NOISES))
    return [(strength, round(float(noise), 3)) for strength, noise in zip(TENTHS, points, strict=True)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--pairs", type=int, default=16)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    points = noise_at_strength(options.model, options.pairs)
    path = options.model / DEFAULTS_FILE
    fields = json.loads(path.read_text())
    path.write_text(json.dumps({**fields, "noise_at_strength": points}) + "\n")
    print(points)


if __name__ == "__main__":
    main()
