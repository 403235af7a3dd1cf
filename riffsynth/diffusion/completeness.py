"""Whether a model's folder is whole: told from its files' names and headers, without torch and within milliseconds."""

from __future__ import annotations

import json
import struct
from pathlib import Path

from riffsynth.diffusion.locating import INDEX_FILE
from riffsynth.diffusion.model_error import ModelError
from riffsynth.spectrogram.spec import SPEC_FILE

WEIGHTS = ("unet", "vae", "text_encoder")
FILES = {
    ".": (INDEX_FILE, SPEC_FILE),
    **{part: ("config.json", "*.safetensors") for part in WEIGHTS},
    "tokenizer": ("tokenizer_config.json",),
    "scheduler": ("scheduler_config.json",),
}
"""What lies in each folder of a model of ours."""


def missing_files(folder: Path) -> list[str]:
    """The files that a model in `folder` needs and lacks, or that end too early; relative to it, empty when whole."""
    missing = []
    for part, patterns in FILES.items():
        for pattern in patterns:
            found = sorted((folder / part).glob(pattern))
            cut = [path for path in found if path.suffix == ".safetensors" and not is_whole(path)]
            if not found:
                missing.append(str(Path(part) / pattern))
            missing += [str(path.relative_to(folder)) for path in cut]
    return missing


def check_parts(folder: Path) -> None:
    """Raises ModelError where a part of the model in `folder`, ours or any other, is missing or cut short."""
    for part in (*WEIGHTS, "tokenizer", "scheduler"):
        if not (folder / part).is_dir():
            raise ModelError(f"{folder}: {part} is missing")
    for part in WEIGHTS:
        _check_weights(folder / part)


def check_decoder(folder: Path) -> None:
    """Raises ModelError where `folder` holds no whole autoencoder in diffusers' layout."""
    if not (folder / "config.json").is_file():
        raise ModelError(f"{folder}: no decoder in the layout of AutoencoderTiny (config.json is missing)")
    _check_weights(folder)


def _check_weights(folder: Path) -> None:
    weights = sorted(folder.glob("*.safetensors"))
    if not weights:
        raise ModelError(f"{folder}: no .safetensors file (pickled weights are not loaded; convert them once)")
    for file in weights:
        if not is_whole(file):
            raise ModelError(f"{file}: it is cut short or damaged; copy or download it again")


def is_whole(weights: Path) -> bool:
    """Whether a .safetensors file is as long as its header says.

    The header is a little-endian 64-bit length and that many bytes of JSON with each tensor's first and last offset.
    """
    size = weights.stat().st_size
    with weights.open("rb") as file:
        try:
            (length,) = struct.unpack("<Q", file.read(8))
            header = json.loads(file.read(min(length, size)))
            ends = [tensor["data_offsets"][1] for name, tensor in header.items() if name != "__metadata__"]
        except (struct.error, ValueError, AttributeError, KeyError, TypeError, IndexError):
            return False
    return bool(size == 8 + length + max(ends, default=0))
