"""LoRAs (Hu et al. 2021): small differences of a model's weights, loaded from a file, stacked and faded by a weight.

They are added to the weights themselves, in place: playing with one costs nothing, and a graph that was captured of the
model stays valid. What the weights were is kept, so that a fade to 0 ends exactly there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from riffsynth.diffusion.model_error import ModelError, UnfitFile

_DOWN_UP = {"lora_down": 0, "lora_A": 0, "down": 0, "lora_up": 1, "lora_B": 1, "up": 1}
_KEY = re.compile(
    r"(?P<module>.+?)(?:_lora|\.lora|\.lora_linear_layer)?\.(?P<role>lora_down|lora_up|lora_A|lora_B|down|up)"
    r"(?:\.default)?\.weight"
)
_PARTS = (("unet", "lora_unet_"), ("text_encoder", "lora_te_"), ("unet", "unet."), ("text_encoder", "text_encoder."))
"""How the files of kohya and of diffusers begin the names of a part's modules."""


@dataclass(frozen=True)
class Difference:
    """What a LoRA adds to one module's weight: `scale * up @ down`."""

    down: Tensor
    """(rank, ...) in the shape of the module's inputs."""
    up: Tensor
    """(outputs, rank, ...)."""
    scale: float

    def weight(self, like: Tensor) -> Tensor:
        """In float32, in the shape and on the device of `like`."""
        up, down = (x.to(like.device, torch.float32).flatten(1) for x in (self.up, self.down))
        return (self.scale * (up @ down)).reshape(like.shape)

    def fits(self, weight: Tensor) -> bool:
        """Whether it can be added to a module's `weight`."""
        inputs = self.down[0].numel()
        return self.up.shape[0] == weight.shape[0] and inputs == weight[0].numel() and self.rank == self.up[0].numel()

    @property
    def rank(self) -> int:
        return self.down.shape[0]


class LoraStack:
    """Owns the weights of a model's parts ("unet", "text_encoder") as far as LoRAs change them."""

    def __init__(self, parts: Mapping[str, nn.Module]) -> None:
        self._modules = {part: _by_name(module) for part, module in parts.items()}
        self._worn: tuple[tuple[str, float], ...] = ()
        self._bases: dict[tuple[str, str], Tensor] = {}
        self._files: dict[str, dict[tuple[str, str], Difference]] = {}

    @torch.no_grad()
    def wear(self, loras: tuple[tuple[str, float], ...]) -> set[str]:
        """Makes these files with their weights the only ones; answers the parts whose weights changed.

        Raises UnfitFile for a file that is none, or one for another model: nothing has changed then.
        """
        if loras == self._worn:
            return set()
        for file, _ in loras:
            if file not in self._files:
                self._files[file] = self._known(file)
        touched = {place for file, _ in (*loras, *self._worn) for place in self._files[file]}
        for part, name in sorted(touched):
            weight = self._modules[part][name]
            base = self._bases.setdefault((part, name), weight.detach().clone())
            whole = base.float()
            for file, amount in loras:
                if (part, name) in self._files[file]:
                    whole = whole + amount * self._files[file][part, name].weight(whole)
            weight.data.copy_(whole)
        self._worn = loras
        return {part for part, _ in touched}

    def _known(self, file: str) -> dict[tuple[str, str], Difference]:
        try:
            return self._read(Path(file))
        except ModelError as error:
            raise UnfitFile(str(error), "lora", file) from error

    def _read(self, path: Path) -> dict[tuple[str, str], Difference]:
        from safetensors.torch import load_file

        if not path.is_file():
            raise ModelError(f"{path}: there is no such LoRA file")
        try:
            tensors = load_file(path)
        except Exception as error:  # safetensors raises its own kind, and OSError
            raise ModelError(f"{path}: not a .safetensors file of a LoRA ({' '.join(str(error).split())})") from error
        differences = {self._place(path, name): difference for name, difference in _differences(path, tensors).items()}
        for (part, name), difference in differences.items():
            weight = self._modules[part][name]
            if not difference.fits(weight):
                raise ModelError(
                    f"{path}: a LoRA for another model: it changes {part}'s {name} of {difference.up.shape[0]} x "
                    f"{difference.down[0].numel()}, here it is {weight.shape[0]} x {weight[0].numel()}"
                )
        return differences

    def _place(self, path: Path, name: str) -> tuple[str, str]:
        """The part and the module (by its plain name) that a file's `name` means."""
        bare = name.removeprefix("base_model.model.")
        for part, prefix in _PARTS:
            if bare.startswith(prefix):
                plain = _plain(bare.removeprefix(prefix))
                for candidate in (plain, plain.removeprefix("text_model_"), "text_model_" + plain):
                    if candidate in self._modules.get(part, {}):
                        return part, candidate
        raise ModelError(f"{path}: a LoRA for another model: this one has no {name}")


def _by_name(module: nn.Module) -> dict[str, Tensor]:
    """The weights that a LoRA may change, by their modules' plain names."""
    return {
        _plain(name): part.weight
        for name, part in module.named_modules()
        if isinstance(part, nn.Linear | nn.Conv2d | nn.Embedding)
    }


def _plain(name: str) -> str:
    """One spelling for all files: kohya's underscores, without what diffusers once put between."""
    return name.replace("processor.", "").replace(".", "_").removesuffix("_to_out") + (
        "_to_out_0" if name.endswith(("to_out", "to_out_lora")) else ""
    )


def _differences(path: Path, tensors: Mapping[str, Tensor]) -> dict[str, Difference]:
    """By the file's names of modules. Raises ModelError for files that hold something else."""
    pairs: dict[str, list[Tensor | None]] = {}
    for key, tensor in tensors.items():
        if match := _KEY.fullmatch(key):
            pairs.setdefault(match["module"], [None, None])[_DOWN_UP[match["role"]]] = tensor
        elif not key.endswith(".alpha"):
            raise ModelError(f"{path}: not a LoRA of a kind that is read (it holds {key})")
    if not pairs:
        raise ModelError(f"{path}: holds no LoRA")
    found = {}
    for name, (down, up) in pairs.items():
        if down is None or up is None or down.dim() < 2 or up.dim() < 2:
            raise ModelError(f"{path}: damaged: half of {name} is missing")
        alpha = tensors.get(f"{name}.alpha")
        found[name] = Difference(down, up, float(alpha) / down.shape[0] if alpha is not None else 1.0)
    return found
