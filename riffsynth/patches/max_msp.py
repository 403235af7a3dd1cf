"""A Max patcher: JSON of boxes and the lines between them, and the folder that makes it a Max package."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from riffsynth import __version__
from riffsynth.parameters import Kind, Parameter
from riffsynth.patches.layout import (
    CONNECT,
    ERROR_ADDRESS,
    FEEDBACK_PORT,
    HOST,
    INT32_MAX,
    OSC_PORT,
    Widget,
    label_of,
    number,
    page,
    widget_of,
)

COLUMN, LINE = 330, 54
"""Pixels of a cell in presentation mode."""
LABEL_WIDTH = 130
WORKINGS_Y = 1100
"""Below the controls: the objects that presentation mode hides."""

UNIT_STYLE_FLOAT = 1
"""`parameter_unitstyle` of live.dial: a plain number."""


def patcher(table: Sequence[Parameter]) -> str:
    """The text of `riffsynth.maxpat`."""
    return _Patcher(table).text()


def package_info() -> str:
    """The text of `package-info.json`, which names the package to Max."""
    info = {
        "name": "riffsynth",
        "displayname": "riffsynth",
        "version": __version__,
        "author": "riffsynth",
        "description": "Plays riffsynth over OSC: every parameter, with feedback.",
        "tags": ["osc", "generative", "instrument"],
        "homepatcher": "riffsynth.maxpat",
        "max_version_min": "8.0",
        "max_version_max": "none",
        "os": {
            "macintosh": {"platform": ["ia32", "x64", "aarch64"], "min_version": "none"},
            "windows": {"platform": ["x86", "x64"], "min_version": "none"},
        },
    }
    return json.dumps(info, indent=2) + "\n"


class _Patcher:
    """Collects boxes and lines while the objects are laid out."""

    def __init__(self, table: Sequence[Parameter]) -> None:
        self._boxes: list[dict[str, Any]] = []
        self._lines: list[dict[str, Any]] = []
        self._layout = page(table)
        send = self._object(f"udpsend {HOST} {OSC_PORT}", 1, 0, 40, WORKINGS_Y + 300)
        receive = self._object(f"udpreceive {FEEDBACK_PORT}", 1, 1, 40, WORKINGS_Y)
        told = [place.parameter for place in self._layout.places if place.parameter.kind is not Kind.TRIGGER]
        routes = [parameter.osc_address for parameter in told] + [ERROR_ADDRESS]
        route = self._object("route " + " ".join(routes), 1, len(routes) + 1, 40, WORKINGS_Y + 30)
        self._line(receive, 0, route, 0)
        self._head(send, route, len(told))
        for title, column, line in self._layout.titles:
            self._comment(title, column * COLUMN + 20, line * LINE + 90, 200, bold=True)
        for place in self._layout.places:
            x, y = place.column * COLUMN + 20, place.line * LINE + 90
            outlet = told.index(place.parameter) if place.parameter in told else None
            self._row(place.parameter, x, y, send, route, outlet)

    def text(self) -> str:
        version = {"major": 8, "minor": 5, "revision": 0, "architecture": "x64", "modernui": 1}
        patcher = {
            "fileversion": 1,
            "appversion": version,
            "classnamespace": "box",
            "rect": [60.0, 60.0, 40.0 + COLUMN * self._layout.columns, 140.0 + LINE * self._layout.lines],
            "bglocked": 0,
            "openinpresentation": 1,
            "default_fontsize": 12.0,
            "default_fontface": 0,
            "default_fontname": "Arial",
            "gridonopen": 1,
            "gridsize": [15.0, 15.0],
            "gridsnaponopen": 1,
            "boxes": self._boxes,
            "lines": self._lines,
            "dependency_cache": [],
            "autosave": 0,
        }
        return json.dumps({"patcher": patcher}, indent=1) + "\n"

    def _head(self, send: str, route: str, error_outlet: int) -> None:
        """The title, the connect button with what it sends, and the line that shows errors."""
        self._comment("riffsynth", 20, 16, 120, bold=True, size=20.0)
        load = self._object("loadbang", 1, 1, 300, WORKINGS_Y, ["bang"])
        button = self._box("button", 1, 1, 150, 20, 24, 24, ["bang"], shown=True, hint="Connect again")
        self._comment("connect (after riffsynth was started again)", 180, 22, 260)
        order = self._object("t " + " ".join("b" * len(CONNECT)), 1, len(CONNECT), 300, WORKINGS_Y + 30)
        self._line(load, 0, button, 0)
        self._line(button, 0, order, 0)
        for index, (address, argument) in enumerate(CONNECT):
            words = address if argument is None else f"{address} {argument}"
            message = self._message(words, 300 + 180 * index, WORKINGS_Y + 60)
            self._line(order, len(CONNECT) - 1 - index, message, 0)  # a trigger speaks from right to left
            self._line(message, 0, send, 0)
        setter = self._object("prepend set", 1, 1, 40, WORKINGS_Y + 120)
        shown = self._box("message", 2, 1, 450, 20, 700, 22, [""], shown=True, text="")
        self._line(route, error_outlet, setter, 0)
        self._line(setter, 0, shown, 0)

    def _row(self, parameter: Parameter, x: int, y: int, send: str, route: str, outlet: int | None) -> None:
        self._comment(label_of(parameter), x, y, LABEL_WIDTH)
        control, value_outlet = self._control(parameter, x + LABEL_WIDTH, y)
        source = control
        if parameter.kind is Kind.TRIGGER:
            last = self._message(parameter.osc_address, x, y + WORKINGS_Y + 400)
        else:
            if parameter.kind is Kind.TEXT:
                source = self._object("route text", 1, 2, x, y + WORKINGS_Y + 400)
                self._line(control, 0, source, 0)
            last = self._object(f"prepend {parameter.osc_address}", 1, 1, x, y + WORKINGS_Y + 424)
        self._line(source, value_outlet, last, 0)
        self._line(last, 0, send, 0)
        if outlet is not None:
            words = "prepend setsymbol" if parameter.kind is Kind.CHOICE else "prepend set"
            setter = self._object(words, 1, 1, x + 170, y + WORKINGS_Y + 424)
            self._line(route, outlet, setter, 0)
            self._line(setter, 0, control, 0)

    def _control(self, parameter: Parameter, x: int, y: int) -> tuple[str, int]:
        """The box of a parameter's control, and the outlet that its value leaves by."""
        name = "riffsynth." + parameter.name
        common: dict[str, Any] = {
            "shown": True,
            "varname": name,
            "hint": parameter.description,
            "annotation": parameter.description,
        }
        match widget_of(parameter):
            case Widget.DIAL:
                attributes = {
                    "parameter_longname": name,
                    "parameter_shortname": parameter.name,
                    "parameter_type": 0,
                    "parameter_unitstyle": UNIT_STYLE_FLOAT,
                    "parameter_mmin": float(parameter.minimum),
                    "parameter_mmax": float(parameter.maximum),
                    "parameter_initial": [parameter.default],
                    "parameter_initial_enable": 0,
                    "parameter_invisible": 1,
                }
                return self._box(
                    *("live.dial", 1, 2, x, y, 44, 48, ["", "float"]),
                    parameter_enable=1,
                    showname=0,
                    saved_attribute_attributes={"valueof": attributes},
                    **common,
                ), 0
            case Widget.NUMBER | Widget.SLOTS:
                whole = parameter.kind is Kind.INT
                limits: dict[str, Any] = {
                    key: number(limit) for key, limit in _limits(parameter).items() if not whole or limit <= INT32_MAX
                }
                kind = "number" if whole else "flonum"
                outlets = ["", "bang"]
                return self._box(kind, 1, 2, x, y, 90, 22, outlets, parameter_enable=0, **limits, **common), 0
            case Widget.TOGGLE:
                return self._box("toggle", 1, 1, x, y, 24, 24, ["int"], parameter_enable=0, **common), 0
            case Widget.TEXT:
                extra: dict[str, Any] = {"keymode": 1, "outputmode": 1, "lines": 2, "parameter_enable": 0, "text": ""}
                return self._box("textedit", 1, 4, x, y, 170, 40, ["", "int", "", ""], **extra, **common), 0
            case Widget.MENU:
                items = [item for choice in parameter.choices for item in (choice, ",")][:-1]
                return self._box(
                    "umenu", 1, 3, x, y, 110, 22, ["int", "", ""], items=items, parameter_enable=0, **common
                ), 1
            case Widget.BUTTON:
                return self._box("button", 1, 1, x, y, 30, 30, ["bang"], parameter_enable=0, **common), 0

    def _object(
        self, text: str, inlets: int, outlets: int, x: int, y: int, outlettype: Sequence[str] | None = None
    ) -> str:
        kinds = list(outlettype or ("bang" if text.startswith("t b") else "" for _ in range(outlets)))
        return self._box("newobj", inlets, outlets, x, y, min(900, 12 + 7 * len(text)), 22, kinds, text=text)

    def _message(self, text: str, x: int, y: int) -> str:
        return self._box("message", 2, 1, x, y, 12 + 7 * len(text), 22, [""], text=text)

    def _comment(self, text: str, x: int, y: int, width: int, bold: bool = False, size: float = 12.0) -> None:
        face = {"fontface": 1} if bold else {}
        self._box("comment", 1, 0, x, y, width, int(size * 1.7), [], shown=True, text=text, fontsize=size, **face)

    def _box(
        self,
        maxclass: str,
        inlets: int,
        outlets: int,
        x: int,
        y: int,
        width: int,
        height: int,
        outlettype: Sequence[str],
        shown: bool = False,
        **attributes: Any,
    ) -> str:
        rectangle = [float(edge) for edge in (x, y, width, height)]
        box: dict[str, Any] = {
            "id": f"obj-{len(self._boxes) + 1}",
            "maxclass": maxclass,
            "numinlets": inlets,
            "numoutlets": outlets,
            "patching_rect": rectangle,
        }
        if outlets:
            box["outlettype"] = list(outlettype)
        if shown:
            box |= {"presentation": 1, "presentation_rect": rectangle}
        self._boxes.append({"box": box | attributes})
        return str(box["id"])

    def _line(self, source: str, outlet: int, destination: str, inlet: int) -> None:
        self._lines.append({"patchline": {"source": [source, outlet], "destination": [destination, inlet]}})


def _limits(parameter: Parameter) -> dict[str, float]:
    return {"minimum": parameter.minimum, "maximum": parameter.maximum} if parameter.bounded else {}
