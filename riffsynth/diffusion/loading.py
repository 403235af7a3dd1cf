"""One loader for every model in the Stable Diffusion folder layout: stock classes, safetensors, nothing executed."""

from __future__ import annotations

import contextlib
import importlib
import json
import logging
import re
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch

from riffsynth.diffusion.circular import make_circular
from riffsynth.diffusion.completeness import check_decoder, check_parts
from riffsynth.diffusion.locating import HUB_TIMEOUT_S, INDEX_FILE, check_reachable, local_folder
from riffsynth.diffusion.model import Defaults, Model
from riffsynth.diffusion.model_error import ModelError
from riffsynth.spectrogram.spec import SpecError, SpectrogramSpec

POSITION_CHANNELS = 4

# The classes that each part may be. Anything else, a class of the folder's own above all, is refused.
STOCK_CLASSES = {
    "unet": ("diffusers", r"UNet2DConditionModel"),
    "vae": ("diffusers", r"AutoencoderKL|AutoencoderTiny"),
    "text_encoder": ("transformers", r"CLIPTextModel|BertModel"),
    "tokenizer": ("transformers", r"(CLIP|Bert)Tokenizer(Fast)?"),
    "scheduler": ("diffusers", r"\w+Scheduler"),
}
SMALL_DECODER = "decoder"
"""The folder inside of a model's in which an AutoencoderTiny may lie that decodes in place of its vae."""
_HUB_FILES = ["*.json", "*/*.json", "*/*.txt", "*/model.safetensors", "*/diffusion_pytorch_model*.safetensors"]
_UNUSED_WEIGHTS = re.compile(r"(^|\.)(pooler\.|position_ids$)")


def load_model(
    name: str | Path,
    device: str = "auto",
    on_part: Callable[[float, str], object] = lambda fraction, text: None,
    decoder: str | Path | None = None,
) -> Model:
    """The model in a folder, or on the hub under an id "owner/name", on `device` (auto, cpu, cuda or mps).

    `on_part` is told the fraction 0..1 and the part that is loaded next. `decoder` is the folder of an AutoencoderTiny
    that decodes in place of the model's own autoencoder; without it one is taken that lies in the model's folder as
    `decoder`. Raises ModelError.
    """
    target = choose_device(device)
    dtype = torch.float32 if target.type == "cpu" else torch.float16
    on_part(0.0, "finding the model")
    folder = find_folder(name)
    classes = _read_index(folder)
    check_parts(folder)
    parts: dict[str, Any] = {}
    with _quiet():
        for i, part in enumerate(STOCK_CLASSES):
            on_part((i + 1) / (len(STOCK_CLASSES) + 1), part.replace("_", " "))
            parts[part] = _load_part(folder, part, classes[part], dtype)
    try:
        spec = SpectrogramSpec.load(folder)
    except SpecError as error:
        raise ModelError(str(error)) from error
    _check_shapes(folder, parts, spec)
    parts["small_decoder"] = _small_decoder(folder, decoder, parts["vae"], dtype)
    painting = [part for part in ("unet", "vae", "small_decoder") if parts[part]]
    for part in (*painting, "text_encoder"):
        parts[part].to(target).eval().requires_grad_(False)
    for part in painting:
        try:
            make_circular(parts[part])
        except ValueError as error:
            raise ModelError(f"{folder}: {part} cannot close a loop: {error}") from error
    defaults = Defaults.load(folder)
    if defaults.half_on_cpu and target.type == "cpu" and cpu_multiplies_bfloat16():
        with _quiet():
            parts["unet"].to(torch.bfloat16)
    return Model(name=str(name), spec=spec, defaults=defaults, device=target, dtype=dtype, **parts)


def choose_device(name: str) -> torch.device:
    """The torch device for auto, cpu, cuda or mps. Raises ModelError for one that this machine lacks."""
    available = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        name = next(device for device, there in available.items() if there)
    if name not in available:
        raise ModelError(f"device is one of auto, {', '.join(sorted(available))}, found {name!r}")
    if not available[name]:
        raise ModelError(f"this machine (or this build of torch) has no {name} device; use --device cpu")
    return torch.device(name)


def cpu_multiplies_bfloat16() -> bool:
    """Whether this CPU does itself; one that does not takes fifteen times as long. False where torch can't tell."""
    capabilities = getattr(torch.cpu, "get_capabilities", None)
    return bool(capabilities and capabilities().get("avx512_bf16"))


def find_folder(name: str | Path) -> Path:
    """The folder of a model: itself, or for a hub id the hub's cache, filled from the network where needed."""
    folder = local_folder(name)
    if folder:
        return folder
    check_reachable(name)
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, RepositoryNotFoundError

    try:
        return Path(snapshot_download(str(name), allow_patterns=_HUB_FILES, etag_timeout=HUB_TIMEOUT_S))
    except (RepositoryNotFoundError, HFValidationError) as error:
        raise ModelError(f"{name}: no such folder here, and no such model on the hub") from error
    except Exception as error:  # every kind of network failure has an exception type of its own
        raise ModelError(
            f"{name}: no such folder here, not in the hub's cache, and the hub could not be reached"
        ) from error


def _read_index(folder: Path) -> dict[str, type]:
    """The class of each part, from model_index.json."""
    path = folder / INDEX_FILE
    try:
        index = json.loads(path.read_text())
        if not isinstance(index, dict):
            raise ValueError("not an object")
    except (OSError, ValueError) as error:
        raise ModelError(f"{path}: {error}") from error
    return {part: _stock_class(folder, part, index.get(part)) for part in STOCK_CLASSES}


def _stock_class(folder: Path, part: str, entry: Any) -> type:
    if not (isinstance(entry, list) and len(entry) == 2 and all(isinstance(word, str) for word in entry)):
        raise ModelError(f"{folder}: {INDEX_FILE} names no {part}")
    library, pattern = STOCK_CLASSES[part]
    found = getattr(importlib.import_module(library), entry[1], None) if entry[0] == library else None
    if not re.fullmatch(pattern, entry[1]) or not isinstance(found, type):
        raise ModelError(
            f"{folder}: {part} is {'.'.join(entry)}, and only stock classes are loaded ({library}.{pattern})"
        )
    return found


def _load_part(folder: Path, part: str, cls: Any, dtype: torch.dtype) -> Any:
    path = folder / part
    try:
        if part == "scheduler":
            return cls.from_pretrained(str(path), local_files_only=True)
        if part == "tokenizer":
            tokenizer = cls.from_pretrained(str(path), local_files_only=True)
            if len(tokenizer) <= len(tokenizer.all_special_tokens):  # without its files it is one without words
                raise ModelError(f"{path}: it knows no words; vocab or tokenizer.json is missing")
            return tokenizer
        options = {"dtype": dtype} if part == "text_encoder" else {"torch_dtype": dtype, "low_cpu_mem_usage": False}
        module, report = cls.from_pretrained(
            str(path), local_files_only=True, use_safetensors=True, output_loading_info=True, **options
        )
    except ModelError:
        raise
    except Exception as error:  # the libraries raise whatever their parsers raise
        raise ModelError(f"{path}: {_first_line(error)}") from error
    missing = sorted(key for key in report["missing_keys"] if not _UNUSED_WEIGHTS.search(key))
    if missing:
        raise ModelError(f"{path}: weights are missing: {', '.join(missing[:3])}{' ...' if missing[3:] else ''}")
    if report["mismatched_keys"]:
        raise ModelError(f"{path}: weights have other shapes than config.json says: {report['mismatched_keys'][0]}")
    return module


def _small_decoder(folder: Path, named: str | Path | None, vae: Any, dtype: torch.dtype) -> Any:
    """The AutoencoderTiny that was named, or that lies in the model's folder; None where there is none."""
    from diffusers import AutoencoderTiny

    path = Path(named).expanduser() if named else folder / SMALL_DECODER
    if not named and not path.is_dir():
        return None
    check_decoder(path)
    with _quiet():
        small = _load_part(path.parent, path.name, AutoencoderTiny, dtype)
    needed = (vae.config.latent_channels, len(vae.config.block_out_channels))
    found = (small.config.latent_channels, len(small.config.decoder_block_out_channels))
    if found != needed or small.config.out_channels not in (1, 3):
        raise ModelError(
            f"{path}: it decodes {found[0]} channels on {found[1]} levels, this model's latents have {needed[0]} "
            f"on {needed[1]}"
        )
    return small


def _check_shapes(folder: Path, parts: dict[str, Any], spec: SpectrogramSpec) -> None:
    """That the parts fit each other and the spectrogram. Raises ModelError."""
    unet, vae, text = (parts[part].config for part in ("unet", "vae", "text_encoder"))
    latents = vae.latent_channels
    expected_in = latents + POSITION_CHANNELS * spec.position_channels
    if (unet.in_channels, unet.out_channels) != (expected_in, latents):
        raise ModelError(
            f"{folder}: unet takes {unet.in_channels} channels and gives {unet.out_channels}, "
            f"vae and spectrogram call for {expected_in} and {latents}"
        )
    if unet.addition_embed_type not in (None, "text") or unet.class_embed_type or unet.time_cond_proj_dim:
        raise ModelError(
            f"{folder}: unet wants more than latents, time and text; models like Stable Diffusion 1 are read"
        )
    width = unet.cross_attention_dim if unet.encoder_hid_dim is None else unet.encoder_hid_dim
    if width != text.hidden_size:
        raise ModelError(f"{folder}: text_encoder is {text.hidden_size} wide, unet expects {width}")
    if vae.in_channels not in (1, 3) or vae.out_channels not in (1, 3):
        raise ModelError(f"{folder}: vae has {vae.in_channels} colours, 1 or 3 are understood")
    tokens = len(parts["tokenizer"])
    if tokens > text.vocab_size:
        raise ModelError(f"{folder}: tokenizer knows {tokens} tokens, text_encoder only {text.vocab_size}")
    grain = 2 ** (len(vae.block_out_channels) - 1) * 2 ** (len(unet.block_out_channels) - 1)
    if spec.columns % grain or spec.bands % (2 ** (len(vae.block_out_channels) - 1)):
        raise ModelError(
            f"{folder}: {spec.bands} bands x {spec.columns} columns do not divide into the vae's and unet's "
            f"levels (columns by {grain})"
        )


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """The libraries' warnings and progress bars stay out of a performer's terminal; errors are raised anyway."""
    from diffusers.utils import logging as diffusers_logging
    from transformers.utils import logging as transformers_logging

    libraries = (diffusers_logging, transformers_logging)
    levels = [library.get_verbosity() for library in libraries]
    for library in libraries:
        library.set_verbosity(logging.CRITICAL)
        library.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for library, level in zip(libraries, levels, strict=True):
            library.set_verbosity(level)
