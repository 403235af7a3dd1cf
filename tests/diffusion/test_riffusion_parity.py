"""A request to Riffusion means here what it means there, against a plain writing-out of it (plain_riffusion.py)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from plain_riffusion import PlainEnd, riffuse
from small_models import SCHEDULERS, SMALL

from riffsynth.diffusion.generator import Generator
from riffsynth.diffusion.model_error import ModelError
from riffsynth.diffusion.request import ClipRequest, End
from riffsynth.spectrogram.clip import Clip, ClipError
from riffsynth.spectrogram.mask import read_mask

SEEDS = Path(__file__).resolve().parents[2].parent / "shared" / "riffusion-seeds"
LONG = "slow piano over a far away train in the rain at night, with soft brushes on an old snare drum, and a bass"
A = End("(piano) and [bass], (drums:1.5)", "", 1, 0.8, 3.0)
PLAIN_A = PlainEnd(
    [("piano", 1.1), (" and ", 1.0), ("bass", 1 / 1.1), (", ", 1.0), ("drums", 1.5)], [("", 1.0)], 1, 0.8, 3.0
)
B = End("bass", "((no)) drums", 2, 0.6, 7.0)
PLAIN_B = PlainEnd([("bass", 1.0)], [("no", 1.21), (" drums", 1.0)], 2, 0.6, 7.0)
LENGTHY = replace(B, prompt=LONG)
PLAIN_LENGTHY = PlainEnd([(LONG, 1.0)], PLAIN_B.negative, 2, 0.6, 7.0)
TWIN = replace(A, prompt="bass")
PLAIN_TWIN = PlainEnd([("bass", 1.0)], [("", 1.0)], 1, 0.8, 3.0)


def loudness() -> NDArray[np.float32]:
    return np.random.default_rng(3).random((SMALL.bands, SMALL.columns), np.float32)


def clip_of(loud: NDArray[np.float32]) -> Clip:
    return Clip(loud**4 * np.float32(SMALL.full_scale), SMALL)


def steps_mask() -> NDArray[np.float32]:
    """Black, grey and white over time, and over frequency in the last quarter."""
    mask = np.repeat(np.array([0.0, 0.25, 1.0, 1.0], np.float32), SMALL.columns // 4)[None].repeat(SMALL.bands, 0)
    mask[SMALL.bands // 2 :, -SMALL.columns // 4 :] = 0.0
    return np.ascontiguousarray(mask)


@pytest.mark.parametrize("scheduler", ["DDIM", "PNDM"])
@pytest.mark.parametrize(
    ("b", "plain_b", "alpha", "mask"),
    [
        (B, PLAIN_B, 0.3, None),
        (B, PLAIN_B, 0.3, "mask"),
        (B, PLAIN_B, 0.0, "mask"),
        (LENGTHY, PLAIN_LENGTHY, 0.6, None),
        (TWIN, PLAIN_TWIN, 0.5, None),
    ],
    ids=["between", "masked", "at an end, masked", "more than 75 tokens", "the same noise twice"],
)
def test_a_request_means_what_it_means_to_riffusion(
    riffusion: Generator, scheduler: str, b: End, plain_b: PlainEnd, alpha: float, mask: str | None
) -> None:
    model = replace(riffusion.model, scheduler=SCHEDULERS[scheduler]())
    loud, repaint = loudness(), steps_mask() if mask else None
    made = Generator(model).generate(ClipRequest(1, A, b, alpha, 10, clip_of(loud), repaint))
    if alpha == 0:
        plain_b = PLAIN_A
    expected = riffuse(model, scheduler, PLAIN_A, plain_b, alpha, 10, loud, repaint)
    found = (made.mel / SMALL.full_scale) ** 0.25
    assert np.abs(found - expected).max() < 2e-3 * np.ptp(expected)


def test_a_mask_of_another_shape_is_refused_in_a_line(riffusion: Generator) -> None:
    with pytest.raises(ModelError, match="the mask is 512 x 32 pixels, and this model's clips are 64 x 64"):
        riffusion.generate(ClipRequest(1, A, B, 0.3, 2, clip_of(loudness()), np.ones((32, 512), np.float32)))


def test_a_mask_is_read_low_frequencies_first(tmp_path: Path) -> None:
    pixels = np.zeros((8, 4), np.uint8)
    pixels[-1] = 255  # white at the bottom: the lowest band is repainted
    Image.fromarray(pixels).save(tmp_path / "mask.png")
    mask = read_mask(tmp_path / "mask.png")
    assert (mask[0] == 1).all() and not mask[1:].any()
    for name, content in (("gone.png", None), ("bad.png", b"no image")):
        if content:
            (tmp_path / name).write_bytes(content)
        with pytest.raises(ClipError, match=name):
            read_mask(tmp_path / name)


@pytest.mark.skipif(not SEEDS.is_dir(), reason="Riffusion's masks are not beside the project")
@pytest.mark.parametrize("name", ["mask_beat_lines_80", "mask_gradient_dark"])
def test_riffusions_masks_are_read(name: str) -> None:
    mask = read_mask(SEEDS / f"{name}.png")
    assert mask.shape == (512, 512) and 0 <= mask.min() < mask.max() <= 1
