"""LED rings, lit pads and motor faders."""

import mido
import pytest

from riffsynth.control.mapping import Binding
from riffsynth.control.midi_feedback import TOUCH_S, MidiFeedback
from riffsynth.control.store import ParameterStore


class Board:
    """A device with lights and motors."""

    def __init__(self, *bindings):
        self.store = ParameterStore()
        self.feedback = MidiFeedback([Binding(**binding) for binding in bindings], self.store.get)
        self.store.listen(self.feedback.changed)
        self.now = 10.0

    def shown(self, after=1.0, names=("board",)):
        self.now += after
        return [data for _, data in self.feedback.due(self.now, names)]


FADER = {"cc": 7, "to": "alpha", "feedback": True}


def test_a_device_is_shown_all_values_when_it_comes_and_when_it_comes_again():
    board = Board(FADER, {"note": 36, "to": "mute", "feedback": True}, {"cc": 8, "to": "pitch"})
    everything = [[0xB0, 7, 0], [0x90, 36, 0]]
    assert board.shown() == everything
    assert board.shown() == []
    board.shown(names=())
    assert board.shown() == everything


@pytest.mark.parametrize(
    ("binding", "value", "data"),
    [
        (FADER, 0.5, [[0xB0, 7, 64]]),
        (FADER | {"channel": 3, "invert": True}, 1, [[0xB2, 7, 0]]),
        (FADER | {"bits": 14}, 1, [[0xB0, 7, 127], [0xB0, 39, 127]]),
        ({"bend": True, "channel": 2, "to": "alpha", "feedback": True}, 1, [[0xE1, 127, 127]]),
        ({"note": 36, "to": "mute", "feedback": True}, True, [[0x90, 36, 127]]),
        ({"note": 36, "to": "clock", "value": "midi", "feedback": True}, "midi", [[0x90, 36, 127]]),
    ],
)
def test_how_a_value_is_shown(binding, value, data):
    board = Board(binding)
    board.shown()
    board.store.set(binding["to"], value, "osc")
    assert board.shown() == data


def test_a_motor_does_not_pull_against_the_hand_and_comes_back_after_it():
    board = Board(FADER)
    board.shown()
    board.store.set("alpha", 1, "osc")
    board.feedback.touched("board", mido.Message("control_change", control=7, value=3), board.now)
    assert board.shown(after=TOUCH_S / 2) == []
    assert board.shown(after=TOUCH_S) == [[0xB0, 7, 127]]


def test_a_motor_stands_still_while_a_finger_rests_on_the_fader():
    board = Board({"bend": True, "channel": 2, "to": "alpha", "feedback": True, "touch": 105})
    board.shown()
    board.feedback.touched("board", mido.Message("note_on", note=105, velocity=127), board.now)
    board.store.set("alpha", 1, "osc")
    assert board.shown(after=10.0) == []
    board.feedback.touched("board", mido.Message("note_on", note=105, velocity=0), board.now)
    assert board.shown(after=TOUCH_S) == [[0xE1, 127, 127]]


def test_a_motor_on_another_channel_goes_on():
    board = Board({"bend": True, "channel": 2, "to": "alpha", "feedback": True})
    board.shown()
    board.store.set("alpha", 1, "osc")
    board.feedback.touched("board", mido.Message("pitchwheel", channel=0, pitch=9), board.now)
    assert board.shown(after=TOUCH_S / 2) == [[0xE1, 127, 127]]


def test_a_sweep_is_throttled_and_its_end_is_shown():
    board = Board(FADER)
    board.shown()
    shown = []
    for step in range(1000):
        board.store.set("alpha", (step + 1) / 1000, "osc")
        shown += board.shown(after=0.001)
    shown += board.shown()
    assert 28 <= len(shown) <= 32
    assert shown[-1] == [0xB0, 7, 127]


def test_only_the_named_device_is_shown():
    board = Board(FADER | {"device": "twister"})
    assert board.shown(names=("nano",)) == []
    assert board.shown(names=("Twister",)) == [[0xB0, 7, 0]]
