"""A TouchOSC layout (the current TouchOSC, whose `.tosc` files are zlib-compressed XML).

The elements and their order are those that TouchOSC's own editor writes.
"""

from __future__ import annotations

import uuid
import zlib
from collections.abc import Sequence
from xml.sax.saxutils import escape

from riffsynth.parameters import Kind, Parameter
from riffsynth.patches.layout import CONNECT, SLOTS, Widget, label_of, number, page, widget_of

COLUMN, LINE = 256, 44
LABEL_WIDTH = 112
COLUMNS = 4
HEAD = 1
"""Lines above the parameters, for the connect button."""
FADER_TOP = 9999
"""A fader over 32 bits would be a lottery: of a wide range of whole numbers it covers this much."""

_NAMESPACE = uuid.UUID("6b1d5f2e-5a83-4d0c-8f5e-5d2c7d1f9a10")
"""Node ids are derived from names, so that the same table makes the same file."""
_COLOURS = {
    Widget.DIAL: (0.0, 0.6, 0.8),
    Widget.NUMBER: (0.5, 0.5, 0.8),
    Widget.TOGGLE: (0.9, 0.6, 0.1),
    Widget.TEXT: (0.15, 0.15, 0.15),
    Widget.MENU: (0.4, 0.7, 0.3),
    Widget.SLOTS: (0.4, 0.7, 0.3),
    Widget.BUTTON: (0.8, 0.2, 0.2),
}
_CONNECT = (0.2, 0.7, 0.3)
_TOGGLE_PRESS, _MOMENTARY = 2, 0
"""`buttonType`."""
_EAST = 1
"""`orientation` of a fader that lies on its side."""


def layout(table: Sequence[Parameter]) -> bytes:
    """The bytes of `riffsynth.tosc`."""
    return zlib.compress(xml(table).encode(), 9)


def xml(table: Sequence[Parameter]) -> str:
    """What is inside the layout."""
    grid = page(table, COLUMNS)
    children = [_button("connect", "connect", _frame(0, 0, 0, LABEL_WIDTH), _colour("color", _CONNECT), _connect())]
    for title, column, line in grid.titles:
        children.append(_label(f"title {title}", title.upper(), _frame(column, line + HEAD, 0, COLUMN - 8), 18))
    for place in grid.places:
        frame = _frame(place.column, place.line + HEAD, 0, LABEL_WIDTH - 4)
        children.append(_label(f"label {place.parameter.name}", label_of(place.parameter), frame, 12))
        children += _controls(place.parameter, place.column, place.line + HEAD)
    frame = (0, 0, COLUMN * COLUMNS, LINE * (grid.lines + HEAD))
    properties = [_colour("color", (0.0, 0.0, 0.0)), _property("b", "outline", 0)]
    root = _node("GROUP", "riffsynth", frame, properties, [("touch", "false")], "", "".join(children))
    return f"<?xml version='1.0' encoding='UTF-8'?><lexml version='3'>{root}</lexml>"


def _frame(column: int, line: int, left: int, width: int) -> tuple[int, int, int, int]:
    return column * COLUMN + 4 + left, line * LINE + 4, width, LINE - 8


def _connect() -> str:
    """The messages of the connect button."""
    messages = []
    for address, argument in CONNECT:
        told = "" if argument is None else _partial("CONSTANT", "INTEGER", str(argument), 0, 1)
        messages.append(_message(address, "x", "RISE", told, receive=False))
    return "".join(messages)


def _controls(parameter: Parameter, column: int, line: int) -> list[str]:
    widget = widget_of(parameter)
    name, address, colour = parameter.name, parameter.osc_address, _colour("color", _COLOURS[widget])
    width = COLUMN - LABEL_WIDTH - 8
    frame = _frame(column, line, LABEL_WIDTH, width)
    match widget:
        case Widget.DIAL | Widget.NUMBER:
            whole = parameter.kind is Kind.INT
            low, top = max(parameter.minimum, -FADER_TOP), min(parameter.maximum, FADER_TOP)
            argument = _partial("VALUE", "INTEGER" if whole else "FLOAT", "x", low, top)
            start = (float(parameter.default) - low) / (top - low)
            properties = [colour, _property("i", "orientation", _EAST)]
            values = [("touch", "false"), ("x", f"{number(round(start, 6))}")]
            return [_node("FADER", name, frame, properties, values, _message(address, "x", "ANY", argument))]
        case Widget.TOGGLE:
            properties = [colour, _property("i", "buttonType", _TOGGLE_PRESS)]
            message = _message(address, "x", "ANY", _partial("VALUE", "INTEGER", "x", 0, 1))
            return [_node("BUTTON", name, frame, properties, [("touch", "false"), ("x", "0")], message)]
        case Widget.TEXT:
            message = _message(address, "text", "ANY", _partial("VALUE", "STRING", "text", 0, 1))
            properties = [colour, _text_size(14)]
            return [_node("TEXT", name, frame, properties, [("touch", "false"), ("text", "")], message)]
        case Widget.MENU:
            return _side_by_side(parameter, column, line, "STRING", parameter.choices)
        case Widget.SLOTS:
            return _side_by_side(parameter, column, line, "INTEGER", [str(slot) for slot in range(1, SLOTS + 1)])
        case Widget.BUTTON:
            message = _message(address, "x", "RISE", _partial("CONSTANT", "INTEGER", "1", 0, 1), receive=False)
            return [_button(name, "", frame, colour, message)]


def _side_by_side(parameter: Parameter, column: int, line: int, conversion: str, values: Sequence[str]) -> list[str]:
    """A button for each of the values."""
    colour, part = _colour("color", _COLOURS[widget_of(parameter)]), (COLUMN - LABEL_WIDTH - 8) // len(values)
    return [
        _button(
            f"{parameter.name} {value}",
            value,
            _frame(column, line, LABEL_WIDTH + index * part, part - 2),
            colour,
            _message(parameter.osc_address, "x", "RISE", _partial("CONSTANT", conversion, value, 0, 1), receive=False),
        )
        for index, value in enumerate(values)
    ]


def _button(name: str, caption: str, frame: tuple[int, int, int, int], colour: str, message: str) -> str:
    properties = [colour, _property("i", "buttonType", _MOMENTARY)]
    button = _node("BUTTON", name, frame, properties, [("touch", "false"), ("x", "0")], message)
    return button + (_label(f"caption {name}", caption, frame, 12) if caption else "")


def _label(name: str, text: str, frame: tuple[int, int, int, int], size: int) -> str:
    properties = [
        _property("b", "background", 0),
        _colour("color", (0.0, 0.0, 0.0)),
        _property("b", "interactive", 0),
        _property("b", "outline", 0),
        _text_size(size),
        _colour("textColor", (1.0, 1.0, 1.0)),
    ]
    return _node("LABEL", name, frame, properties, [("touch", "false"), ("text", text)])


def _node(
    kind: str,
    name: str,
    frame: tuple[int, int, int, int],
    properties: Sequence[str],
    values: Sequence[tuple[str, str]],
    message: str = "",
    children: str = "",
) -> str:
    identity = uuid.uuid5(_NAMESPACE, f"{kind} {name}")
    x, y, width, height = frame
    rectangle = f"<x>{x}</x><y>{y}</y><w>{width}</w><h>{height}</h>"
    listed = [*properties, _property("r", "frame", rectangle), _property("s", "name", name)]
    told = "".join(
        f"<value><key>{_cdata(key)}</key><locked>0</locked><lockedDefaultCurrent>0</lockedDefaultCurrent>"
        f"<default>{_cdata(default)}</default><defaultPull>0</defaultPull></value>"
        for key, default in values
    )
    inner = f"<properties>{''.join(listed)}</properties><values>{told}</values>"
    if message:
        inner += f"<messages>{message}</messages>"
    if children:
        inner += f"<children>{children}</children>"
    return f"<node ID='{identity}' type='{kind}'>{inner}</node>"


def _text_size(size: int) -> str:
    return _property("i", "textSize", size)


def _property(kind: str, key: str, value: object) -> str:
    shown = _cdata(str(value)) if kind == "s" else str(value)
    return f"<property type='{kind}'><key>{_cdata(key)}</key><value>{shown}</value></property>"


def _colour(key: str, rgb: tuple[float, float, float]) -> str:
    red, green, blue = rgb
    return _property("c", key, f"<r>{red}</r><g>{green}</g><b>{blue}</b><a>1</a>")


def _message(address: str, variable: str, condition: str, argument: str, receive: bool = True) -> str:
    """An OSC message sent when `variable` changes; on TouchOSC's first connection."""
    return (
        f"<osc><enabled>1</enabled><send>1</send><receive>{int(receive)}</receive><feedback>0</feedback>"
        "<connections>00001</connections>"
        f"<triggers><trigger><var>{_cdata(variable)}</var><condition>{condition}</condition></trigger></triggers>"
        f"<path>{_partial('CONSTANT', 'STRING', address, 0, 1)}</path><arguments>{argument}</arguments></osc>"
    )


def _partial(kind: str, conversion: str, value: str, low: float, high: float) -> str:
    return (
        f"<partial><type>{kind}</type><conversion>{conversion}</conversion><value>{_cdata(value)}</value>"
        f"<scaleMin>{number(low)}</scaleMin><scaleMax>{number(high)}</scaleMax></partial>"
    )


def _cdata(text: str) -> str:
    return f"<![CDATA[{text}]]>" if "]]>" not in text else escape(text)
