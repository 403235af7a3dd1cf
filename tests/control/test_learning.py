"""MIDI learn: what is meant by a movement, and what happens to those who had the control before."""

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riffsynth.control.errors import ControlError
from riffsynth.control.learning import (
    PATIENCE_S,
    QUIET_S,
    WINDOW_S,
    Learner,
    encoding_of,
    merged,
    named,
    same_control,
)
from riffsynth.control.mapping import Binding
from riffsynth.control.midi_gesture import GestureReader
from riffsynth.control.midi_mapper import MidiMapper
from riffsynth.control.store import ParameterStore
from riffsynth.parameters import PARAMETERS, Kind

STEP_S = 0.02
UP_AND_DOWN = (*range(10, 50, 2), *range(50, 20, -3))


def cc(control, *values, channel=0):
    return [mido.Message("control_change", control=control, value=value, channel=channel) for value in values]


def pair(control, *values):
    return [message for value in values for message in cc(control, value >> 7) + cc(control + 32, value & 127)]


def nrpn(number, *values):
    data = [message for value in values for message in cc(6, value >> 7) + cc(38, value & 127)]
    return cc(99, number >> 7) + cc(98, number & 127) + data


def hit(note, velocity=100):
    return [mido.Message("note_on", note=note, velocity=velocity), mido.Message("note_off", note=note)]


def kind(kind, name, *values):
    return [mido.Message(kind, **{name: value}) for value in values]


def shown(to, messages, value=None, device="Knobs"):
    """What is learned from a hand that does this and then rests."""
    learner, now = Learner(to, GestureReader(), 0.0, value), 0.0
    for message in messages:
        now += STEP_S
        learner.hear(message, device, now)
    assert learner.learned(now) is None, "the hand has not rested yet"
    binding = learner.learned(now + QUIET_S + STEP_S)
    return binding and {key: said for key, said in binding.plain().items() if key not in ("device", "channel", "to")}


SHOWN = {
    "a knob": ("alpha", cc(7, *UP_AND_DOWN), {"cc": 7}),
    "a knob near its lower end": ("alpha", cc(7, 1, 2, 3, 5, 7, 9, 8, 6, 4), {"cc": 7}),
    "a knob around its middle": ("alpha", cc(7, *range(60, 70), *range(69, 58, -1)), {"cc": 7}),
    "a knob that moves least is not meant": ("alpha", cc(1, 10, 20, 30) + cc(2, *range(0, 100, 5)), {"cc": 2}),
    "one that shivers is not meant": ("alpha", cc(1, *[63, 64] * 40) + cc(2, *range(0, 40, 5)), {"cc": 2}),
    "an encoder by twos": ("alpha", cc(9, 1, 1, 1, 2, 1, 1, 127, 127, 126, 127), {"cc": 9, "relative": "twos"}),
    "an encoder by twos, turned up": ("alpha", cc(9, *[1] * 8), {"cc": 9, "relative": "twos"}),
    "an encoder by offset": ("alpha", cc(9, 65, 65, 66, 65, 63, 63, 62, 63), {"cc": 9, "relative": "offset"}),
    "an encoder by offset, turned down": ("alpha", cc(9, *[63] * 8), {"cc": 9, "relative": "offset"}),
    "an encoder by sign": ("alpha", cc(9, 1, 1, 2, 1, 65, 65, 66, 65), {"cc": 9, "relative": "sign"}),
    "a pair": ("alpha", pair(3, *range(0, 16000, 400)), {"cc": 3, "bits": 14}),
    "a slow pair, whose coarse part stands": ("alpha", pair(3, *range(700, 1600, 9)), {"cc": 3, "bits": 14}),
    "two knobs 32 apart are no pair": ("alpha", cc(3, *range(0, 90, 9)) + cc(35, 1, 9), {"cc": 3}),
    "an nrpn": ("alpha", nrpn(300, *range(0, 16000, 400)), {"nrpn": 300}),
    "an nrpn that is stepped": ("alpha", cc(99, 2) + cc(98, 44) + cc(96, *[0] * 8) + cc(97, 0), {"nrpn": 300}),
    "bend": ("pitch", kind("pitchwheel", "pitch", *range(0, 8000, 500)), {"bend": True}),
    "pressure": ("alpha", kind("aftertouch", "value", *range(0, 90, 5)), {"pressure": True}),
    "a key that is hit is pressed, too": ("mute", hit(36) + kind("aftertouch", "value", 0, 90), {"note": 36}),
    "a fader wins against its touch": ("level", hit(104) + kind("pitchwheel", "pitch", -8000, 8000), {"bend": True}),
    "a pad": ("freeze", hit(36, 1), {"note": 36}),
    "a button": ("mute", cc(48, 127, 0), {"cc": 48}),
    "a button that never lets go": ("mute", cc(48, 127, 127, 127), {"cc": 48}),
    "a button for a number": ("speed", cc(48, 127, 0), {"cc": 48, "mode": "gate"}),
}


@pytest.mark.parametrize(("to", "messages", "expected"), SHOWN.values(), ids=SHOWN)
def test_what_a_hand_shows(to, messages, expected):
    assert shown(to, messages) == expected


def test_what_is_learned_names_the_device_and_the_channel():
    learner = Learner("alpha", GestureReader(), 0.0)
    for message in cc(1, 0, 100, channel=4):
        learner.hear(message, "Knobs", 1.0)
    binding = learner.learned(9.0)
    assert (binding.device, binding.channel) == ("Knobs", 5)
    assert named(binding) == "cc 1, channel 5, of Knobs"


def test_a_value_can_be_learned_for_a_pad_and_for_a_program_with_its_bank():
    assert shown("a.prompt", hit(36), "deep dub") == {"note": 36, "value": "deep dub"}
    program = cc(0, 1) + cc(32, 2) + kind("program_change", "program", 5)
    assert shown("preset", program, "dub") == {"program": 5, "bank": 130, "value": "dub"}


@pytest.mark.parametrize(
    ("to", "value", "sentence"),
    [
        ("alhpa", None, "there is no parameter alhpa"),
        ("a.prompt", None, "say what the control sets it to"),
    ],
)
def test_what_cannot_be_learned_is_said_at_once(to, value, sentence):
    with pytest.raises(ControlError, match=sentence):
        Learner(to, GestureReader(), 0.0, value)


def test_a_value_that_the_parameter_cannot_take_is_one_sentence():
    with pytest.raises(ControlError, match="tempo is a number"):
        shown("tempo", hit(36), "fast")


def test_a_number_that_was_sent_before_counts():
    """Many devices name their NRPN once, and send only data from then on."""
    gestures = GestureReader()
    for message in nrpn(300, 0):
        gestures.read(message, "Knobs")
    learner = Learner("alpha", gestures, 0.0)
    for message in nrpn(300, *range(0, 16000, 400))[2:]:
        learner.hear(message, "Knobs", 1.0)
    assert learner.learned(9.0).nrpn == 300


def test_a_hand_that_never_rests_is_taken_at_its_word():
    learner, now = Learner("alpha", GestureReader(), 0.0), 0.0
    while not learner.learned(now):
        assert now < 2 * WINDOW_S
        now += STEP_S
        learner.hear(*cc(1, int(now * 100) % 128), "Knobs", now)
    assert learner.learned(now).cc == 1


def test_patience_ends():
    learner = Learner("alpha", GestureReader(), 0.0)
    learner.hear(*cc(1, 64), "Knobs", 1.0)  # once is no movement
    assert learner.learned(PATIENCE_S) is None
    assert not learner.expired(PATIENCE_S) and learner.expired(PATIENCE_S + 0.1)


BOUND = Binding(cc=7, channel=1, device="nano", to="level")


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ({"cc": 7}, True),
        ({"cc": 7, "device": "nanoKONTROL2"}, True),
        ({"cc": 7, "device": "Twister"}, False),
        ({"cc": 7, "channel": 2}, False),
        ({"cc": 8}, False),
        ({"note": 7}, False),
    ],
)
def test_which_bindings_share_a_control(other, same):
    assert same_control(BOUND, Binding(**other, to="alpha")) is same


def test_a_learned_control_takes_the_place_of_what_was_learned_before():
    old = [
        Binding(cc=1, channel=1, device="K", to="alpha"),
        Binding(cc=2, channel=1, device="K", to="pitch"),
        Binding(note=1, channel=1, device="K", to="preset", value="dub"),
    ]
    onto_the_control = Binding(cc=1, channel=1, device="K", to="speed")
    assert merged(old, onto_the_control) == (*old[1:], onto_the_control)
    another_control = Binding(cc=3, channel=1, device="K", to="alpha")
    assert merged(old, another_control) == (*old[1:], another_control)
    another_value = Binding(note=2, channel=1, device="K", to="preset", value="rain")
    assert merged(old, another_value) == (*old, another_value)


BYTES = st.lists(st.lists(st.integers(0, 255), min_size=1, max_size=4), max_size=60)


@given(st.sampled_from([name for name, row in PARAMETERS.items() if row.kind is not Kind.TEXT]), BYTES)
def test_any_bytes_teach_something_that_works_or_nothing(to, packets):
    learner, parser = Learner(to, GestureReader(), 0.0), mido.Parser()
    for packet in packets:
        parser.feed(b"\xb0\x07" + bytes(packet) + b"\x90\x24" + bytes(packet))
    messages = list(parser)
    for message in messages:
        learner.hear(message, "Knobs", 0.0)
    binding = learner.learned(2 * QUIET_S)
    if binding:
        store = ParameterStore()
        mapper = MidiMapper((), store.get, [binding])
        for message in messages:
            for name, value in mapper.handle(message, "Knobs"):
                store.set(name, value, "midi")  # refuses what is out of range


@given(
    st.lists(st.integers(-16, 16).filter(bool), min_size=3, max_size=50), st.sampled_from(["twos", "offset", "sign"])
)
def test_an_encoder_that_is_turned_both_ways_is_known(steps, encoding):
    write = {
        "twos": lambda step: step % 128,
        "offset": lambda step: 64 + step,
        "sign": lambda step: step if step > 0 else 64 - step,
    }[encoding]
    both_ways_and_back = [1, 1, 1, -1, -1, *steps]
    assert encoding_of([write(step) for step in both_ways_and_back]) == encoding
