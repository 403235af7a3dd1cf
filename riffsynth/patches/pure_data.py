"""A Pure Data patch (vanilla): every line of the file is an object or a connection between two of them."""

from __future__ import annotations

from collections.abc import Sequence

from riffsynth.parameters import Kind, Parameter
from riffsynth.patches.layout import (
    CONNECT,
    FEEDBACK_PORT,
    FLOAT32_WHOLE,
    HOST,
    OSC_PORT,
    Widget,
    label_of,
    number,
    page,
    widget_of,
)

COLUMN, LINE = 360, 34
WORKINGS_X = 1500
"""Right of the controls: what they are wired to."""
ANY = "-1e+37 1e+37"
"""The ends of a number box that has none."""
COLOURS = "-262144 -1 -1"
"""Background, foreground and label in the form that every version reads."""


def patch(table: Sequence[Parameter], osc_port: int = OSC_PORT, feedback_port: int = FEEDBACK_PORT) -> str:
    """The text of `riffsynth.pd`.

    Every control also listens to the receiver `riffsynth-NAME` (dots as dashes), so that other patches can move it.
    """
    return _Patch(table, osc_port, feedback_port).text()


def receiver_of(parameter: Parameter) -> str:
    """The name by which another patch moves the parameter's control."""
    return "riffsynth-" + parameter.name.replace(".", "-")


class _Patch:
    def __init__(self, table: Sequence[Parameter], osc_port: int, feedback_port: int) -> None:
        self._objects: list[str] = []
        self._connections: list[str] = []
        self._layout = page(table)
        self._bytes = self._obj(WORKINGS_X, 640, "list prepend send")
        self._socket = self._obj(WORKINGS_X, 700, "netsend -u -b")
        trim = self._obj(WORKINGS_X, 670, "list trim")
        self._connect(self._bytes, 0, trim)
        self._connect(trim, 0, self._socket)
        self._head(osc_port, feedback_port)
        feedback: dict[str, int] = {}
        for title, column, line in self._layout.titles:
            self._add(f"#X text {20 + column * COLUMN} {80 + line * LINE} {_words(title.upper())};")
        for place in self._layout.places:
            x, y = 20 + place.column * COLUMN, 80 + place.line * LINE
            control = self._row(place.parameter, x, y)
            if place.parameter.kind is not Kind.TRIGGER:
                feedback[place.parameter.name] = control
        self._listen(feedback, feedback_port)

    def text(self) -> str:
        return "\n".join(["#N canvas 40 40 1480 760 12;", *self._objects, *self._connections]) + "\n"

    def _head(self, osc_port: int, feedback_port: int) -> None:
        """Opens the connection when the patch is loaded, or again at a click."""
        self._add("#X text 20 20 riffsynth;")
        load = self._obj(WORKINGS_X, 20, "loadbang")
        again = self._obj(130, 20, f"bng 20 250 50 0 empty riffsynth-connect connect 26 10 0 12 {COLOURS}")
        order = self._obj(WORKINGS_X, 60, "t " + " ".join("b" * (len(CONNECT) + 2)))
        self._connect(load, 0, order)
        self._connect(again, 0, order)
        words = ["disconnect", f"connect {HOST} {osc_port}"]
        messages = [self._add(f"#X msg {WORKINGS_X + 120 * index} 100 {text};") for index, text in enumerate(words)]
        for index, message in enumerate(messages):
            self._connect(order, len(CONNECT) + 1 - index, message)  # a trigger speaks from right to left
            self._connect(message, 0, self._socket)
        for index, (address, argument) in enumerate(CONNECT):
            packed = self._obj(WORKINGS_X + 300 + 220 * index, 140, "oscformat " + _path(address))
            start = self._add(
                f"#X msg {WORKINGS_X + 300 + 220 * index} 100 {'bang' if argument is None else feedback_port};"
            )
            self._connect(order, len(CONNECT) - 1 - index, start)
            self._connect(start, 0, packed)
            self._connect(packed, 0, self._bytes)

    def _row(self, parameter: Parameter, x: int, y: int) -> int:
        """The control with its way to the socket; the index of the object that shows the value."""
        control, sources = self._control(parameter, x, y)
        packed = self._obj(WORKINGS_X + x, y + 200, "oscformat " + _path(parameter.osc_address))
        for source in sources:
            self._connect(source, 0, packed)
        self._connect(packed, 0, self._bytes)
        return control

    def _control(self, parameter: Parameter, x: int, y: int) -> tuple[int, list[int]]:
        """(object that shows the value, objects that send one)."""
        name, label = receiver_of(parameter), label_of(parameter).replace(" ", "_")
        ends = (
            f"{number(parameter.minimum)} {number(min(parameter.maximum, FLOAT32_WHOLE))}" if parameter.bounded else ANY
        )
        log = int(parameter.curve == "exponential")
        match widget_of(parameter):
            case Widget.DIAL:
                control = self._obj(x, y, f"hsl 128 18 {ends} {log} 0 empty {name} {label} 136 9 0 12 {COLOURS} 0 0")
            case Widget.NUMBER | Widget.SLOTS:
                control = self._obj(x, y, f"nbx 9 18 {ends} {log} 0 empty {name} {label} 136 9 0 12 {COLOURS} 0 256")
            case Widget.TOGGLE:
                control = self._obj(x, y, f"tgl 18 0 empty {name} {label} 136 9 0 12 {COLOURS} 0 1")
            case Widget.BUTTON:
                control = self._obj(x, y, f"bng 18 250 50 0 empty {name} {label} 136 9 0 12 {COLOURS}")
            case Widget.TEXT:
                control = self._symbol(x, y, 18, label, name)
            case Widget.MENU:
                control = self._symbol(x, y, 10, label, name)
                choices = [
                    self._add(f"#X msg {x + 190 + 70 * index} {y} symbol {choice};")
                    for index, choice in enumerate(parameter.choices)
                ]
                return control, [control, *choices]
        return control, [control]

    def _symbol(self, x: int, y: int, width: int, label: str, name: str) -> int:
        """A box for a text. One with a receiver of its own has no inlet, so the receiver stands beside it."""
        box = self._add(f"#X symbolatom {x} {y} {width} 0 0 1 {label} - - 0;")
        receiver = self._obj(WORKINGS_X + x, y + 170, f"receive {name}")
        self._connect(receiver, 0, box)
        return box

    def _listen(self, feedback: dict[str, int], port: int) -> None:
        """What riffsynth tells goes to the controls with `set`, which moves them without sending."""
        receive = self._obj(WORKINGS_X, 900, f"netreceive -u -b {port}")
        parse = self._obj(WORKINGS_X, 930, "oscparse")
        trim = self._obj(WORKINGS_X, 960, "list trim")
        root = self._obj(WORKINGS_X, 990, "route riffsynth")
        self._connect(receive, 0, parse)
        self._connect(parse, 0, trim)
        self._connect(trim, 0, root)
        self._route(root, [name.split(".") for name in feedback], list(feedback.values()), 1020)

    def _route(self, above: int, names: list[list[str]], controls: list[int], y: int) -> None:
        heads = list(dict.fromkeys(name[0] for name in names))
        route = self._obj(WORKINGS_X, y, "route " + " ".join(heads))
        self._connect(above, 0, route)
        for outlet, head in enumerate(heads):
            below = [(name[1:], control) for name, control in zip(names, controls, strict=True) if name[0] == head]
            if below[0][0]:
                inner = self._obj(WORKINGS_X + 200, y + 30 * (outlet + 1), "list trim")
                self._connect(route, outlet, inner)
                self._route(inner, [name for name, _ in below], [control for _, control in below], y + 60)
                continue
            setter = self._obj(WORKINGS_X + 400, y + 30 * (outlet + 1), "list prepend set")
            trim = self._obj(WORKINGS_X + 560, y + 30 * (outlet + 1), "list trim")
            self._connect(route, outlet, setter)
            self._connect(setter, 0, trim)
            self._connect(trim, 0, below[0][1])

    def _obj(self, x: int, y: int, text: str) -> int:
        return self._add(f"#X obj {x} {y} {text};")

    def _add(self, line: str) -> int:
        self._objects.append(line)
        return len(self._objects) - 1

    def _connect(self, source: int, outlet: int, destination: int, inlet: int = 0) -> None:
        self._connections.append(f"#X connect {source} {outlet} {destination} {inlet};")


def _path(address: str) -> str:
    """An address as oscformat takes it: the parts as words."""
    return address.strip("/").replace("/", " ")


def _words(text: str) -> str:
    return text.replace(",", " \\,").replace(";", " \\;")
