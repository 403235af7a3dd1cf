"""The tree that OSCQuery describes: the table of parameters, row by row."""

import json

import pytest

from riffsynth.control.osc_codec import OscMessage, decode, encode_as
from riffsynth.control.store import ParameterStore
from riffsynth.parameters import TABLE, Kind
from riffsynth.web import oscquery

VALUES = ParameterStore().snapshot()


def leaves(node):
    if "CONTENTS" not in node:
        return {node["FULL_PATH"]: node}
    return {path: leaf for child in node["CONTENTS"].values() for path, leaf in leaves(child).items()}


@pytest.mark.parametrize("parameter", TABLE, ids=lambda parameter: parameter.name)
def test_every_row_of_the_table_is_a_node_with_what_the_row_says(parameter):
    node = leaves(oscquery.node("/", VALUES))[parameter.osc_address]
    assert node["DESCRIPTION"] == parameter.description
    if parameter.kind is Kind.TRIGGER:
        assert (node["TYPE"], node["ACCESS"]) == ("I", 2)
        assert "VALUE" not in node
    else:
        assert node["ACCESS"] == 3
        assert node["VALUE"] == [parameter.default]
        assert node["TYPE"] == {"float": "f", "bool": "T", "text": "s", "choice": "s", "int": "i"}.get(
            parameter.kind.value
        ) or (node["TYPE"] == "h" and parameter.maximum > 2**31)
    if parameter.bounded:
        assert node["RANGE"] == [{"MIN": parameter.minimum, "MAX": parameter.maximum}]
    if parameter.choices:
        assert node["RANGE"] == [{"VALS": list(parameter.choices)}]
    assert ("UNIT" in node) == bool(parameter.unit)


def test_a_parameter_with_a_range_has_a_twin_in_0_to_1():
    twins = {path for path in leaves(oscquery.node("/", VALUES)) if path.startswith("/riffsynth/norm/")}
    assert twins == {parameter.norm_address for parameter in TABLE if parameter.norm_address}
    tempo = oscquery.node("/riffsynth/norm/tempo", VALUES)
    assert (tempo["TYPE"], tempo["RANGE"]) == ("f", [{"MIN": 0.0, "MAX": 1.0}])
    assert tempo["VALUE"] == [pytest.approx((120 - 20) / 380)]


def test_paths_lead_to_nodes_and_every_node_says_its_own_path():
    def walk(node):
        assert oscquery.node(node["FULL_PATH"], VALUES) == node
        for name, child in node.get("CONTENTS", {}).items():
            assert child["FULL_PATH"].rsplit("/", 1)[1] == name
            walk(child)

    walk(oscquery.node("/", VALUES))
    assert oscquery.node("/riffsynth/alph", VALUES) is None
    assert oscquery.node("/riffsynth/", VALUES) == oscquery.node("/riffsynth", VALUES)
    json.dumps(oscquery.node("/", VALUES), allow_nan=False)


def test_an_attribute_that_a_node_has_is_answered_alone():
    node = oscquery.node("/riffsynth/level", VALUES)
    assert oscquery.attribute(node, "UNIT") == {"UNIT": ["gain.db"]}
    assert oscquery.attribute(oscquery.node("/riffsynth/panic", VALUES), "VALUE") is None


@pytest.mark.parametrize(
    ("tag", "value", "args"),
    [("f", 0.5, (0.5,)), ("i", 7, (7,)), ("h", 2**32 - 1, (2**32 - 1,)), ("s", "dub", ("dub",)), ("T", 1, (True,))]
    + [("T", False, (False,))],
)
def test_values_travel_with_the_type_that_was_promised(tag, value, args):
    packet = encode_as("/riffsynth/x", tag, value)
    assert decode(packet) == OscMessage("/riffsynth/x", args)
    assert len(packet) % 4 == 0
