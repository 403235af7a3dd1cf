"""The model that ships with the instrument, in the folder layout of Stable Diffusion, and where it lies."""

from pathlib import Path


def model_folder() -> Path:
    """Where the embedded model lies."""
    return Path(__file__).parent / "model"
