"""The Max patcher as a graph: every control leads to the socket, and what comes back leads to every control."""

from __future__ import annotations

import json

import pytest

from riffsynth.parameters import TABLE, Kind
from riffsynth.patches.max_msp import package_info, patcher

CLASSES = {Kind.BOOL: "toggle", Kind.TEXT: "textedit", Kind.CHOICE: "umenu", Kind.TRIGGER: "button", Kind.INT: "number"}


class Graph:
    def __init__(self) -> None:
        document = json.loads(patcher(TABLE))["patcher"]
        self.boxes = {box["box"]["id"]: box["box"] for box in document["boxes"]}
        self.lines = [
            (tuple(line["patchline"]["source"]), tuple(line["patchline"]["destination"])) for line in document["lines"]
        ]

    def after(self, identity, outlet=None):
        return [to for (source, out), (to, _) in self.lines if source == identity and outlet in (None, out)]

    def text(self, identity):
        return self.boxes[identity].get("text", self.boxes[identity]["maxclass"])

    def one(self, start):
        (found,) = [identity for identity in self.boxes if self.text(identity).startswith(start)]
        return found


@pytest.fixture(scope="module")
def graph():
    return Graph()


def test_every_line_joins_an_outlet_to_an_inlet(graph):
    assert len(graph.lines) > 3 * len(TABLE)
    for (source, outlet), (destination, inlet) in graph.lines:
        assert 0 <= outlet < graph.boxes[source]["numoutlets"]
        assert 0 <= inlet < graph.boxes[destination]["numinlets"]
    for box in graph.boxes.values():
        assert len(box.get("outlettype", [])) == box["numoutlets"]


@pytest.mark.parametrize("parameter", TABLE, ids=lambda parameter: parameter.name)
def test_a_control_sends_its_address_and_follows_what_comes_back(graph, parameter):
    send, route = graph.one("udpsend 127.0.0.1 9000"), graph.one("route /riffsynth")
    (control,) = [key for key, box in graph.boxes.items() if box.get("varname") == f"riffsynth.{parameter.name}"]
    assert graph.boxes[control]["maxclass"] in (CLASSES.get(parameter.kind), "live.dial", "flonum")
    assert graph.boxes[control]["presentation"] == 1
    (last,) = graph.after(control)
    if parameter.kind is Kind.TEXT:
        assert graph.text(last) == "route text"
        (last,) = graph.after(last, 0)
    assert graph.text(last) in (parameter.osc_address, f"prepend {parameter.osc_address}")
    assert graph.after(last) == [send]
    if parameter.kind is not Kind.TRIGGER:
        outlet = graph.text(route).split().index(parameter.osc_address) - 1
        (setter,) = graph.after(route, outlet)
        assert graph.text(setter).startswith("prepend set")  # without sending it again
        assert graph.after(setter) == [control]


def test_a_dial_has_the_range_of_its_parameter(graph):
    (dial,) = [box for box in graph.boxes.values() if box.get("varname") == "riffsynth.level"]
    attributes = dial["saved_attribute_attributes"]["valueof"]
    assert (attributes["parameter_mmin"], attributes["parameter_mmax"]) == (-60.0, 12.0)


def test_it_asks_for_feedback_when_loaded(graph):
    order = graph.after(graph.after(graph.one("loadbang"))[0])[0]
    said = [graph.text(identity) for outlet in (1, 0) for identity in graph.after(order, outlet)]
    assert said == ["/riffsynth/notify 9001", "/riffsynth/refresh"]
    assert graph.after(graph.one("udpreceive 9001")) == [graph.one("route /riffsynth")]


def test_the_package_names_itself():
    assert json.loads(package_info())["name"] == "riffsynth"
