"""LoRAs are loaded, stacked, faded and taken off again; one for another model is refused in a line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from riffsynth.diffusion.generator import Generator
from riffsynth.diffusion.loading import load_model
from riffsynth.diffusion.lora import LoraStack
from riffsynth.diffusion.model_error import ModelError
from riffsynth.diffusion.request import ClipRequest, End

END = End("piano, drums", seed=1, guidance=3.0)
REQUEST = ClipRequest(1, END, END, steps=3)
RANK = 2


@pytest.fixture
def generator(riffusion_folder: Path) -> Generator:
    """One of its own: its weights are changed."""
    return Generator(load_model(riffusion_folder, "cpu"))


def kohya(part: str, name: str, down: Tensor, up: Tensor) -> dict[str, Tensor]:
    key = ("lora_unet_" if part == "unet" else "lora_te_") + name.replace(".", "_")
    return {f"{key}.lora_down.weight": down, f"{key}.lora_up.weight": up, f"{key}.alpha": torch.tensor(float(RANK))}


def peft(part: str, name: str, down: Tensor, up: Tensor) -> dict[str, Tensor]:
    return {f"{part}.{name}.lora_A.weight": down, f"{part}.{name}.lora_B.weight": up}


def processors(part: str, name: str, down: Tensor, up: Tensor) -> dict[str, Tensor]:
    """As diffusers once wrote them: the projections of attention, named under its processor."""
    if part == "unet" and ".attn" in name:
        module, _, projection = name.replace(".to_out.0", ".to_out").rpartition(".")
        key = f"unet.{module}.processor.{projection}_lora"
        return {f"{key}.down.weight": down, f"{key}.up.weight": up}
    return {f"{part}.{name}.lora.down.weight": down, f"{part}.{name}.lora.up.weight": up}


def targets(generator: Generator) -> dict[tuple[str, str], nn.Module]:
    parts = {"unet": generator.model.unet, "text_encoder": generator.model.text_encoder}
    wanted = ("to_q", "to_out.0", "conv1", "proj_in", "q_proj", "fc1")
    return {
        (part, name): module
        for part, whole in parts.items()
        for name, module in whole.named_modules()
        if name.endswith(wanted) and hasattr(module, "weight")
    }


def differences(generator: Generator, seed: int = 0) -> dict[tuple[str, str], tuple[Tensor, Tensor]]:
    chance = torch.Generator().manual_seed(seed)
    made = {}
    for place, module in targets(generator).items():
        weight = module.weight
        kernel = weight.shape[2:]
        down = torch.randn(RANK, weight.shape[1], *kernel, generator=chance) * 0.1
        up = torch.randn(weight.shape[0], RANK, *[1] * len(kernel), generator=chance) * 0.1
        made[place] = (down, up)
    return made


def save(path: Path, found: dict, write: Callable[..., dict[str, Tensor]] = kohya) -> str:
    tensors: dict[str, Tensor] = {}
    for (part, name), (down, up) in found.items():
        tensors |= write(part, name, down, up)
    save_file({key: tensor.contiguous() for key, tensor in tensors.items()}, path)
    return str(path)


def with_loras(*loras: tuple[str, float]) -> ClipRequest:
    return replace(REQUEST, loras=loras)


@pytest.mark.parametrize("write", [kohya, peft, processors])
def test_every_way_to_write_it_means_the_same_weights(generator: Generator, tmp_path: Path, write: Callable) -> None:
    found = differences(generator)
    expected = {
        place: module.weight + 0.5 * (found[place][1].flatten(1) @ found[place][0].flatten(1)).reshape_as(module.weight)
        for place, module in targets(generator).items()
    }
    generator.generate(with_loras((save(tmp_path / "a.safetensors", found, write), 0.5)))
    for place, module in targets(generator).items():
        assert torch.allclose(module.weight, expected[place], atol=1e-6), place


def test_they_add_up_fade_and_leave_nothing(generator: Generator, tmp_path: Path) -> None:
    plain = generator.generate(REQUEST).mel
    a = save(tmp_path / "a.safetensors", differences(generator, 1))
    b = save(tmp_path / "b.safetensors", differences(generator, 2))
    faded = [generator.generate(with_loras((a, weight))).mel for weight in (1.0, 0.5, 0.25)]
    away = [float(np.abs(mel - plain).mean()) for mel in faded]
    assert away[0] > away[1] > away[2] > 0
    both = generator.generate(with_loras((a, 1.0), (b, 0.7))).mel
    assert np.abs(both - faded[0]).max() > 1e-3 * np.ptp(plain)
    assert np.array_equal(generator.generate(REQUEST).mel, plain)


def test_the_same_ones_again_cost_nothing(generator: Generator, tmp_path: Path) -> None:
    file = save(tmp_path / "a.safetensors", differences(generator))
    stack = LoraStack({"unet": generator.model.unet, "text_encoder": generator.model.text_encoder})
    assert stack.wear(((file, 1.0),)) == {"unet", "text_encoder"}
    assert stack.wear(((file, 1.0),)) == set()


@pytest.mark.parametrize(
    ("tensors", "message"),
    [
        ({"unet.mid.to_q.lora_A.weight": (2, 4), "unet.mid.to_q.lora_B.weight": (4, 2)}, "for another model: this one"),
        (
            {"unet.conv_in.lora_A.weight": (2, 9), "unet.conv_in.lora_B.weight": (320, 2)},
            "for another model: it changes",
        ),
        ({"unet.conv_in.lora_A.weight": (2, 9)}, "half of unet.conv_in is missing"),
        ({"unet.conv_in.hada_w1_a": (2, 9)}, "not a LoRA of a kind that is read"),
        ({}, "holds no LoRA"),
    ],
)
def test_a_wrong_one_is_refused_in_a_line_and_changes_nothing(
    generator: Generator, tmp_path: Path, tensors: dict[str, tuple[int, ...]], message: str
) -> None:
    plain = generator.generate(REQUEST).mel
    good = save(tmp_path / "good.safetensors", differences(generator))
    save_file({key: torch.ones(shape) for key, shape in tensors.items()}, tmp_path / "bad.safetensors")
    with pytest.raises(ModelError, match=rf"bad\.safetensors: .*{message}") as caught:
        generator.generate(with_loras((good, 1.0), (str(tmp_path / "bad.safetensors"), 1.0)))
    assert "\n" not in str(caught.value)
    assert np.array_equal(generator.generate(REQUEST).mel, plain)


def test_no_file_and_no_safetensors_are_refused(generator: Generator, tmp_path: Path) -> None:
    (tmp_path / "text.safetensors").write_text("hello")
    for name, message in (("gone.safetensors", "no such LoRA"), ("text.safetensors", "not a .safetensors file")):
        with pytest.raises(ModelError, match=message):
            generator.generate(with_loras((str(tmp_path / name), 1.0)))


@pytest.mark.parametrize("sampler", ["ddim", "euler", "dpm", "lcm"])
def test_other_samplers_make_clips(generator: Generator, sampler: str) -> None:
    made = generator.generate(replace(REQUEST, sampler=sampler, steps=4))
    again = generator.generate(replace(REQUEST, sampler=sampler, steps=4))
    assert np.isfinite(made.mel).all() and np.array_equal(made.mel, again.mel)


def test_an_lcm_lora_with_its_sampler_takes_four_steps_and_works_against_an_init(
    generator: Generator, tmp_path: Path
) -> None:
    file = save(tmp_path / "lcm.safetensors", differences(generator))
    init = generator.generate(REQUEST)
    told: list[int] = []
    end = replace(END, guidance=1.0, strength=0.5)
    request = ClipRequest(2, end, end, steps=4, init=init, sampler="lcm", loras=((file, 1.0),))
    made = generator.generate(request, lambda step, steps: told.append(steps))
    assert told == [2, 2] and np.isfinite(made.mel).all()


def test_a_flow_has_no_other_sampler(embedded: Generator) -> None:
    with pytest.raises(ModelError, match="set it to own"):
        embedded.generate(replace(REQUEST, sampler="lcm"))
    with pytest.raises(ModelError, match="sampler is one of"):
        embedded.generate(replace(REQUEST, sampler="magic"))
