"""Requests and clips as bytes: a header in JSON, then arrays of 8 bits. Nothing is ever unpickled from the network.

A body is the length of the header (4 bytes, little-endian), the header, and the arrays that it names, one after the
other. Magnitudes travel at power 0.25 with one scale for each clip, which costs 0.0 dB (docs/performance.md).
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any
from urllib.parse import quote, unquote

import numpy as np
from numpy.typing import NDArray

from riffsynth.diffusion.model_error import UnfitFile
from riffsynth.diffusion.request import ClipRequest, End
from riffsynth.diffusion.strengths import STRAIGHT, Curve
from riffsynth.errors import RiffsynthError
from riffsynth.parameters import SEED_MAX, TEXT_MAX
from riffsynth.spectrogram.clip import Clip
from riffsynth.spectrogram.spec import SpectrogramSpec

POWER = 0.25
LARGEST_BODY = 2**24
LARGEST_HEADER = 2**18
MOST_STEPS = 200
MOST_LORAS = 8
UNFIT = "X-Unfit"
"""A header: what of a request the model cannot use, `mask`, or `lora` and its file's name; percent-encoded."""


class WireError(RiffsynthError, ValueError):
    """Bytes that are no request and no clip."""


@dataclass(frozen=True, slots=True)
class FarModel:
    """What the far end plays."""

    name: str
    device: str
    spec: SpectrogramSpec
    steps: int
    noise_at_strength: Curve = STRAIGHT


def packed_model(model: FarModel) -> bytes:
    """A model's description as JSON."""
    told = {
        "model": model.name,
        "device": model.device,
        "spec": asdict(model.spec),
        "steps": model.steps,
        "noise_at_strength": model.noise_at_strength,
    }
    return json.dumps(told).encode()


def unpacked_model(body: bytes) -> FarModel:
    """The inverse of `packed_model`. Raises WireError."""
    try:
        told = json.loads(body)
        spec = SpectrogramSpec.from_dict(told["spec"])
        curve = tuple((float(strength), float(noise)) for strength, noise in told.get("noise_at_strength", STRAIGHT))
        return FarModel(str(told["model"]), str(told["device"]), spec, int(told["steps"]), curve)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise WireError(f"not a model: {error!r}") from error


def packed_request(request: ClipRequest) -> bytes:
    """A request with its init and mask. LoRAs go by their files' names alone: the other machine has its own folder."""
    header: dict[str, Any] = {
        "a": asdict(request.a),
        "b": asdict(request.b),
        "alpha": request.alpha,
        "steps": request.steps,
        "sampler": request.sampler,
        "repaint": request.repaint,
        "loras": [[_name(file), weight] for file, weight in request.loras],
    }
    arrays = []
    if request.init:
        header["init"] = asdict(request.init.spec) | {"scale": _scale(request.init.mel)}
        arrays.append(_eight_bits(request.init.mel))
    if request.mask is not None:
        header["mask"] = list(request.mask.shape)
        arrays.append(np.rint(np.clip(request.mask, 0, 1) * 255).astype(np.uint8))
    return _packed(header, arrays)


def unpacked_request(body: bytes) -> ClipRequest:
    """The inverse of `packed_request`, with id 0. Raises WireError for what is not whole, or out of range."""
    header, rest = _unpacked(body)
    try:
        a, b = (_end(header[letter]) for letter in "ab")
        alpha, steps = float(header["alpha"]), int(header["steps"])
        first, last = (float(x) for x in header["repaint"])
        loras = tuple((str(file), float(weight)) for file, weight in header["loras"])
        init = None
        if "init" in header:
            init, rest = _clip(header["init"], rest)
        mask = None
        if "mask" in header:
            values, rest = _array(header["mask"], rest)
            mask = values.astype(np.float32) / np.float32(255)
        sampler = str(header["sampler"])
    except WireError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WireError(f"not a request: {error!r}") from error
    numbers = (alpha, first, last, *(weight for _, weight in loras))
    if not (np.isfinite(numbers).all() and 0 <= alpha <= 1 and 1 <= steps <= MOST_STEPS and len(loras) <= MOST_LORAS):
        raise WireError("not a request: a number is out of range")
    return ClipRequest(0, a, b, alpha, steps, init, mask, (first, last), sampler, loras)


def packed_clip(clip: Clip) -> bytes:
    """The magnitudes and the spec of a clip."""
    return _packed({"clip": asdict(clip.spec) | {"scale": _scale(clip.mel)}}, [_eight_bits(clip.mel)])


def unpacked_clip(body: bytes, request: ClipRequest | None = None) -> Clip:
    """The inverse of `packed_clip`, as the answer to `request`. Raises WireError."""
    header, rest = _unpacked(body)
    try:
        made, _ = _clip(header["clip"], rest)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WireError(f"not a clip: {error!r}") from error
    return Clip(made.mel, made.spec, request)


def packed_unfit(error: UnfitFile) -> dict[str, str]:
    """The header of an answer that says what the model cannot use."""
    kind, file = error.unfit
    return {UNFIT: quote(f"{kind} {_name(file)}")}


def unpacked_unfit(header: str, text: str, request: ClipRequest) -> UnfitFile:
    """The inverse of `packed_unfit`, with the LoRA's file as `request` names it."""
    kind, _, name = unquote(header).partition(" ")
    return UnfitFile(text, kind, next((file for file, _ in request.loras if _name(file) == name), name))


def _name(file: str) -> str:
    """A file's name alone, whichever system it is of."""
    return file.replace("\\", "/").rsplit("/", 1)[-1]


def _end(values: Mapping[str, Any]) -> End:
    end = End(**{field.name: values[field.name] for field in fields(End)})
    texts = all(isinstance(text, str) and len(text) <= TEXT_MAX for text in (end.prompt, end.negative))
    seed = isinstance(end.seed, int) and 0 <= end.seed <= SEED_MAX
    if not (texts and seed and 0 <= float(end.strength) <= 1 and np.isfinite(float(end.guidance))):
        raise ValueError("an end is out of range")
    return end


def _scale(mel: NDArray[np.float32]) -> float:
    return float(mel.max(initial=0.0))


def _eight_bits(mel: NDArray[np.float32]) -> NDArray[np.uint8]:
    scale = np.float32(max(_scale(mel), 1e-30))
    return np.rint(255 * (mel / scale) ** np.float32(POWER)).astype(np.uint8)


def _clip(values: Mapping[str, Any], data: bytes) -> tuple[Clip, bytes]:
    scale = float(values["scale"])
    spec = SpectrogramSpec.from_dict({key: value for key, value in values.items() if key != "scale"})
    array, rest = _array((spec.bands, spec.columns), data)
    if not (np.isfinite(scale) and scale >= 0):
        raise ValueError("a scale out of range")
    mel = (array.astype(np.float32) / np.float32(255)) ** np.float32(1 / POWER) * np.float32(scale)
    return Clip(mel, spec), rest


def _array(shape: Any, data: bytes) -> tuple[NDArray[np.uint8], bytes]:
    rows, columns = (int(x) for x in shape)
    size = rows * columns
    if rows < 1 or columns < 1 or size > len(data):
        raise ValueError(f"an array of {rows} x {columns} in {len(data)} bytes")
    return np.frombuffer(data[:size], np.uint8).reshape(rows, columns), data[size:]


def _packed(header: Mapping[str, Any], arrays: list[NDArray[np.uint8]]) -> bytes:
    text = json.dumps(header).encode()
    return struct.pack("<I", len(text)) + text + b"".join(array.tobytes() for array in arrays)


def _unpacked(body: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        (length,) = struct.unpack("<I", body[:4])
        if length > min(LARGEST_HEADER, len(body) - 4):
            raise ValueError(f"a header of {length} bytes")
        header = json.loads(body[4 : 4 + length])
        if not isinstance(header, dict):
            raise ValueError("the header is no object")
    except (struct.error, ValueError, RecursionError) as error:
        raise WireError(f"not from riffsynth: {error}") from error
    return header, body[4 + length :]
