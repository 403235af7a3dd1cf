"""Devices and mapping together, as the control loop runs them."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riffsynth.control.errors import ControlError
from riffsynth.control.learned_maps import LearnedMaps
from riffsynth.control.mapping import Binding
from riffsynth.control.midi import MidiInputs
from riffsynth.control.store import ParameterStore
from riffsynth.parameters import PARAMETERS, coerce


class OneKnob:
    """A machine with one device, which can be told something as well."""

    def __init__(self):
        self.sent = []

    def names(self):
        return ["Knob 20:0"]

    def open(self, name, listener):
        self.turn = listener
        return lambda: None

    def output_names(self):
        return ["Knob 20:1"]

    def open_output(self, name):
        return self

    def send(self, data):
        self.sent.append(data)

    def close(self):
        self.sent.clear()

    def open_virtual(self, name, listener):
        raise OSError("none")


@pytest.fixture
def studio():
    store, system, lines = ParameterStore(), OneKnob(), []
    inputs = MidiInputs((), store, announce=lines.append, system=lambda: system)
    yield store, system, inputs, lines
    inputs.close()


def test_a_knob_moves_the_store_and_signs_with_its_name(studio):
    store, system, inputs, lines = studio
    changes = []
    store.listen(changes.append)
    inputs.bind([Binding(cc=1, to="alpha", takeover="jump")])
    system.turn([0xB0, 1, 127], 0.0)
    inputs.poll(0.0)
    assert [(change.name, change.value, change.source) for change in changes] == [("alpha", 1.0, "midi:Knob")]
    assert lines == ["MIDI: listening to Knob"]


def test_another_preset_brings_its_own_mapping(studio):
    store, system, inputs, _ = studio
    inputs.bind([Binding(cc=1, to="alpha", takeover="jump")])
    inputs.bind([Binding(cc=1, to="pitch", takeover="jump")])
    system.turn([0xB0, 1, 127], 0.0)
    inputs.poll(0.0)
    assert (store.get("alpha"), store.get("pitch")) == (0, 24)


def test_the_same_mapping_again_keeps_what_was_picked_up(studio):
    store, system, inputs, _ = studio
    for value in (0, 64):
        inputs.bind([Binding(cc=1, to="alpha")])
        system.turn([0xB0, 1, value], 0.0)
        inputs.poll(0.0)
    assert store.get("alpha") == 64 / 127


def test_a_device_that_asks_is_shown_the_values(studio):
    store, system, inputs, _ = studio
    inputs.bind([Binding(cc=1, to="alpha", feedback=True)])
    inputs._devices.look()
    inputs.poll(0.0)
    store.set("alpha", 1, "osc")
    inputs.poll(1.0)
    assert system.sent == [[0xB0, 1, 0], [0xB0, 1, 127]]


def no_system():
    raise ControlError("no MIDI: nothing here")


def test_without_midi_the_instrument_plays_on():
    lines = []
    inputs = MidiInputs((), ParameterStore(), announce=lines.append, system=no_system)
    inputs.poll(0.0)
    inputs.close()
    assert (lines, inputs.devices, inputs.clock_messages()) == (["no MIDI: nothing here"], [], [])


def test_none_opens_nothing_and_stands_alone():
    assert MidiInputs(("none",), ParameterStore(), system=no_system).devices == []
    with pytest.raises(ControlError, match="stands alone"):
        MidiInputs(("none", "knob"), ParameterStore(), system=no_system)


CONTROLS = [
    Binding(cc=1, to="alpha"),
    Binding(cc=2, bits=14, to="level", takeover="scale"),
    Binding(cc=3, relative="sign", to="meter"),
    Binding(note=36, to="loop_beats", mode="gate", value="0.5"),
    Binding(nrpn=129, to="tempo", curve="exponential"),
    Binding(bend=True, to="pitch"),
    Binding(pressure=True, to="speed", invert=True),
]
EVENTS = st.one_of(
    st.lists(st.integers(0, 255), max_size=4).map(lambda data: ("bytes", data)),
    st.tuples(
        st.sampled_from([0xB0, 0x90, 0x80, 0xE0, 0xD0, 0xA0, 0xC0]), st.integers(0, 127), st.integers(0, 127)
    ).map(lambda data: ("bytes", [*data][: 2 if data[0] in (0xC0, 0xD0) else 3])),
    st.sampled_from(PARAMETERS["notes"].choices).map(lambda mode: ("notes", mode)),
    st.sampled_from(["alpha", "tap", "clock"]).map(lambda name: ("learn", name)),
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(EVENTS, st.floats(0, 2)), max_size=40))
def test_whatever_devices_send_nothing_raises_and_no_value_leaves_its_range(tmp_path_factory, events):
    store, system, now = ParameterStore(), OneKnob(), 0.0
    maps = LearnedMaps(tmp_path_factory.getbasetemp() / "maps")
    inputs = MidiInputs((), store, system=lambda: system, maps=maps)
    for (what, said), pause in events:
        now += pause
        if what == "bytes":
            system.turn(said, 0.0)
        elif what == "notes":
            store.set("notes", said, "osc")
        else:
            inputs.learn((said,), now)
        inputs.bind(CONTROLS)
        inputs.poll(now)
    inputs.close()
    for name, value in store.snapshot().items():
        assert coerce(PARAMETERS[name], value) == value
