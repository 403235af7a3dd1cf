"""OSCQuery's answers, derived from the table of parameters (Vidvox, "OSCQuery Proposal", 2018). Pure: no socket here.

A node is a dictionary of attributes; a container holds its nodes under CONTENTS, a method has a TYPE and a VALUE.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from riffsynth.parameters import NOT_IN_PRESETS, TABLE, Kind, Parameter, Value

IN_PRESETS = "in presets"
"""The tag of what says how it sounds, and not where the instrument is."""
READ, WRITE = 1, 2
"""Bits of ACCESS."""
_OPTIONAL = ("ACCESS", "VALUE", "RANGE", "DESCRIPTION", "TAGS", "UNIT", "CRITICAL", "CLIPMODE")
_UNUSED = ("EXTENDED_TYPE", "OVERLOADS", "HTML")
ATTRIBUTES = frozenset(("FULL_PATH", "CONTENTS", "TYPE", *_OPTIONAL, *_UNUSED))
"""What may be asked for; a node need not have it."""
EXTENSIONS = {
    **dict.fromkeys((*_OPTIONAL, "LISTEN", "IGNORE", "PATH_CHANGED"), True),
    **dict.fromkeys((*_UNUSED, "PATH_ADDED", "PATH_REMOVED", "PATH_RENAMED"), False),  # the table stands
}
_LARGEST_INT32 = 2**31 - 1
_UNITS = {"dB": "gain.db", "ms": "time.ms", "beats/min": "time.bpm", "x": "time.speed"}
"""The proposal's names for units that it has; others go by their own."""
_TYPES = {Kind.FLOAT: "f", Kind.BOOL: "T", Kind.TEXT: "s", Kind.CHOICE: "s", Kind.TRIGGER: "I"}


@dataclass(frozen=True, slots=True)
class Method:
    """An address that takes a value: a parameter in its own units, or its twin that counts in 0..1."""

    parameter: Parameter
    norm: bool = False

    @property
    def type_tag(self) -> str:
        if self.norm:
            return "f"
        if self.parameter.kind is Kind.INT:
            return "i" if self.parameter.maximum <= _LARGEST_INT32 else "h"
        return _TYPES[self.parameter.kind]

    def value(self, value: Value) -> Value:
        """The parameter's `value` as this address tells it."""
        return self.parameter.to_unit(value) if self.norm else value


def methods() -> dict[str, Method]:
    """Every address that has a value, and what it moves."""
    found = {parameter.osc_address: Method(parameter) for parameter in TABLE}
    twins = {parameter.norm_address: Method(parameter, norm=True) for parameter in TABLE if parameter.norm_address}
    return found | twins


METHODS = methods()


Choices = Mapping[str, Sequence[str]]
"""For texts by their parameter's name: what would be a sensible choice now. It is told as their RANGE."""


def node(path: str, values: Mapping[str, Value], choices: Choices | None = None) -> dict[str, Any] | None:
    """The node at `path` with everything below it; None where there is none. `values` are the parameters' by name."""
    path = "/" + path.strip("/")
    if path in METHODS:
        return _method(path, values, choices or {})
    below = path.rstrip("/") + "/"
    names = dict.fromkeys(address[len(below) :].split("/")[0] for address in METHODS if address.startswith(below))
    if not names:
        return None
    contents = {name: node(below + name, values, choices) for name in names}
    return {"FULL_PATH": path, "ACCESS": 0, "DESCRIPTION": _CONTAINERS.get(path, ""), "CONTENTS": contents}


def attribute(found: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    """One attribute of a node as OSCQuery answers it, `{NAME: value}`; None where the node has none of it."""
    return {name: found[name]} if name in found else None


def host_info(name: str, osc_ip: str, osc_port: int, web_ip: str, web_port: int) -> dict[str, Any]:
    """What `?HOST_INFO` answers: where OSC and the WebSocket are, and which attributes and commands there are."""
    return {
        "NAME": name,
        "EXTENSIONS": EXTENSIONS,
        "OSC_IP": osc_ip,
        "OSC_PORT": osc_port,
        "OSC_TRANSPORT": "UDP",
        "WS_IP": web_ip,
        "WS_PORT": web_port,
    }


def _method(path: str, values: Mapping[str, Value], choices: Choices) -> dict[str, Any]:
    method = METHODS[path]
    parameter = method.parameter
    attributes: dict[str, Any] = {
        "FULL_PATH": path,
        "TYPE": method.type_tag,
        "ACCESS": WRITE if parameter.kind is Kind.TRIGGER else READ | WRITE,
        "DESCRIPTION": parameter.description + (" As a position 0..1." if method.norm else ""),
        "TAGS": [parameter.acts.value, *([] if parameter.name in NOT_IN_PRESETS else [IN_PRESETS])],
        "CRITICAL": parameter.kind is Kind.TRIGGER,
    }
    if parameter.kind is not Kind.TRIGGER:
        attributes["VALUE"] = [method.value(values[parameter.name])]
    if limits := _range(method, choices.get(parameter.name, ())):
        attributes["RANGE"] = [limits]
        attributes["CLIPMODE"] = ["none"]  # what lies outside is refused, never clipped
    if parameter.unit and not method.norm:
        attributes["UNIT"] = [_UNITS.get(parameter.unit, parameter.unit)]
    return attributes


def _range(method: Method, choices: Sequence[str]) -> dict[str, Any] | None:
    parameter = method.parameter
    if method.norm:
        return {"MIN": 0.0, "MAX": 1.0}
    if parameter.choices or choices:
        return {"VALS": list(parameter.choices or choices)}
    if parameter.bounded:
        return {"MIN": parameter.minimum, "MAX": parameter.maximum}
    return None


_CONTAINERS = {
    "/": "riffsynth: a diffusion model, played live and in time.",
    "/riffsynth": "Every parameter, in its own unit.",
    "/riffsynth/a": "End A.",
    "/riffsynth/b": "End B.",
    "/riffsynth/norm": "The same parameters as positions 0..1.",
}
