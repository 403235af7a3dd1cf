"""The table of parameters as data, for people and programs that read it."""

from __future__ import annotations

from typing import Any

from riffsynth.parameters import TABLE, Kind


def reference() -> list[dict[str, Any]]:
    """The table as plain dictionaries: what `riffsynth osc` prints."""
    return [
        {
            "name": parameter.name,
            "address": parameter.osc_address,
            "kind": parameter.kind.value,
            "range": [parameter.minimum, parameter.maximum] if parameter.bounded else None,
            "unit": parameter.unit,
            "default": None if parameter.kind is Kind.TRIGGER else parameter.default,
            "choices": list(parameter.choices),
            "acts": parameter.acts.value,
            "description": parameter.description,
        }
        for parameter in TABLE
    ]
