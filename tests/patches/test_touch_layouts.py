"""The layouts for TouchOSC and Open Stage Control: each parameter's control, its range, and the way back."""

from __future__ import annotations

import json
import zlib
from xml.etree import ElementTree

import pytest

from riffsynth.parameters import TABLE, Kind
from riffsynth.patches.layout import SLOTS, Widget, widget_of
from riffsynth.patches.open_stage_control import session
from riffsynth.patches.touchosc import FADER_TOP, layout


@pytest.fixture(scope="module")
def root():
    return ElementTree.fromstring(zlib.decompress(layout(TABLE)))


def messages(root, address):
    """(node, message) of the controls that send to `address`."""
    return [
        (node, message)
        for node in root.iter("node")
        for message in node.findall("messages/osc")
        if message.findtext("path/partial/value") == address
    ]


@pytest.mark.parametrize("parameter", TABLE, ids=lambda parameter: parameter.name)
def test_touchosc_has_a_control_for_every_parameter(root, parameter):
    found = messages(root, parameter.osc_address)
    slots = widget_of(parameter) is Widget.SLOTS
    assert len(found) == (SLOTS if slots else max(1, len(parameter.choices)))
    node, message = found[0]
    argument = message.find("arguments/partial")
    if slots:
        sent = [message.find("arguments/partial") for _, message in found]
        assert [(each.findtext("conversion"), each.findtext("value")) for each in sent] == [
            ("INTEGER", str(number)) for number in range(1, SLOTS + 1)
        ]
    elif parameter.kind in (Kind.FLOAT, Kind.INT):
        assert node.get("type") == "FADER"
        assert float(argument.findtext("scaleMin")) == parameter.minimum
        assert float(argument.findtext("scaleMax")) == min(parameter.maximum, FADER_TOP)
        assert argument.findtext("conversion") == {"float": "FLOAT", "int": "INTEGER"}[parameter.kind.value]
    if parameter.kind is Kind.CHOICE:
        sent = [message.findtext("arguments/partial/value") for _, message in found]
        assert sent == list(parameter.choices)
    shows_a_value = parameter.kind not in (Kind.CHOICE, Kind.TRIGGER) and not slots
    assert message.findtext("receive") == str(int(shows_a_value))


def test_touchosc_nodes_have_ids_of_their_own_and_lie_on_the_page(root):
    nodes = list(root.iter("node"))
    assert len({node.get("ID") for node in nodes}) == len(nodes)
    frames = []
    for node in nodes:
        (frame,) = [each for each in node.findall("properties/property") if each.findtext("key") == "frame"]
        frames.append([int(frame.findtext(f"value/{edge}")) for edge in "xywh"])
    _, _, width, height = frames[0]
    assert all(x >= 0 and y >= 0 and x + w <= width and y + h <= height for x, y, w, h in frames)


def test_touchosc_connects_at_a_press(root):
    (node, message) = messages(root, "/riffsynth/notify")[0]
    assert message.findtext("arguments/partial/value") == "9001"
    assert messages(root, "/riffsynth/refresh")[0][0] is node


WIDGETS = {Kind.BOOL: "button", Kind.TEXT: "input", Kind.CHOICE: "switch", Kind.TRIGGER: "button", Kind.INT: "input"}


@pytest.mark.parametrize("parameter", TABLE, ids=lambda parameter: parameter.name)
def test_open_stage_control_has_a_widget_for_every_parameter(parameter):
    widgets = json.loads(session(TABLE))["content"]["widgets"]
    (widget,) = [each for each in widgets if each.get("address") == parameter.osc_address]
    kinds = ("switch",) if widget_of(parameter) is Widget.SLOTS else (WIDGETS.get(parameter.kind), "fader", "input")
    assert widget["type"] in kinds
    assert widget["target"] == "127.0.0.1:9000"
    if widget["type"] == "fader":
        assert widget["range"] == {"min": parameter.minimum, "max": parameter.maximum}
    assert "default" not in widget  # opening it must not move the instrument


def test_open_stage_control_asks_for_feedback_when_it_opens():
    content = json.loads(session(TABLE))["content"]
    assert "/riffsynth/notify" in content["onCreate"] and "9001" in content["onCreate"]
    assert "/riffsynth/refresh" in content["onCreate"]
    ids = [widget["id"] for widget in content["widgets"]]
    assert len(set(ids)) == len(ids)
