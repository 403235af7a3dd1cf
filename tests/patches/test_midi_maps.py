"""The maps for controllers load as presets, and their controls do what the file says."""

from __future__ import annotations

from collections import Counter

import mido
import pytest

from riffsynth.control.midi_mapper import MidiMapper
from riffsynth.parameters import PARAMETERS, TABLE
from riffsynth.patches.midi_maps import CONTROLLERS, fragment
from riffsynth.recall.preset import load_preset

BY_FILE = {controller.file: controller for controller in CONTROLLERS}


@pytest.fixture(params=BY_FILE)
def bindings(request, tmp_path):
    file = tmp_path / request.param
    file.write_text(fragment(BY_FILE[request.param], TABLE))
    return load_preset(file).midi


def test_there_are_five():
    assert len(BY_FILE) == 5


def test_each_loads_as_a_preset_with_every_binding(bindings):
    names = Counter(binding.to for binding in bindings)
    assert {"alpha", "level", "mute", "freeze", "play", "stop", "tap", "panic"} <= set(names)
    assert {"next", "previous", "undo", "redo"} <= set(names)
    snapshots = [binding.value for binding in bindings if binding.to == "snapshot"]
    assert len(snapshots) >= 4 and snapshots == [str(number) for number in range(1, len(snapshots) + 1)]
    assert max(count for name, count in names.items() if not name.startswith("snapshot")) == 1
    assert len({binding.device for binding in bindings}) == 1 and bindings[0].device


def test_no_control_moves_two_things(bindings):
    controls = Counter((binding.cc, binding.note, binding.channel) for binding in bindings)
    assert max(controls.values()) == 1
    for binding in bindings:  # one that listens to all channels must be alone on its number
        if binding.channel is None:
            assert sum((each.cc, each.note) == (binding.cc, binding.note) for each in bindings) == 1


def test_the_ends_of_each_control_are_in_range(bindings):
    for binding in bindings:
        parameter = PARAMETERS[binding.to]
        if parameter.bounded:
            assert all(parameter.minimum <= binding.value_at(end) <= parameter.maximum for end in (0.0, 1.0))


def test_the_fader_of_a_nanokontrol_walks_from_end_to_end(tmp_path):
    file = tmp_path / "nano.yaml"
    file.write_text(fragment(BY_FILE["nanokontrol2.yaml"], TABLE))
    values = {parameter.name: parameter.default for parameter in TABLE}
    mapper = MidiMapper(load_preset(file).midi, values.__getitem__)
    for position in (0, 127):
        message = mido.Message("control_change", control=0, value=position, channel=0)
        values |= dict(mapper.handle(message, "nanoKONTROL2:nanoKONTROL2 _ CTRL 20:0"))
    assert values["alpha"] == 1.0


def test_what_has_no_control_is_named():
    text = fragment(BY_FILE["x-touch-mini.yaml"], TABLE)
    head = text.partition("midi:")[0]
    assert "a.prompt" in head and "a.strength" not in head
