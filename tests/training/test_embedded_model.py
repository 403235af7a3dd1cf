"""The model that ships: stock loaders read it, it is small, and a prompt becomes a clip."""

from __future__ import annotations

import json

import pytest
import torch

from riffsynth.spectrogram.spec import EMBEDDED, SpectrogramSpec
from training.export import DEFAULTS_FILE, MODEL_INDEX, SIZE_LIMIT
from training.paths import MODEL
from training.prompts import ODD
from training.studio import Studio

if not (MODEL / "model_index.json").exists():
    pytest.skip("no model has been exported yet", allow_module_level=True)


@pytest.fixture(scope="module")
def studio() -> Studio:
    return Studio(MODEL, None, None)


def test_it_is_small_and_whole() -> None:
    assert sum(path.stat().st_size for path in MODEL.rglob("*") if path.is_file()) <= SIZE_LIMIT
    index = json.loads((MODEL / "model_index.json").read_text())
    assert index.keys() == MODEL_INDEX.keys()
    assert all((MODEL / name).is_dir() for name, entry in index.items() if isinstance(entry, list) and entry[0])


def test_its_spectrogram_is_the_one_it_was_trained_on() -> None:
    assert SpectrogramSpec.load(MODEL) == EMBEDDED
    defaults = json.loads((MODEL / DEFAULTS_FILE).read_text())
    assert defaults.keys() == {
        "absence_weight",
        "default_steps",
        "default_guidance",
        "default_strength",
        "half_on_cpu",
        "home",
        "noise_at_strength",
        "solver_order",
    }


def test_a_prompt_and_a_seed_make_one_clip(studio: Studio) -> None:
    images = [studio.make(["piano"], [seed], steps=2) for seed in (3, 3, 4)]
    assert images[0].shape == (1, EMBEDDED.bands, EMBEDDED.columns)
    assert torch.equal(images[0], images[1]) and not torch.allclose(images[0], images[2], atol=1e-3)
    assert 0.0 <= images[0].min() < images[0].max() <= 1.0


def test_two_prompts_sound_different(studio: Studio) -> None:
    kick, pad = studio.make(["four on the floor kick", "warm pad"], [1, 1], steps=4)
    assert (kick - pad).abs().mean() > 0.02


def test_whatever_is_typed_gives_a_sound(studio: Studio) -> None:
    images = studio.make(list(ODD), list(range(len(ODD))), steps=2)
    assert (images.amax((1, 2)) > 0.1).all()
