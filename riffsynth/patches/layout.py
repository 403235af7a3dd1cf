"""What every patch shares: ports, which control fits which parameter, and where it stands on the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from riffsynth.parameters import ALWAYS_EVENTS, Acts, Kind, Parameter
from riffsynth.performance.options import DEFAULT_OSC_PORT

HOST = "127.0.0.1"
OSC_PORT = DEFAULT_OSC_PORT
"""Where riffsynth listens."""
FEEDBACK_PORT = 9001
"""Where a patch listens for what changed elsewhere."""
CONNECT = (("/riffsynth/notify", FEEDBACK_PORT), ("/riffsynth/refresh", None))
"""What a patch says when it opens: tell me of every change here, and what the values are now."""
ERROR_ADDRESS = "/riffsynth/error"

INT32_MAX = 2**31 - 1
"""The greatest whole number that OSC's `i`, and the boxes of most programs, hold."""
FLOAT32_WHOLE = 2**24
"""Up to here every whole number is exact in programs that count in 32-bit floats."""
SLOTS = 8
"""Buttons shown for numbered places, where buttons are what a program has; the others have a box for the number."""
DIAL_SPAN = 200.0
"""A dial has some hundred positions: a wider range is typed or dragged as a number."""


class Widget(Enum):
    """A kind of control that every program has in some form."""

    DIAL = "dial"
    NUMBER = "number"
    TOGGLE = "toggle"
    TEXT = "text"
    MENU = "menu"
    BUTTON = "button"
    SLOTS = "slots"
    """Numbered places, such as snapshots, each of which is chosen with one touch."""


_OF_KIND = {
    Kind.BOOL: Widget.TOGGLE,
    Kind.TEXT: Widget.TEXT,
    Kind.CHOICE: Widget.MENU,
    Kind.TRIGGER: Widget.BUTTON,
}


def widget_of(parameter: Parameter) -> Widget:
    """The control for `parameter`."""
    if parameter.kind in _OF_KIND:
        return _OF_KIND[parameter.kind]
    if parameter.kind is Kind.INT and parameter.name in ALWAYS_EVENTS:
        return Widget.SLOTS
    dial = parameter.kind is Kind.FLOAT and parameter.bounded and parameter.maximum - parameter.minimum <= DIAL_SPAN
    return Widget.DIAL if dial else Widget.NUMBER


def label_of(parameter: Parameter) -> str:
    """A short name with its unit: "clock offset (ms)"."""
    name = parameter.name.replace(".", " ").replace("_", " ")
    return f"{name} ({parameter.unit})" if parameter.unit else name


def number(value: float) -> int | float:
    """`value` as an int where it is whole, so that files read 4 and not 4.0."""
    return int(value) if value == int(value) else value


@dataclass(frozen=True, slots=True)
class Section:
    """Parameters that stand together under a title."""

    title: str
    rows: tuple[Parameter, ...]


_TITLES = {
    Acts.NOW: "Now",
    Acts.BOTH: "Between the ends",
    Acts.CLIP: "Next clip",
    Acts.INSTRUMENT: "Instrument",
    Acts.TIME: "Time",
}


def sections(table: Iterable[Parameter]) -> list[Section]:
    """The table in groups: each end, then by when a value is heard; the table's order within each."""
    groups: dict[str, list[Parameter]] = {}
    for parameter in table:
        end = parameter.name.partition(".")[0] if "." in parameter.name else ""
        groups.setdefault(f"End {end.upper()}" if end else _TITLES[parameter.acts], []).append(parameter)
    return [Section(title, tuple(rows)) for title, rows in groups.items()]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a parameter's row stands: column and line of a grid, from 0."""

    parameter: Parameter
    column: int
    line: int


@dataclass(frozen=True, slots=True)
class Page:
    """A whole layout: titles and rows on a grid of cells."""

    titles: tuple[tuple[str, int, int], ...]
    """(title, column, line)."""
    places: tuple[Place, ...]
    columns: int
    lines: int


def page(table: Sequence[Parameter], columns: int = 4) -> Page:
    """The sections in `columns` columns of about the same height, none of them broken."""
    heights = [0] * columns
    titles: list[tuple[str, int, int]] = []
    places: list[Place] = []
    for section in sections(table):
        column = heights.index(min(heights))
        titles.append((section.title, column, heights[column]))
        for offset, parameter in enumerate(section.rows, 1):
            places.append(Place(parameter, column, heights[column] + offset))
        heights[column] += len(section.rows) + 2
    return Page(tuple(titles), tuple(places), columns, max(heights))
