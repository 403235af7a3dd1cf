"""MIDI devices that come and go, without any hardware."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from real_parts import need_rtmidi

from riffsynth.control.errors import ControlError
from riffsynth.control.midi_devices import MidiDevices, answering_port, is_wanted, plain_name
from riffsynth.control.midi_ports import API_VARIABLE, rtmidi_system
from riffsynth.timing.clock import ManualClock
from riffsynth.timing.midi_clock import ClockMessage

NANO = "nanoKONTROL2:nanoKONTROL2 MIDI 1 20:0"


class Studio:
    """A machine whose cables the test plugs."""

    def __init__(self, *names, virtual=True):
        self.plugged = list(names)
        self.listeners = {}
        self.taken = set()
        self.shown = []
        self.closed = []
        self.virtual = virtual

    def names(self):
        return list(self.plugged)

    def open(self, name, listener):
        if name in self.taken or name not in self.plugged:
            raise OSError("it is taken")
        self.listeners[name] = listener
        return lambda: self.listeners.pop(name)

    def output_names(self):
        return self.names()

    def open_output(self, name):
        return Lamp(self, name)

    def open_virtual(self, name, listener):
        if not self.virtual:
            raise OSError("none")
        return self.open_as(name, listener)

    def open_as(self, name, listener):
        self.listeners[name] = listener
        return lambda: self.listeners.pop(name)


class Lamp:
    """The output of a device."""

    def __init__(self, studio, name):
        self.studio, self.name = studio, name

    def send(self, data):
        if self.name not in self.studio.plugged:
            raise OSError("it is gone")
        self.studio.shown.append((self.name, data))

    def close(self):
        self.studio.closed.append(self.name)


def listening(studio, *wanted):
    return MidiDevices(studio, wanted, clock=ManualClock(10.0), watch=False)


def test_messages_come_with_their_device_and_time():
    studio = Studio(NANO)
    inputs = listening(studio)
    studio.listeners[NANO]([0xB0, 7, 100], 0.0)
    (received,) = inputs.receive()
    assert (received.device, received.time_s) == ("nanoKONTROL2:nanoKONTROL2 MIDI 1", 10.0)
    assert (received.message.control, received.message.value) == (7, 100)
    assert inputs.receive() == []


def test_a_time_that_the_system_knows_is_taken_as_it_is():
    studio = Studio(NANO)
    inputs = listening(studio)
    studio.listeners[NANO]([0xF8], 0.0, 10.004)
    studio.listeners[NANO]([0xB0, 7, 100], 0.0, 10.003)
    assert [message.time_s for message in inputs.clock_messages()] == [10.004]
    assert [received.time_s for received in inputs.receive()] == [10.003]


def test_the_clock_has_a_queue_of_its_own():
    studio = Studio(NANO)
    inputs = listening(studio)
    for data in ([0xF2, 0x10, 0x02], [0xFA], [0xF8], [0xFB], [0xFC]):
        studio.listeners[NANO](data, 0.0)
    source = "nanoKONTROL2:nanoKONTROL2 MIDI 1"
    assert inputs.clock_messages() == [
        ClockMessage("songpos", 10.0, 0x110, source),
        ClockMessage("start", 10.0, 0, source),
        ClockMessage("tick", 10.0, 0, source),
        ClockMessage("continue", 10.0, 0, source),
        ClockMessage("stop", 10.0, 0, source),
    ]
    assert inputs.receive() == []


def test_a_device_is_used_when_it_comes_and_forgotten_when_it_goes():
    studio = Studio()
    inputs = listening(studio)
    studio.plugged.append(NANO)
    inputs.look()
    assert inputs.devices == [plain_name(NANO)]
    studio.plugged.clear()
    inputs.look()
    assert inputs.devices == [] and NANO not in studio.listeners
    studio.plugged.append(NANO.replace("20:0", "24:0"))  # ALSA counts on
    inputs.look()
    assert inputs.news() == [
        "MIDI: listening to nanoKONTROL2:nanoKONTROL2 MIDI 1",
        "MIDI: nanoKONTROL2:nanoKONTROL2 MIDI 1 is gone",
        "MIDI: listening to nanoKONTROL2:nanoKONTROL2 MIDI 1",
    ]


def test_only_the_wanted_devices_are_opened_and_missing_ones_are_named_once():
    studio = Studio(NANO, "Twister 21:0")
    inputs = listening(studio, "twist", "apc")
    inputs.look()
    assert inputs.devices == ["Twister"]
    assert [line for line in inputs.news() if "apc" in line] == [
        "MIDI: no device called apc yet; it will be used when it is plugged in"
    ]


def test_a_device_that_another_program_holds_is_told_once_and_tried_again_after_a_replug():
    studio = Studio(NANO)
    studio.taken.add(NANO)
    inputs = listening(studio)
    inputs.look()
    assert len(inputs.news()) == 1
    studio.taken.clear()
    studio.plugged.clear()
    inputs.look()
    studio.plugged.append(NANO)
    inputs.look()
    assert inputs.devices == [plain_name(NANO)]


def test_devices_are_sent_to_only_where_that_is_asked_for_and_never_after_they_went():
    studio = Studio(NANO)
    inputs = listening(studio)
    assert inputs.answering == []
    inputs.answers = True
    inputs.look()
    (device,) = inputs.answering
    inputs.send(device, [0xB0, 1, 2])
    studio.plugged.clear()
    inputs.send(device, [0xB0, 1, 3])
    inputs.look()
    inputs.send(device, [0xB0, 1, 4])
    assert (studio.shown, studio.closed, inputs.answering) == ([(NANO, [0xB0, 1, 2])], [NANO], [])


@pytest.mark.parametrize(
    ("outputs", "expected"),
    [
        (["Midi Through 14:0", "nano:CTRL 20:0"], "nano:CTRL 20:0"),
        (["nano:LEDs 20:1"], "nano:LEDs 20:1"),
        (["Twister:Twister 21:0"], None),
        ([], None),
    ],
)
def test_the_output_of_a_device_is_found_by_its_name(outputs, expected):
    assert answering_port("nano:CTRL", outputs) == expected


@pytest.mark.parametrize(
    ("name", "wanted", "expected"),
    [
        (NANO, (), True),
        ("Midi Through:Midi Through Port-0 14:0", (), False),
        ("riffsynth:in", (), False),
        ("Midi Through:Midi Through Port-0 14:0", ("through",), True),
        (NANO, ("NANOkontrol",), True),
        (NANO, ("apc",), False),
    ],
)
def test_which_devices_are_opened(name, wanted, expected):
    assert is_wanted(name, wanted) is expected


def test_the_virtual_port_is_heard_where_there_is_one():
    studio = Studio()
    inputs = listening(studio)
    studio.listeners["riffsynth"]([0x90, 60, 1], 0.0)
    assert inputs.receive()[0].device == "riffsynth"
    assert listening(Studio(virtual=False)).devices == []


def test_closing_closes_all():
    studio = Studio(NANO)
    listening(studio).close()
    assert studio.listeners == {}


@given(st.lists(st.lists(st.integers(0, 255), max_size=5), max_size=20))
def test_any_bytes_are_received_or_counted(packets):
    studio = Studio(NANO)
    inputs = listening(studio)
    for packet in packets:
        studio.listeners[NANO](packet, 0.001)
    assert len(inputs.receive()) + len(inputs.clock_messages()) + inputs.malformed == len(packets)


def test_an_unknown_midi_system_is_one_line(monkeypatch):
    need_rtmidi()
    monkeypatch.setenv(API_VARIABLE, "coremidi")
    with pytest.raises(ControlError, match="is alsa or jack, found 'coremidi'"):
        rtmidi_system()


def test_a_machine_without_midi_is_told_in_one_line(monkeypatch, capfd):
    monkeypatch.setenv(API_VARIABLE, "jack")
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "no-such-server")
    with pytest.raises(ControlError, match="no MIDI: "):
        rtmidi_system()
    assert capfd.readouterr() == ("", "")
