"""The embedded model, which is loaded once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from virtual_show import RATE, Show

from riffsynth.spectrogram.grid import SynthesisGrid


@pytest.fixture(scope="session")
def generate() -> Callable[[Any], tuple[Any, Any]]:
    """Makes the clip and score of a request with the embedded model."""
    from riffsynth.diffusion.generator import Generator
    from riffsynth.diffusion.loading import load_model
    from riffsynth.embedded import model_folder
    from riffsynth.spectrogram.loudness import playable

    generator = Generator(load_model(model_folder()))
    grid = SynthesisGrid.for_rate(RATE)

    def made(request: Any) -> tuple[Any, Any]:
        clip = generator.generate(request)
        return clip, playable(clip, grid)

    return made


@pytest.fixture
def show(generate: Any) -> Callable[[Path], Show]:
    return lambda preset: Show(preset, generate)
