"""Riffusion's request and answer as values (riffusion-hobby 0.3.1, datatypes.py)."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from riffsynth.errors import RiffsynthError
from riffsynth.parameters import SEED_MAX, TEXT_MAX

MOST_STEPS = 200
_FILE_ID = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*")


class BadRequest(RiffsynthError):
    """A request that means nothing; the message says which field and why."""


@dataclass(frozen=True, slots=True)
class PromptInput:
    """One end."""

    prompt: str
    seed: int
    negative_prompt: str | None = None
    denoising: float = 0.75
    guidance: float = 7.0


@dataclass(frozen=True, slots=True)
class InferenceInput:
    """What is posted to /run_inference/."""

    start: PromptInput
    end: PromptInput
    alpha: float
    num_inference_steps: int = 50
    seed_image_id: str = "og_beat"
    mask_image_id: str | None = None

    @classmethod
    def parse(cls, data: Any) -> InferenceInput:
        """From JSON's values; fields that Riffusion did not know are passed over, as it did. Raises BadRequest."""
        fields = _map("the request", data)
        return cls(
            _end("start", fields),
            _end("end", fields),
            _number(fields, "alpha", 0.0, 1.0),
            _whole(fields, "num_inference_steps", 1, MOST_STEPS, 50),
            _file_id(fields, "seed_image_id", "og_beat") or "og_beat",
            _file_id(fields, "mask_image_id", None),
        )


def data_uri(kind: str, content: bytes) -> str:
    """`content` as a data URI of a MIME type."""
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"


def image_file(folder: Path, name: str) -> Path:
    """The image called `name` in a folder of seed images. Raises BadRequest where there is none."""
    path = folder / f"{name}.png"
    if not path.is_file():
        raise BadRequest(f"Invalid seed image: {name}")
    return path


def _map(where: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadRequest(f"{where} is an object, found {type(value).__name__}")
    return value


def _end(name: str, fields: Mapping[str, Any]) -> PromptInput:
    end = _map(name, fields.get(name))
    prompt, negative = end.get("prompt"), end.get("negative_prompt")
    if not isinstance(prompt, str) or not isinstance(negative, str | None):
        raise BadRequest(f"{name}.prompt is a text, and so is {name}.negative_prompt where it is given")
    if len(prompt) > TEXT_MAX or len(negative or "") > TEXT_MAX:
        raise BadRequest(f"{name}: a prompt has at most {TEXT_MAX} characters")
    return PromptInput(
        prompt,
        _whole(end, "seed", 0, SEED_MAX, 0),
        negative,
        _number(end, "denoising", 0.0, 1.0, 0.75),
        _number(end, "guidance", 0.0, 100.0, 7.0),
    )


def _number(fields: Mapping[str, Any], name: str, low: float, high: float, default: float | None = None) -> float:
    value = fields.get(name)
    value = default if value is None else value
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not (math.isfinite(value) and low <= value <= high)
    ):
        raise BadRequest(f"{name} is a number {low:g}..{high:g}, found {value!r}")
    return float(value)


def _whole(fields: Mapping[str, Any], name: str, low: int, high: int, default: int) -> int:
    number = _number(fields, name, low, high, default)
    if number != int(number):
        raise BadRequest(f"{name} is a whole number, found {number:g}")
    return int(number)


def _file_id(fields: Mapping[str, Any], name: str, default: str | None) -> str | None:
    value = fields.get(name)
    value = default if value in (None, "") else value
    # A name and never a path: nothing outside of the folder of images is opened.
    if value is not None and not (isinstance(value, str) and len(value) <= 100 and _FILE_ID.fullmatch(value)):
        raise BadRequest(f"{name} is the name of an image, found {value!r}")
    return value
