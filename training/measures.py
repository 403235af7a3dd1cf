"""Figures of mel images, as functions of what was heard or seen. Images are values 0..1 (n, bands, columns)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.onsets import beats_off, onsets

ON_THE_BEAT = 1 / 16
"""Beats from the nearest beat within which an onset counts as on it."""
FASTER_THAN_SIXTEENTHS = 8 * 4 + 1
"""Cycles in a clip of 8 beats."""
FLOOR_DB = -60.0


def level_db(images: Tensor) -> Tensor:
    """Levels in dB, not below FLOOR_DB under full scale; image values are magnitudes to the power 0.25."""
    return (80.0 * images.clamp(min=1e-3).log10()).clamp(min=FLOOR_DB)


def roughness_db(images: Tensor) -> float:
    """Sharpness: how much levels differ from one column to the next, in the mean."""
    return float(level_db(images).diff(dim=-1).abs().mean())


def regular_grain(images: Tensor, real: Tensor) -> float:
    """The strongest regular movement of levels faster than sixteenths, by its power against that in real clips: well
    above 1 a decoder paints a grid where there should be grain. For clips of 8 beats."""
    powers = [torch.fft.rfft(level_db(some), dim=-1).abs().square().mean((0, 1)) for some in (images, real)]
    return float((powers[0] / powers[1])[FASTER_THAN_SIXTEENTHS:].max())


def seam_ratio(images: Tensor) -> float:
    """The step of levels from the last column to the first against that between the bars, where a bar begins as well;
    means of all clips."""
    levels = level_db(images)
    columns = levels.shape[-1]
    seam = (levels[..., 0] - levels[..., -1]).abs().mean()
    middle = (levels[..., columns // 2] - levels[..., columns // 2 - 1]).abs().mean()
    return float(seam / middle)


def frechet_distance(a: Tensor, b: Tensor) -> float:
    """Between Gaussians fitted to features (n, d) and (m, d) (Heusel et al. 2017, eq. 6)."""
    x, y = a.double().numpy(), b.double().numpy()
    covariance_a, covariance_b = np.cov(x.T), np.cov(y.T)
    roots = np.sqrt(np.linalg.eigvals(covariance_a @ covariance_b).real.clip(min=0.0)).sum()
    apart = ((x.mean(0) - y.mean(0)) ** 2).sum()
    return float(apart + np.trace(covariance_a) + np.trace(covariance_b) - 2.0 * roots)


def spread(features: Tensor) -> float:
    """Diversity: the mean distance of two of the features (n, d)."""
    return float(torch.pdist(features).mean())


def beat_figures(images: Tensor, columns_per_beat: float) -> dict[str, float]:
    """Of kicks that should come once a beat: the share of onsets on the beat, onsets a clip, clips with one a beat."""
    found = [beats_off(onsets(image.numpy()), columns_per_beat) for image in images]
    off = np.concatenate(found)
    beats = images.shape[-1] / columns_per_beat
    return {
        "on the beat": float((np.abs(off) <= ON_THE_BEAT).mean()) if off.size else 0.0,
        "onsets a clip": float(np.mean([len(f) for f in found])),
        "clips with one a beat": float(np.mean([len(f) == beats for f in found])),
    }


def closeness(images: Tensor, target: Tensor) -> NDArray[np.float64]:
    """Minus the mean difference of image values from `target` (bands, columns), for each image."""
    return -(images - target).abs().mean((1, 2)).double().numpy()


def rank_correlation(x: Sequence[float], y: Sequence[float]) -> float:
    """Spearman's, without ties."""
    ranks = [np.argsort(np.argsort(values)) for values in (x, y)]
    return float(np.corrcoef(*ranks)[0, 1])


def share_of_steps(curve: Sequence[float]) -> NDArray[np.float64]:
    """Which part of a curve's whole change each of its steps takes; they sum to 1."""
    return np.diff(curve) / (curve[-1] - curve[0])
