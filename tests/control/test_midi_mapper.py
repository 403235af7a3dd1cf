"""What a controller does: bindings, takeover, pairs, encoders, pads."""

import itertools

import mido
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from riffsynth.control.mapping import CURVE_POWER, Binding
from riffsynth.control.midi_mapper import MidiMapper
from riffsynth.control.store import ParameterStore
from riffsynth.parameters import PARAMETERS


class Controller:
    """A device, its mapping, and the values that it moves."""

    def __init__(self, *bindings):
        self.store = ParameterStore()
        self.events = []
        self.store.listen(lambda change: self.events.append(change.name))
        self.mapper = MidiMapper([Binding(**binding) for binding in bindings], self.store.get)

    def send(self, kind, device="nanoKONTROL2", **fields):
        message = mido.Message(kind, **fields)
        for name, value in self.mapper.handle(message, device):
            self.store.set(name, value, "midi")

    def turn(self, *values, cc=1):
        """The parameter's value of alpha after each position of the knob."""
        seen = []
        for value in values:
            self.send("control_change", control=cc, value=value)
            seen.append(self.store.get("alpha"))
        return seen

    def hit(self, note, velocity=100):
        self.send("note_on", note=note, velocity=velocity)

    def let_go(self, note):
        self.send("note_off", note=note)


JUMP = {"cc": 1, "to": "alpha", "takeover": "jump"}


def test_a_knob_covers_the_range_of_the_table():
    knob = Controller(JUMP)
    assert knob.turn(0, 127, 64) == [0, 1, 64 / 127]


@pytest.mark.parametrize(
    ("binding", "ends"),
    [
        ({"range": (0.2, 0.4)}, (0.2, 0.4)),
        ({"range": (0.4, 0.2)}, (0.4, 0.2)),
        ({"invert": True}, (1, 0)),
        ({"range": (0.2, 0.4), "invert": True, "curve": "exponential"}, (0.4, 0.2)),
    ],
)
def test_range_and_inversion(binding, ends):
    assert tuple(Controller(JUMP | binding).turn(0, 127)) == pytest.approx(ends)


def test_curves_bend_but_keep_the_ends():
    middle = {curve: Controller(JUMP | {"curve": curve}).turn(0, 127, 64)[-1] for curve in CURVE_POWER}
    assert middle["exponential"] < middle["linear"] < middle["logarithmic"]


def test_channel_and_device_must_fit_where_they_are_named():
    knob = Controller(JUMP | {"channel": 2, "device": "nano"})
    knob.send("control_change", control=1, value=127, channel=0)
    knob.send("control_change", control=1, value=127, channel=1, device="Twister")
    assert knob.events == []
    knob.send("control_change", control=1, value=127, channel=1)
    assert knob.events == ["alpha"]


# Takeover


def test_pickup_waits_until_the_knob_passes_the_value():
    knob = Controller({"cc": 1, "to": "alpha"})
    knob.store.set("alpha", 0.5, "osc")
    assert knob.turn(10, 30, 60) == [0.5, 0.5, 0.5]
    assert knob.turn(70, 90) == pytest.approx([70 / 127, 90 / 127])


def test_pickup_takes_a_fast_knob_that_jumps_over_the_value():
    knob = Controller({"cc": 1, "to": "alpha"})
    knob.store.set("alpha", 0.5, "osc")
    assert knob.turn(0, 127) == [0.5, 1.0]


def test_a_knob_that_stands_at_the_value_moves_it_at_once():
    knob = Controller({"cc": 1, "to": "alpha"})
    assert knob.turn(1) == [1 / 127]


def test_a_picked_up_knob_is_let_go_when_somebody_else_moves_the_value():
    knob = Controller({"cc": 1, "to": "alpha"})
    knob.turn(0, 20)
    knob.store.set("alpha", 0.9, "osc")
    assert knob.turn(30, 40) == [0.9, 0.9]
    assert knob.turn(120) == pytest.approx([120 / 127])


def test_scale_shares_out_the_way_and_meets_at_the_ends():
    knob = Controller({"cc": 1, "to": "alpha", "takeover": "scale"})
    knob.store.set("alpha", 0.8, "osc")
    seen = knob.turn(0, 32, 64, 96, 127)
    assert seen[0] == 0.8
    assert seen == sorted(seen) and seen[-1] == 1
    assert max(b - a for a, b in itertools.pairwise(seen)) < 0.06
    assert knob.turn(0)[-1] == 0


@given(st.lists(st.integers(0, 127), min_size=1, max_size=40), st.floats(0, 1))
def test_pickup_never_jumps_further_than_the_knob_moved(turns, start):
    knob = Controller({"cc": 1, "to": "alpha"})
    knob.store.set("alpha", start, "osc")
    before, last = knob.store.get("alpha"), None
    for turn in turns:
        (after,) = knob.turn(turn)
        moved = 0.012 if last is None else abs(turn - last) / 127 + 0.012
        assert abs(after - before) <= moved
        before, last = after, turn


# Pairs and encoders


def test_a_pair_of_14_bits_is_finer_and_never_falls_back():
    knob = Controller({"cc": 1, "to": "alpha", "bits": 14, "takeover": "jump"})
    seen = []
    for value in range(100, 16384, 37):
        knob.turn(value >> 7)
        seen += knob.turn(value & 127, cc=33)
    assert seen == sorted(seen)
    assert len(set(seen)) == len(seen)
    assert seen[-1] == pytest.approx(16380 / 16383, abs=40 / 16383)


def cc(controller, *pairs):
    for control, value in pairs:
        controller.send("control_change", control=control, value=value)


def test_an_nrpn_is_read_with_its_fine_part():
    knob = Controller({"nrpn": 300, "to": "alpha", "takeover": "jump"})
    cc(knob, (99, 300 >> 7), (98, 300 & 127), (6, 127))
    assert knob.store.get("alpha") == 1
    cc(knob, (6, 64), (38, 0))
    assert knob.store.get("alpha") == pytest.approx(64 * 128 / 16383)
    cc(knob, (6, 0))  # waits for its fine part
    assert knob.store.get("alpha") == pytest.approx(64 * 128 / 16383)
    cc(knob, (38, 1))
    assert knob.store.get("alpha") == pytest.approx(1 / 16383)


@pytest.mark.parametrize("other", [[(99, 2), (98, 45)], [(101, 0), (100, 0)], [(99, 127), (98, 127)]])
def test_data_for_another_number_is_not_ours(other):
    knob = Controller({"nrpn": 300, "to": "alpha", "takeover": "jump"})
    cc(knob, (99, 300 >> 7), (98, 300 & 127), *other, (6, 127), (38, 127))
    assert knob.events == []


def test_a_program_can_be_told_apart_by_its_bank():
    pad = Controller({"program": 3, "bank": 130, "to": "preset", "value": "dub"})
    pad.send("program_change", program=3)
    cc(pad, (0, 1), (32, 2))
    pad.send("program_change", program=3)
    assert pad.events == ["preset"]


@pytest.mark.parametrize(("kind", "up", "down"), [("twos", 1, 127), ("offset", 65, 63), ("sign", 1, 65)])
def test_an_endless_encoder_moves_by_steps_from_where_the_value_is(kind, up, down):
    knob = Controller({"cc": 1, "to": "alpha", "relative": kind, "step": 0.1})
    knob.store.set("alpha", 0.5, "osc")
    assert knob.turn(up, up, down) == pytest.approx([0.6, 0.7, 0.6])
    assert knob.turn(*[up] * 9)[-1] == 1
    assert knob.turn(down)[-1] == pytest.approx(0.9)


def test_small_steps_of_an_encoder_reach_the_next_whole_number():
    knob = Controller({"cc": 1, "to": "meter", "relative": "twos"})
    for _ in range(128):
        knob.turn(1)
    assert knob.store.get("meter") == 16


# Notes and buttons


def test_a_gate_holds_while_the_pad_is_held():
    pad = Controller({"note": 36, "to": "freeze", "mode": "gate"})
    pad.hit(36)
    assert pad.store.get("freeze") is True
    pad.hit(36, velocity=0)  # running status: a note off
    assert pad.store.get("freeze") is False


def test_a_pad_toggles_a_switch():
    pad = Controller({"note": 36, "to": "mute"})
    states = []
    for _ in range(3):
        pad.hit(36)
        pad.let_go(36)
        states.append(pad.store.get("mute"))
    assert states == [True, False, True]


def test_a_pad_triggers_once_for_each_hit():
    pad = Controller({"note": 36, "to": "tap"})
    for _ in range(3):
        pad.hit(36)
        pad.let_go(36)
    assert pad.events == ["tap"] * 3


def test_a_soft_hit_counts():
    pad = Controller({"note": 36, "to": "tap"})
    pad.hit(36, velocity=1)
    assert pad.events == ["tap"]


def test_how_hard_a_pad_is_hit_can_be_a_value():
    pad = Controller({"note": 36, "to": "alpha", "mode": "velocity"})
    pad.hit(36, velocity=64)
    pad.let_go(36)
    assert pad.store.get("alpha") == 64 / 127


def test_pads_programs_and_buttons_choose_prompts_and_presets():
    pad = Controller(
        {"note": 36, "to": "a.prompt", "value": "808"},
        {"program": 3, "to": "preset", "value": "dub"},
        {"cc": 20, "to": "clock", "value": "midi"},
        {"cc": 21, "to": "panic"},
    )
    pad.hit(36)
    assert pad.store.get("a.prompt") == "808"
    pad.send("program_change", program=3)
    pad.send("program_change", program=3)
    assert pad.events.count("preset") == 2
    pad.send("control_change", control=20, value=127)
    assert pad.store.get("clock") == "midi"
    for value in (127, 127, 0):
        pad.send("control_change", control=21, value=value)
    assert pad.events.count("panic") == 1


def test_pitch_bend_is_centred():
    wheel = Controller({"bend": True, "to": "pitch", "range": (-2, 2), "takeover": "jump"})
    seen = []
    for pitch in (-8192, 0, 8191):
        wheel.send("pitchwheel", pitch=pitch)
        seen.append(wheel.store.get("pitch"))
    assert seen == [-2, 0, 2]


def test_one_control_can_move_several_parameters():
    macro = Controller(JUMP, {"cc": 1, "to": "pitch", "range": (0, 12), "takeover": "jump"})
    macro.turn(127)
    assert (macro.store.get("alpha"), macro.store.get("pitch")) == (1, 12)


def test_several_devices_do_not_confuse_each_other():
    knob = Controller({"cc": 1, "to": "alpha"})
    knob.store.set("alpha", 0.5, "osc")
    knob.send("control_change", control=1, value=0, device="one")
    knob.send("control_change", control=1, value=127, device="two")
    assert knob.store.get("alpha") == 0.5


BINDINGS = st.builds(
    lambda source, to, extra: source | {"to": to} | extra,
    st.sampled_from(
        [
            {"cc": 1},
            {"cc": 2, "bits": 14},
            {"nrpn": 129},
            {"note": 36},
            {"bend": True},
            {"pressure": True},
            {"pressure": True, "note": 36},
            {"program": 1},
        ]
    ),
    st.sampled_from(list(PARAMETERS)),
    st.fixed_dictionaries(
        {},
        optional={
            "takeover": st.sampled_from(["pickup", "jump", "scale"]),
            "curve": st.sampled_from(list(CURVE_POWER)),
            "invert": st.booleans(),
            "relative": st.sampled_from(["absolute", "twos", "offset", "sign"]),
            "mode": st.sampled_from(["gate", "toggle", "trigger", "velocity"]),
            "range": st.tuples(st.floats(-100, 100), st.floats(-100, 100)),
            "value": st.sampled_from(["1", "0.5", "on", "dub"]),
        },
    ),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(BINDINGS, max_size=6), st.lists(st.binary(min_size=1, max_size=4), max_size=30))
def test_any_mapping_and_any_bytes_keep_every_value_in_range(bindings, packets):
    fitting = []
    for binding in bindings:
        try:
            fitting.append(Binding(**binding).model_dump())
        except ValidationError:
            continue
    controller = Controller(*fitting)
    parser = mido.Parser()
    for packet in packets:
        parser.feed(b"\xb0\x01" + packet + b"\x90\x24" + packet + b"\xb0\x63\x01\x62\x01\x06" + packet)
    for message in parser:
        for name, value in controller.mapper.handle(message, "x"):
            controller.store.set(name, value, "midi")  # refuses what is out of range


# What is let go


def test_a_gate_with_a_value_goes_back_to_what_was_before():
    pad = Controller({"note": 36, "to": "loop_beats", "mode": "gate", "value": "0.5"})
    pad.store.set("loop_beats", 4, "osc")
    pad.hit(36)
    assert pad.store.get("loop_beats") == 0.5
    pad.let_go(36)
    assert pad.store.get("loop_beats") == 4
    pad.hit(36)
    pad.store.set("loop_beats", 2, "osc")
    pad.let_go(36)
    assert pad.store.get("loop_beats") == 2  # somebody else has moved it meanwhile


def test_a_toggle_with_a_value_goes_back_too():
    pad = Controller({"note": 36, "to": "speed", "mode": "toggle", "value": "0.5"})
    pad.store.set("speed", 2, "osc")
    seen = []
    for _ in range(3):
        pad.hit(36)
        pad.let_go(36)
        seen.append(pad.store.get("speed"))
    assert seen == [0.5, 2, 0.5]


@pytest.mark.parametrize("end", [{"kind": "control_change", "control": 123, "value": 0}, {"kind": "reset"}])
def test_all_notes_off_lets_the_pads_go(end):
    pad = Controller({"note": 36, "to": "freeze", "mode": "gate"}, {"note": 37, "to": "mute"})
    pad.hit(36)
    pad.hit(37)
    pad.send(**end)
    assert (pad.store.get("freeze"), pad.store.get("mute")) == (False, True)


def test_pads_of_a_device_that_was_pulled_out_are_let_go():
    pad = Controller({"note": 36, "to": "freeze", "mode": "gate"})
    pad.hit(36)
    assert pad.mapper.let_go("another") == []
    assert pad.mapper.let_go("nanoKONTROL2") == [("freeze", False)]
    assert pad.mapper.let_go("nanoKONTROL2") == []


def test_the_pressure_of_a_key_is_told_from_that_of_others():
    keys = Controller({"pressure": True, "note": 60, "to": "alpha", "takeover": "jump"})
    keys.send("polytouch", note=61, value=127)
    assert keys.events == []
    keys.send("polytouch", note=60, value=127)
    assert keys.store.get("alpha") == 1


def test_pressure_is_that_of_the_channel_and_of_any_key():
    keys = Controller({"pressure": True, "to": "alpha", "takeover": "jump"})
    keys.send("polytouch", note=61, value=127)
    assert keys.store.get("alpha") == 1
    keys.send("aftertouch", value=0)
    assert keys.store.get("alpha") == 0


def test_an_nrpn_is_stepped_up_and_down_by_data_increment_and_decrement():
    knob = Controller({"nrpn": 300, "to": "alpha", "step": 0.125})
    knob.store.set("alpha", 0.5, "osc")
    assert knob.turn(127, cc=96) == [0.5], "no number was sent yet"
    knob.turn(300 >> 7, cc=99)
    knob.turn(300 & 127, cc=98)
    assert knob.turn(0, 0, 127, cc=96) == [0.625, 0.75, 0.875]
    assert knob.turn(0, cc=97) == [0.75]
    knob.store.set("alpha", 0.25, "osc")
    assert knob.turn(0, cc=97) == [0.125]


def test_a_button_with_a_number_is_on_with_increment_and_off_with_decrement():
    button = Controller({"nrpn": 3, "to": "freeze", "mode": "gate"})
    button.turn(3, cc=98)
    button.turn(0, cc=99)
    button.turn(0, cc=96)
    assert button.store.get("freeze") is True
    button.turn(0, cc=97)
    assert button.store.get("freeze") is False


def test_a_touch_sensor_is_no_key():
    fader = Controller({"bend": True, "to": "level", "feedback": True, "touch": 104, "device": "X-Touch"})
    touch = mido.Message("note_on", note=104)
    assert fader.mapper.moves_something(touch, "X-Touch")
    assert not fader.mapper.moves_something(touch, "keys")
