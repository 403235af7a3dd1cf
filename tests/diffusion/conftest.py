"""Small models, made once; one thread, since threads that wait for each other slow small models down."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from small_models import save_embedded, save_riffusion

from riffsynth.diffusion.generator import Generator
from riffsynth.diffusion.loading import load_model


@pytest.fixture(autouse=True, scope="session")
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def riffusion_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_riffusion(tmp_path_factory.mktemp("riffusion") / "model")


@pytest.fixture(scope="session")
def embedded_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_embedded(tmp_path_factory.mktemp("embedded") / "model")


@pytest.fixture(scope="session")
def riffusion(riffusion_folder: Path) -> Generator:
    return Generator(load_model(riffusion_folder, "cpu"))


@pytest.fixture(scope="session")
def embedded(embedded_folder: Path) -> Generator:
    return Generator(load_model(embedded_folder, "cpu"))
