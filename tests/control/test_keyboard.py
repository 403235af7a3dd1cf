"""Keys that transpose, and chords that become the harmony."""

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st
from midi_machine import Machine

from riffsynth.control.keyboard import DRUMS, SETTLE_S, Keyboard, transposition
from riffsynth.control.mapping import Binding
from riffsynth.control.midi import MidiInputs
from riffsynth.control.store import ParameterStore
from riffsynth.parameters import PARAMETERS


class Keys:
    """A keyboard and the values that it sets."""

    def __init__(self, mode):
        self.mode, self.keyboard, self.set, self.now = mode, Keyboard(), [], 0.0

    def send(self, message, device="keys"):
        self.set += self.keyboard.handle(self.mode, message, device, self.now)

    def down(self, *notes, device="keys", **fields):
        for note in notes:
            self.send(mido.Message("note_on", note=note, **fields), device)

    def up(self, *notes):
        for note in notes:
            self.send(mido.Message("note_off", note=note))

    def rest(self, seconds=SETTLE_S):
        self.now += seconds
        self.set += self.keyboard.due(self.mode, self.now)


def test_the_last_key_transposes_and_stays():
    keys = Keys("transpose")
    keys.down(60, 67, 72)
    keys.up(60, 72, 67)
    assert keys.set == [("pitch", 0), ("pitch", 7), ("pitch", 12), ("pitch", 7)]


@pytest.mark.parametrize(
    ("note", "semitones"), [(60, 0), (48, -12), (84, 24), (85, 13), (36, -24), (35, -13), (0, -24), (127, 19)]
)
def test_keys_beyond_the_range_play_in_the_nearest_octave(note, semitones):
    assert transposition(note) == semitones


def test_a_chord_counts_when_the_fingers_have_settled_and_stays_when_they_leave():
    keys = Keys("harmony")
    keys.down(60)
    keys.rest(SETTLE_S / 2)
    keys.down(63, 67)
    keys.rest(SETTLE_S / 2)
    assert keys.set == []
    keys.rest()
    assert keys.set == [("harmony", "C minor")]
    keys.down(70)
    keys.rest()
    keys.up(70, 60, 63)
    keys.rest()
    assert keys.set == [("harmony", "C minor"), ("harmony", "C minor seventh")]


def test_two_keyboards_make_one_chord_and_drums_make_none():
    keys = Keys("harmony")
    keys.down(60, 64)
    keys.down(67, device="other")
    keys.down(70, channel=DRUMS)
    keys.rest()
    assert keys.set == [("harmony", "C major")]


@pytest.mark.parametrize("end", [mido.Message("control_change", control=123), mido.Message("reset")])
def test_all_notes_off_lets_the_keys_go(end):
    keys = Keys("transpose")
    keys.down(60, 67)
    keys.send(end)
    keys.down(62)
    keys.up(62)
    assert keys.set == [("pitch", 0), ("pitch", 7), ("pitch", 2)]


def test_off_is_off_and_remembers_nothing():
    keys = Keys("off")
    keys.down(60, 64, 67)
    keys.rest()
    keys.mode = "harmony"
    keys.down(72)
    keys.rest()
    assert keys.set == []


MESSAGES = st.builds(
    lambda kind, note, channel, velocity: mido.Message(kind, note=note, channel=channel, velocity=velocity),
    st.sampled_from(["note_on", "note_off"]),
    st.integers(0, 127),
    st.integers(0, 15),
    st.integers(0, 127),
)


@given(st.lists(st.tuples(MESSAGES, st.sampled_from(PARAMETERS["notes"].choices), st.floats(0, 0.1)), max_size=40))
def test_any_playing_keeps_every_value_in_range(played):
    keys, store = Keys("off"), ParameterStore()
    for message, keys.mode, pause in played:
        keys.send(message)
        keys.rest(pause)
    for name, value in keys.set:
        store.set(name, value, "midi")  # refuses what is out of range


def test_a_key_that_is_bound_does_not_play():
    machine, store = Machine("Keys"), ParameterStore({"notes": "transpose"})
    inputs = MidiInputs((), store, system=lambda: machine)
    inputs.bind([Binding(note=36, to="freeze")])
    for note in (67, 36):
        machine.turn["Keys"]([0x90, note, 100], 0.0)
    inputs.poll(0.0)
    inputs.close()
    assert (store.get("pitch"), store.get("freeze")) == (7, True)
