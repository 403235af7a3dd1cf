"""Model folders, good and bad: what is wrong is said in one line that names the place."""

from __future__ import annotations

import io
import json
import shutil
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from small_models import SMALL, SMALL_EMBEDDED, save_riffusion

from riffsynth.diffusion.generator import Generator
from riffsynth.diffusion.loading import find_folder, load_model
from riffsynth.diffusion.model import Defaults
from riffsynth.diffusion.model_error import ModelError
from riffsynth.diffusion.request import ClipRequest, End
from riffsynth.spectrogram.spec import RIFFUSION, SPEC_FILE


@pytest.fixture
def folder(riffusion_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(riffusion_folder, tmp_path / "model"))


def edit(path: Path, **fields: Any) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))


def edit_weights(path: Path, change: Callable[[dict[str, torch.Tensor]], object]) -> None:
    weights = load_file(path)
    change(weights)
    save_file(weights, path)


def refused(folder: Path | str) -> str:
    with pytest.raises(ModelError) as caught:
        load_model(folder, "cpu")
    text = str(caught.value)
    assert "\n" not in text and len(text) < 400
    return text


def test_riffusions_layout(riffusion_folder: Path) -> None:
    told: list[float] = []
    model = load_model(riffusion_folder, "cpu", lambda fraction, text: told.append(fraction))
    assert model.spec == SMALL and model.dtype == torch.float32
    assert model.latent_shape == (1, 4, 8, 8)
    assert model.defaults == Defaults(20, 7.0, strength=0.75)
    assert told == sorted(told) and told[0] >= 0 and told[-1] <= 1


def test_the_embedded_models_layout(embedded_folder: Path) -> None:
    model = load_model(str(embedded_folder), "cpu")
    assert model.spec == SMALL_EMBEDDED and model.latent_shape == (1, 8, 4, 8)
    assert model.defaults == Defaults(3, 2.5, strength=0.4)


def test_without_a_spectrogram_file_it_is_riffusion(tmp_path: Path) -> None:
    model = load_model(save_riffusion(tmp_path / "model", "PNDM", spec=None), "cpu")
    assert model.spec == RIFFUSION
    clip = Generator(model).generate(ClipRequest(1, End("piano"), End("piano"), steps=1))
    assert clip.mel.shape == (512, 512)


def test_half_precision_files_are_computed_in_single(folder: Path) -> None:
    def halve(weights: dict[str, torch.Tensor]) -> None:
        weights.update({name: weight.half() for name, weight in weights.items()})

    edit_weights(folder / "unet" / "diffusion_pytorch_model.safetensors", halve)
    assert next(load_model(folder, "cpu").unet.parameters()).dtype == torch.float32


@pytest.mark.parametrize("part", ["unet", "vae", "text_encoder", "tokenizer", "scheduler"])
def test_a_part_that_is_missing(folder: Path, part: str) -> None:
    shutil.rmtree(folder / part)
    assert refused(folder) == f"{folder}: {part} is missing"


@pytest.mark.parametrize("part", ["unet", "vae", "text_encoder", "tokenizer", "scheduler"])
def test_an_empty_part(folder: Path, part: str) -> None:
    shutil.rmtree(folder / part)
    (folder / part).mkdir()
    assert str(folder / part) in refused(folder)


def test_a_folder_that_is_no_model(tmp_path: Path) -> None:
    assert "model_index.json is missing" in refused(tmp_path)


def test_a_file_and_nothing_at_all(tmp_path: Path) -> None:
    (tmp_path / "model.ckpt").write_bytes(b"x")
    assert "this is a file" in refused(tmp_path / "model.ckpt")
    assert "no such folder" in refused(tmp_path / "nowhere")
    assert "no such folder" in refused("no-such-model")


def test_an_index_that_cannot_be_read(folder: Path) -> None:
    for text in ("{", "[]", "\xff"):
        (folder / "model_index.json").write_text(text, encoding="latin-1")
        assert "model_index.json" in refused(folder)
    (folder / "model_index.json").write_text("{}")
    assert "names no unet" in refused(folder)


@pytest.mark.parametrize(
    ("part", "entry"),
    [
        ("unet", ["pipeline", "MyUNet"]),
        ("unet", ["diffusers", "UNet3DConditionModel"]),
        ("unet", ["diffusers", "NoSuchModel"]),
        ("text_encoder", ["transformers", "T5EncoderModel"]),
        ("scheduler", ["scheduler", "DDIMScheduler"]),
        ("scheduler", ["diffusers", "DiffusionPipeline"]),
    ],
)
def test_a_class_of_its_own_is_not_run(folder: Path, part: str, entry: list[str]) -> None:
    (folder / "pipeline.py").write_text("raise SystemExit('the folder runs code')")
    edit(folder / "model_index.json", **{part: entry})
    assert f"{part} is {'.'.join(entry)}, and only stock classes" in refused(folder)


def test_pickles_are_not_opened(folder: Path) -> None:
    path = folder / "unet" / "diffusion_pytorch_model.safetensors"
    torch.save(load_file(path), path.with_suffix(".bin"))
    path.unlink()
    assert "no .safetensors file" in refused(folder)


def test_damaged_and_missing_weights(folder: Path) -> None:
    path = folder / "unet" / "diffusion_pytorch_model.safetensors"
    edit_weights(path, lambda weights: weights.pop("conv_in.weight"))
    assert "weights are missing: conv_in.weight" in refused(folder)
    path.write_bytes(path.read_bytes()[:100])
    assert str(folder / "unet") in refused(folder)


def test_weights_of_another_shape(folder: Path) -> None:
    edit(folder / "unet" / "config.json", block_out_channels=[16, 32])
    assert str(folder / "unet") in refused(folder)


def test_a_config_that_cannot_be_read(folder: Path) -> None:
    (folder / "vae" / "config.json").write_text("{")
    assert str(folder / "vae") in refused(folder)


def test_parts_that_do_not_fit(folder: Path, embedded_folder: Path) -> None:
    shutil.rmtree(folder / "vae")
    shutil.copytree(embedded_folder / "vae", folder / "vae")
    assert "unet takes 4 channels" in refused(folder)


def test_another_models_text_encoder(folder: Path) -> None:
    words = len(load_model(folder, "cpu").tokenizer)
    path = folder / "text_encoder" / "model.safetensors"
    name = next(name for name in load_file(path) if name.endswith("token_embedding.weight"))
    edit_weights(path, lambda weights: weights.update({name: weights[name][: words - 1].clone()}))
    edit(folder / "text_encoder" / "config.json", vocab_size=words - 1)
    assert f"tokenizer knows {words} tokens" in refused(folder)


def test_a_picture_that_does_not_divide(folder: Path) -> None:
    (folder / SPEC_FILE).write_text(replace(SMALL, columns=68).to_json())
    assert "columns by 16" in refused(folder)
    (folder / SPEC_FILE).write_text("{}")
    assert SPEC_FILE in refused(folder)


def test_a_model_that_wants_more_than_text(folder: Path) -> None:
    edit(folder / "unet" / "config.json", class_embed_type="timestep")
    assert str(folder) in refused(folder)


def test_defaults_that_make_no_sense(folder: Path) -> None:
    for text in (
        '{"default_steps": 2, "default_guidance": 1, "home": {"minor": "H"}}',
        "[]",
        "{}",
        '{"default_steps": 0, "default_guidance": 1}',
        '{"default_steps": 2, "default_guidance": 1, "solver_order": 3}',
        '{"default_steps": 2, "default_guidance": 1, "absence_weight": 1.5}',
        '{"default_steps": "many"}',
    ):
        (folder / "riffsynth.json").write_text(text)
        assert "riffsynth.json" in refused(folder)
    for points in ([], 3, [[0, 0]], [[0, 0], [1]], [[0, 0.2], [1, 1]], [[0, 0], [0.5, 0.7], [0.6, 0.7], [1, 1]]):
        defaults = {"default_steps": 2, "default_guidance": 1, "noise_at_strength": points}
        (folder / "riffsynth.json").write_text(json.dumps(defaults))
        assert "riffsynth.json" in refused(folder)
    for strength in (1.5, -1, "much", None):
        defaults = {"default_steps": 2, "default_guidance": 1, "default_strength": strength}
        (folder / "riffsynth.json").write_text(json.dumps(defaults))
        assert "riffsynth.json" in refused(folder)


def test_a_model_may_be_called_in_half_precision_where_the_cpu_multiplies_it(
    embedded_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(embedded_folder, tmp_path / "model"))
    (folder / "riffsynth.json").write_text('{"default_steps": 4, "default_guidance": 1, "half_on_cpu": true}')
    request = ClipRequest(1, End("piano", seed=1, guidance=2.0), End("piano", seed=1, guidance=2.0), steps=2)
    clips = {}
    for able, dtype in ((False, torch.float32), (True, torch.bfloat16)):
        monkeypatch.setattr("riffsynth.diffusion.loading.cpu_multiplies_bfloat16", lambda able=able: able)
        model = load_model(folder, "cpu")
        assert model.unet.dtype == dtype and model.vae.dtype == torch.float32
        clips[able] = Generator(model).generate(request).mel
    assert not np.array_equal(clips[True], clips[False])
    assert np.abs(clips[True] - clips[False]).max() < 0.1 * clips[False].max()


def test_a_model_tells_with_how_much_noise_a_strength_begins(embedded_folder: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(embedded_folder, tmp_path / "model"))
    assert Defaults().noise(0.3) == pytest.approx(0.3)
    defaults = {"default_steps": 4, "default_guidance": 1, "noise_at_strength": [[0, 0], [0.5, 0.9], [1, 1]]}
    (folder / "riffsynth.json").write_text(json.dumps(defaults))
    curved = load_model(folder, "cpu")
    assert [curved.defaults.noise(s) for s in (0, 0.25, 0.5, 0.75, 1)] == pytest.approx([0, 0.45, 0.9, 0.95, 1])
    begun: list[float] = []
    generator = Generator(curved)
    predict = generator._predict

    def watched(latents: Any, timestep: Any, embeddings: Any) -> Any:
        begun.append(float(timestep) / 1000)
        return predict(latents, timestep, embeddings)

    generator._predict = watched
    init = generator.generate(ClipRequest(0, End("piano"), End("piano"), steps=1))
    begun.clear()
    half = End("piano", strength=0.5)
    generator.generate(ClipRequest(0, half, half, steps=4, init=init))
    assert begun == pytest.approx([0.9, 0.75, 0.5, 0.25], abs=1e-3)


def test_a_hub_id_without_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import huggingface_hub

    def unreachable(asked: Any, **options: Any) -> str:
        raise OSError("name resolution failed\nwith many\nlines")

    monkeypatch.setattr(urllib.request, "urlopen", unreachable)
    assert "could not be reached (name resolution failed" in refused("some/model")
    monkeypatch.setattr(urllib.request, "urlopen", lambda request, timeout: io.BytesIO())
    monkeypatch.setattr(huggingface_hub, "snapshot_download", unreachable)
    assert "could not be reached" in refused("some/model")
    monkeypatch.setattr(huggingface_hub, "snapshot_download", lambda name, **options: str(tmp_path))
    assert find_folder("some/model") == tmp_path


def test_devices(folder: Path) -> None:
    with pytest.raises(ModelError, match="device is one of"):
        load_model(folder, "tpu")
    if not torch.cuda.is_available():
        with pytest.raises(ModelError, match="no cuda device"):
            load_model(folder, "cuda")
