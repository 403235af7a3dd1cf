"""A JSON Schema of presets, with which an editor completes keys and marks what a preset cannot say."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from riffsynth.control.mapping import Binding, Target
from riffsynth.control.moves import Move
from riffsynth.parameters import NOT_IN_PRESETS, TEXT_MAX, Kind, Parameter
from riffsynth.patches.layout import number

TEXTS = {
    "name": "What the preset is called.",
    "description": "What it is for.",
    "model": "A model's folder or hub id; the embedded model where it is left out.",
    "clip": "An image that sounds until the model has made a clip.",
}
SWITCH_WORDS = ["true", "yes", "on", "1", "false", "no", "off", "0"]
SCALAR = {"type": ["string", "number", "boolean"]}
"""A text: in YAML `808` is a number, but a preset's text is what was typed."""


def schema(table: Sequence[Parameter]) -> str:
    """The text of `preset.schema.json`."""
    properties: dict[str, Any] = {key: SCALAR | {"description": text} for key, text in TEXTS.items()}
    for parameter in table:
        if parameter.kind is Kind.TRIGGER or parameter.name in NOT_IN_PRESETS:
            continue
        *end, key = parameter.name.split(".")
        place = properties
        if end:
            group = properties.setdefault(end[0], _group(end[0]))
            place = group["properties"]
        place[key] = _value(parameter)
    properties["midi"] = {
        "description": "Controls of MIDI devices and the parameters they move.",
        "type": "array",
        "maxItems": 1000,
        "items": entry_schema(Binding, table),
    }
    properties["moves"] = {
        "description": "LFOs, envelopes and audio inputs, and the parameters they move.",
        "type": "array",
        "maxItems": 1000,
        "items": entry_schema(Move, [row for row in table if row.kind not in (Kind.TEXT, Kind.TRIGGER)]),
    }
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A riffsynth preset",
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
    }
    return json.dumps(document, indent=2) + "\n"


def entry_schema(kind: type[Target], table: Sequence[Parameter]) -> dict[str, Any]:
    """One entry of the lists `midi` or `moves`, from the model that reads it; `table` is what it can move."""
    properties = {key: _plain(value) for key, value in kind.model_json_schema()["properties"].items()}
    properties["to"] = {"enum": [parameter.name for parameter in table], "description": "The parameter it moves."}
    if kind is Binding:
        properties["value"] = SCALAR | {"description": "What a note, program or button sets."}
        properties["bits"] = {"enum": [7, 14]}
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["to"],
        "properties": properties,
    }


def _group(letter: str) -> dict[str, Any]:
    return {
        "description": f"End {letter.upper()} of the way that alpha walks.",
        "type": "object",
        "additionalProperties": False,
        "properties": {},
    }


def _value(parameter: Parameter) -> dict[str, Any]:
    unit = f" In {parameter.unit}." if parameter.unit else ""
    said: dict[str, Any] = {"description": parameter.description + unit, "default": parameter.default}
    match parameter.kind:
        case Kind.TEXT:
            return SCALAR | {"maxLength": TEXT_MAX} | said
        case Kind.CHOICE:
            return {"enum": list(parameter.choices)} | said
        case Kind.BOOL:
            return {"enum": [True, False, 1, 0, *SWITCH_WORDS]} | said
    said["default"] = number(float(parameter.default))
    kind = "integer" if parameter.kind is Kind.INT else "number"
    if not parameter.bounded:
        return {"type": kind} | said
    return {"type": kind, "minimum": number(parameter.minimum), "maximum": number(parameter.maximum)} | said


def _plain(field: dict[str, Any]) -> dict[str, Any]:
    """A field without the parts that speak of Python: no titles, no null, for a preset leaves out what is not said."""
    kept = {key: value for key, value in field.items() if key not in ("title", "anyOf")}
    if "anyOf" in field:
        kept |= next(_plain(option) for option in field["anyOf"] if option.get("type") != "null")
    return {key: value for key, value in kept.items() if not (key == "default" and value is None)}
