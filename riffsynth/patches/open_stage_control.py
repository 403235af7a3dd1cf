"""A session of Open Stage Control (version 1), which shows it in any browser. Properties left out have its defaults.

No widget has a value of its own at the start: opening a session must not move the instrument.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from riffsynth.parameters import Kind, Parameter
from riffsynth.patches.layout import (
    CONNECT,
    FEEDBACK_PORT,
    HOST,
    OSC_PORT,
    SLOTS,
    Widget,
    label_of,
    number,
    page,
    widget_of,
)

COLUMN, LINE = 340, 44
LABEL_WIDTH = 140
TOP = 64
"""Pixels above the parameters, for the connect button."""
TARGET = f"{HOST}:{OSC_PORT}"


def session(table: Sequence[Parameter]) -> str:
    """The text of `riffsynth.json`."""
    grid = page(table)
    widgets: list[dict[str, Any]] = [_connect_button()]
    for title, column, line in grid.titles:
        identity = "title_" + title.replace(" ", "_").lower()
        widgets.append(_text(identity, title.upper(), column * COLUMN + 8, line * LINE + TOP, COLUMN - 16))
    for place in grid.places:
        x, y = place.column * COLUMN + 8, place.line * LINE + TOP
        widgets.append(_text(f"label_{_id(place.parameter)}", label_of(place.parameter), x, y, LABEL_WIDTH - 8))
        widgets.append(_control(place.parameter, x + LABEL_WIDTH, y))
    content = {
        "type": "root",
        "id": "root",
        "scroll": True,
        "onCreate": _connect(),
        "widgets": widgets,
        "tabs": [],
    }
    document = {"createdWith": "Open Stage Control", "version": "1.26.0", "type": "session", "content": content}
    return json.dumps(document, indent=1) + "\n"


def _connect() -> str:
    """Run when the session opens: asks to be told of changes, and for the values."""
    lines = []
    for address, argument in CONNECT:
        extra = "" if argument is None else f', {{type: "i", value: {FEEDBACK_PORT}}}'
        lines.append(f'send("{TARGET}", "{address}"{extra})')
    return "\n".join(lines)


def _connect_button() -> dict[str, Any]:
    return {
        "type": "button",
        "id": "connect",
        "label": "connect",
        "left": 8,
        "top": 8,
        "width": LABEL_WIDTH,
        "height": LINE - 8,
        "mode": "tap",
        "bypass": True,
        "onValue": _connect(),
    }


def _id(parameter: Parameter) -> str:
    return parameter.name.replace(".", "_")


def _control(parameter: Parameter, x: int, y: int) -> dict[str, Any]:
    common = {
        "id": _id(parameter),
        "comments": parameter.description,
        "left": x,
        "top": y,
        "width": COLUMN - LABEL_WIDTH - 16,
        "height": LINE - 8,
        "address": parameter.osc_address,
        "target": TARGET,
    }
    whole = parameter.kind is Kind.INT
    match widget_of(parameter):
        case Widget.DIAL:
            ends = {"min": number(parameter.minimum), "max": number(parameter.maximum)}
            own = {
                "type": "fader",
                "horizontal": True,
                "range": ends,
                "typeTags": "f",
                "decimals": 3,
            }
        case Widget.SLOTS:
            slots = {str(slot): slot for slot in range(1, SLOTS + 1)}
            own = {"type": "switch", "layout": "horizontal", "mode": "tap", "values": slots, "typeTags": "i"}
        case Widget.NUMBER:
            own = {
                "type": "input",
                "numeric": True,
                "validation": "",
                "typeTags": "i" if whole else "f",
                "decimals": 0 if whole else 3,
            }
        case Widget.TOGGLE:
            own = {"type": "button", "mode": "toggle", "on": 1, "off": 0, "label": "on", "typeTags": "i"}
        case Widget.TEXT:
            own = {"type": "input", "asYouType": False, "typeTags": "s"}
        case Widget.MENU:
            values = {choice: choice for choice in parameter.choices}
            own = {"type": "switch", "layout": "horizontal", "values": values, "typeTags": "s"}
        case Widget.BUTTON:
            own = {"type": "button", "mode": "tap", "on": 1, "off": 0, "label": parameter.name, "typeTags": "i"}
    return {"type": own["type"]} | common | own


def _text(identity: str, text: str, x: int, y: int, width: int) -> dict[str, Any]:
    return {
        "type": "text",
        "id": identity,
        "left": x,
        "top": y,
        "width": width,
        "height": LINE - 8,
        "align": "left",
        "value": text,
        "default": text,
        "bypass": True,
    }
