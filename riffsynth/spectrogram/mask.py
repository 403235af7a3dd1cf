"""Masks: which part of a clip is painted anew. As in Riffusion (riffusion_pipeline.py, 2022): white is repainted,
black is kept, grey blends; low frequencies lie at the bottom and time runs to the right, as in every image of a clip.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from riffsynth.spectrogram.clip import ClipError
from riffsynth.spectrogram.image import LARGEST_SIDE


def read_mask(path: Path) -> NDArray[np.float32]:
    """(bands, columns) float32 of an image's luminance, lowest band first: 1 is repainted, 0 kept.

    Raises ClipError, in one line that names the file.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the size is checked here
            with Image.open(path) as image:
                if max(image.size) > LARGEST_SIDE:
                    raise ClipError(f"{path}: {image.width} x {image.height} pixels are no mask")
                pixels = np.asarray(image.convert("L"), np.float32)
    except ClipError:
        raise
    except Exception as error:  # image decoders raise whatever they like on damaged files
        reason = " ".join(str(error).split()) if path.exists() else "there is no such file"
        raise ClipError(f"{path}: not a mask that can be read ({reason or type(error).__name__})") from error
    mask = np.ascontiguousarray(pixels[::-1] / np.float32(255))
    mask.flags.writeable = False
    return mask
