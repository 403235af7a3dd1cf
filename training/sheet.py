"""A sheet of pictures: each prompt's clip, and beside it the held-out clip that sounds most like it to the listener."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from training import prompts
from training.captions import caption

if TYPE_CHECKING:
    from training.studio import Studio

FILE = Path(__file__).parent.parent / "docs" / "model-pictures.png"
LINK = f"\n![Clips of prompts, and beside each the real clip that sounds most like it]({FILE.name})\n"
SEED = 7
GAP, LABEL = 8, 26
PAIRS_IN_A_ROW = 2
COLOURS = 64


def write(studio: Studio, file: Path = FILE) -> None:
    """Prompts in two columns of pairs: made to the left, real to the right, low frequencies at the bottom."""
    words = list(prompts.PICTURED)
    made = studio.make(words, [SEED] * len(words))
    real = studio.listener.hear(studio.real).features
    nearest = torch.cdist(studio.listener.hear(made).features, real).argmin(1).tolist()
    bands, columns = made.shape[1:]
    width, height = 2 * columns + 2 * GAP, bands + LABEL + GAP
    rows = -(-len(words) // PAIRS_IN_A_ROW)
    page = Image.new("L", (PAIRS_IN_A_ROW * width, rows * height), 255)
    draw = ImageDraw.Draw(page)
    for index, (text, image, neighbour) in enumerate(zip(words, made, nearest, strict=True)):
        x, y = index % PAIRS_IN_A_ROW * width, index // PAIRS_IN_A_ROW * height
        heard = caption(studio.clips[neighbour], np.random.default_rng(0))
        draw.text((x, y), text, 0)
        draw.text((x + columns + GAP, y), f"real: {heard}"[:42], 0)
        for offset, picture in ((0, image), (columns + GAP, studio.real[neighbour])):
            page.paste(Image.fromarray(_grey(picture.numpy())), (x + offset, y + LABEL - GAP))
    page.quantize(COLOURS).save(file, optimize=True)


def _grey(image: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.round(255 * (1.0 - image[::-1])).astype(np.uint8)
