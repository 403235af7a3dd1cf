"""`riffsynth learn` and `unlearn` against the instrument's own OSC and MIDI, with a knob that the test turns."""

from __future__ import annotations

import threading
import time

import pytest
from midi_machine import Machine

from riffsynth.cli import main
from riffsynth.control.learned_maps import LearnedMaps
from riffsynth.control.midi import MidiInputs
from riffsynth.control.osc import OscControl
from riffsynth.control.store import ParameterStore


class Instrument:
    """Store, OSC and MIDI, polled by a thread as the control loop does it; its clock runs ten times as fast."""

    def __init__(self, folder):
        self.store, self.machine = ParameterStore(), Machine("Knob")
        self.osc = OscControl(
            self.store,
            port=0,
            commands={
                "learn": lambda args: self.midi.learn(args, self.now()),
                "unlearn": lambda args: self.midi.unlearn(args),
            },
        )
        self.midi = MidiInputs(
            (), self.store, system=lambda: self.machine, maps=LearnedMaps(folder), tell=self.osc.announce
        )
        self.port = self.osc.server.port
        self.moves = []
        self._running = True
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    @staticmethod
    def now():
        return 10 * time.monotonic()

    def _run(self):
        while self._running:
            time.sleep(0.002)
            if self.midi._learning.listening and self.moves:
                self.machine.turn["Knob"](self.moves.pop(0), 0.0)
            self.osc.poll()
            self.midi.bind(())
            self.midi.poll(self.now())

    def close(self):
        self._running = False
        self._thread.join()
        self.midi.close()
        self.osc.close()


@pytest.fixture
def instrument(tmp_path):
    made = Instrument(tmp_path)
    yield made
    made.close()


@pytest.fixture
def said(instrument, capsys):
    """Runs a command: exit code, lines of output, lines of errors."""

    def run(*words):
        code = main([*words, "--port", str(instrument.port)])
        told = capsys.readouterr()
        return code, told.out.splitlines(), told.err.splitlines()

    return run


def test_a_control_is_learned_and_forgotten(instrument, said):
    instrument.moves = [[0xB0, 7, value] for value in range(0, 100, 5)]
    code, told, errors = said("learn", "a/strength")
    assert (code, errors) == (0, [])
    assert told[0].startswith("move its control") and told[1] == "cc 7, channel 1, of Knob, moves a.strength"
    assert said("unlearn", "a.strength") == (0, ["a.strength: 1 learned control forgotten"], [])


def test_what_cannot_be_learned_is_said(said):
    assert said("learn", "alhpa") == (2, [], ["riffsynth: /riffsynth/learn: there is no parameter alhpa to learn"])
    assert said("unlearn", "alhpa")[0] == 2


def test_nobody_moves_anything(said):
    code, told, errors = said("learn", "alpha")
    assert (code, len(told), errors) == (1, 1, ["riffsynth: nothing was moved"])


def test_nobody_is_there(capsys):
    assert main(["learn", "alpha", "--port", "9"]) == 1
    assert "is riffsynth playing there?" in capsys.readouterr().err
