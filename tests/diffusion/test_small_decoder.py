"""A small decoder in the layout of AutoencoderTiny: beside a model, named, or as the model's whole autoencoder."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_models import save_small_decoder

from riffsynth.cli import main
from riffsynth.diffusion.generator import Generator
from riffsynth.diffusion.loading import load_model
from riffsynth.diffusion.model_error import ModelError
from riffsynth.diffusion.request import ClipRequest, End
from riffsynth.spectrogram.image import read_image

DRUMS = End("drums", seed=1, guidance=2.0)
REQUEST = ClipRequest(0, DRUMS, DRUMS, steps=2)


@pytest.fixture
def folder(riffusion_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(riffusion_folder, tmp_path / "model"))


def test_it_decodes_whether_it_lies_beside_the_model_or_is_named(folder: Path, tmp_path: Path) -> None:
    own = Generator(load_model(folder, "cpu"))
    named = Generator(load_model(folder, "cpu", decoder=save_small_decoder(tmp_path / "small")))
    save_small_decoder(folder / "decoder")
    beside = Generator(load_model(folder, "cpu"))
    mels = [generator.generate(REQUEST).mel for generator in (own, named, beside)]
    assert np.array_equal(mels[1], mels[2]) and not np.allclose(mels[0], mels[1])


def test_the_models_own_autoencoder_encodes_and_a_clip_closes(folder: Path, tmp_path: Path) -> None:
    generator = Generator(load_model(folder, "cpu", decoder=save_small_decoder(tmp_path / "small")))
    init = generator.generate(REQUEST)
    init = replace(init, mel=init.mel * np.float32(0.9))  # one whose latents it does not remember
    latents = generator._canvas.encoded(init)
    assert np.allclose(latents, Generator(load_model(folder, "cpu"))._canvas.encoded(init), atol=1e-4)
    here = generator._canvas._decoder(latents)
    there = generator._canvas._decoder(latents.roll(2, dims=-1)).roll(-2 * generator.model.vae_scale, dims=-1)
    assert float((here - there).abs().max()) < 1e-4


def test_as_the_whole_autoencoder_it_paints_and_takes_an_init(folder: Path) -> None:
    index = json.loads((folder / "model_index.json").read_text())
    index["vae"] = ["diffusers", "AutoencoderTiny"]
    (folder / "model_index.json").write_text(json.dumps(index))
    shutil.rmtree(folder / "vae")
    save_small_decoder(folder / "vae")
    generator = Generator(load_model(folder, "cpu"))
    init = generator.generate(REQUEST)
    half = replace(DRUMS, strength=0.5)
    made = generator.generate(ClipRequest(1, half, half, steps=4, init=replace(init, request=None)))
    assert np.isfinite(made.mel).all() and not np.array_equal(made.mel, init.mel)


@pytest.mark.parametrize(
    ("channels", "levels", "hint"), [(8, 4, "it decodes 8 channels on 4 levels"), (4, 3, "4 channels on 3 levels")]
)
def test_one_for_other_latents_is_refused(folder: Path, tmp_path: Path, channels: int, levels: int, hint: str) -> None:
    with pytest.raises(ModelError, match=hint):
        load_model(folder, "cpu", decoder=save_small_decoder(tmp_path / "small", channels, levels))


def test_one_that_is_not_whole_is_refused_in_a_line_that_names_it(folder: Path, tmp_path: Path) -> None:
    small = save_small_decoder(tmp_path / "small")
    weights = small / "diffusion_pytorch_model.safetensors"
    for spoil, hint in (
        (lambda: weights.write_bytes(weights.read_bytes()[:-8]), "cut short"),
        (weights.unlink, "no .safetensors file"),
        ((small / "config.json").unlink, "config.json is missing"),
    ):
        spoil()
        with pytest.raises(ModelError, match=hint) as caught:
            load_model(folder, "cpu", decoder=small)
        assert str(small) in str(caught.value) and "\n" not in str(caught.value)
    with pytest.raises(ModelError, match="vae"):  # an AutoencoderKL is none
        load_model(folder, "cpu", decoder=folder / "vae")


def test_commands_take_it(folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    small = save_small_decoder(tmp_path / "small")
    arguments = ["generate", "drums", "--steps", "2", "--device", "cpu", "--quiet", "--model", str(folder)]
    assert main([*arguments, "-o", str(tmp_path / "own")]) == 0
    assert main([*arguments, "--decoder", str(small), "-o", str(tmp_path / "quick")]) == 0
    own, quick = (read_image(tmp_path / name / "drums-0.png").mel for name in ("own", "quick"))
    assert not np.allclose(own, quick)
    assert main(["play", "--audio", "null", "--decoder", str(tmp_path / "nowhere")]) == 2
    assert "nowhere: no decoder in the layout of AutoencoderTiny" in capfd.readouterr().err
