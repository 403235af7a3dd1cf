"""The JSON Schema of presets agrees with the reader about what a preset may say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from riffsynth.cli import main
from riffsynth.control.mapping import Binding
from riffsynth.control.moves import Move
from riffsynth.parameters import TABLE, Kind
from riffsynth.patches.midi_maps import CONTROLLERS, fragment
from riffsynth.patches.schema import schema
from riffsynth.recall.preset_reader import PRESET_PARAMETERS, PresetError, read_contents

PRESETS = sorted((Path(__file__).parents[2] / "presets").glob("*.yaml"))

GOOD = [
    "a: {prompt: dub bass, seed: 4}\nb: {prompt: 808}\nalpha: 0.2\ntempo: 138\nmute: no\n",
    "clock: midi\nname: x\nmidi: [{cc: 1, to: alpha}, {note: 36, to: freeze, mode: gate}]\n",
    "midi: [{cc: 7, to: level, range: [-40, 6], takeover: jump}, {program: 3, to: preset, value: dub}]\n",
    "moves: [{lfo: sine, beats: 8, to: alpha, range: [0.2, 0.8]}, {input: default, to: level}]\n",
    "moves: [{envelope: [[0, 0], [2, 1], [8, 0.5]], once: true, to: speed}]\n",
]
BAD = [
    "tempoo: 120\n",
    "alpha: 7\n",
    "a: {promt: x}\n",
    "clock: sun\n",
    "steps: 1.5\n",
    "midi: [{cc: 200, to: alpha}]\n",
    "midi: [{cc: 1, to: alhpa}]\n",
    "midi: [{cc: 1, to: alpha, curve: round}]\n",
    "moves: [{lfo: wobble, to: alpha}]\n",
    "moves: [{lfo: sine, to: a.prompt}]\n",
    "moves: [{envelope: [[0, 2], [1, 0]], to: alpha}]\n",
    "- alpha\n",
    "a: 3\n",
]


@pytest.fixture(scope="module")
def validator():
    jsonschema = pytest.importorskip("jsonschema")
    made = jsonschema.Draft202012Validator(json.loads(schema(TABLE)))
    made.check_schema(made.schema)
    return made


def test_the_command_prints_it(capsys):
    assert main(["schema"]) == 0
    assert capsys.readouterr().out == schema(TABLE)


def test_it_has_every_key_that_the_reader_takes_and_no_other():
    properties = json.loads(schema(TABLE))["properties"]
    keys = set()
    for name, value in properties.items():
        inner = value.get("properties")
        keys |= {f"{name}.{key}" for key in inner} if inner else {name}
    assert keys == {*PRESET_PARAMETERS, "name", "description", "model", "clip", "midi", "moves"}
    assert set(properties["moves"]["items"]["properties"]) == set(Move.model_fields)
    assert set(properties["midi"]["items"]["properties"]) == set(Binding.model_fields)


@pytest.mark.parametrize("parameter", TABLE, ids=lambda parameter: parameter.name)
def test_ranges_are_those_of_the_table(parameter):
    if parameter.name not in PRESET_PARAMETERS:
        return
    properties = json.loads(schema(TABLE))["properties"]
    *end, key = parameter.name.split(".")
    value = (properties[end[0]]["properties"] if end else properties)[key]
    assert value["default"] == parameter.default
    if parameter.bounded:
        assert (value["minimum"], value["maximum"]) == (parameter.minimum, parameter.maximum)
    if parameter.kind is Kind.CHOICE:
        assert value["enum"] == list(parameter.choices)


@pytest.mark.parametrize("file", PRESETS, ids=lambda file: file.stem)
def test_every_preset_is_valid(validator, file):
    validator.validate(yaml.safe_load(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize("controller", CONTROLLERS, ids=lambda controller: controller.file)
def test_every_midi_map_is_valid(validator, controller):
    validator.validate(yaml.safe_load(fragment(controller, TABLE)))


@pytest.mark.parametrize("text", GOOD)
def test_what_the_reader_takes_is_valid(validator, text):
    read_contents(text.encode(), "x")
    validator.validate(yaml.safe_load(text))


@pytest.mark.parametrize("text", BAD)
def test_what_the_reader_refuses_is_invalid(validator, text):
    with pytest.raises(PresetError):
        read_contents(text.encode(), "x")
    assert not validator.is_valid(yaml.safe_load(text))
