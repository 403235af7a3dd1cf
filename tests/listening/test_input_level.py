"""How loud an audio input is, and the process that listens."""

import time

import pytest

from riffsynth.listening.input_level import DEFAULT, QUIETEST_DB, RELEASE_S, Follower, Leave, Level
from riffsynth.listening.inputs import AudioInputs
from riffsynth.playback.messages import Warned

PATIENCE_S = 20.0


def test_loudness_rises_at_once_and_falls_slowly():
    follower = Follower()
    assert follower.follow(0.0, 0.02) == QUIETEST_DB
    for _ in range(10):
        risen = follower.follow(0.01, 0.02)
    assert risen == pytest.approx(-20, abs=0.1)
    assert follower.follow(0.0, RELEASE_S) == pytest.approx(-24.3, abs=0.2)


def test_it_does_not_matter_how_the_sound_is_cut():
    once, often = Follower(), Follower()
    for _ in range(4):
        last = often.follow(0.25, 0.02)
    assert once.follow(0.25, 0.08) == pytest.approx(last, abs=0.01)


class Listener:
    """A process and its channel in one, whose words the test says."""

    def __init__(self):
        self.words, self.heard, self.alive, self.closed = [], [], True, False

    def send(self, message):
        self.heard.append(message)

    def receive(self):
        words, self.words = self.words, []
        return words

    def is_alive(self):
        return self.alive

    def close(self, timeout_s=0.0):
        self.closed = True

    def kill(self):
        self.alive = False

    def join(self, timeout_s):
        pass


@pytest.fixture
def room():
    """The inputs, the listeners that were started for each name, and what was announced."""
    started, lines = {}, []

    def start(name, wake):
        listener = Listener()
        started.setdefault(name, []).append(listener)
        return listener, listener

    return AudioInputs(lines.append, start=start), started, lines


def test_only_what_is_wanted_is_listened_to(room):
    inputs, started, _ = room
    assert inputs.poll(0.0, ()) == {} and started == {}
    inputs.poll(0.0, ("mic", "line"))
    started["mic"][0].words = [Level(-30.0), Level(-20.0)]
    assert inputs.poll(0.1, ("mic", "line")) == {"mic": -20.0}
    inputs.poll(0.2, ("mic",))
    assert started["line"][0].heard == [Leave()]
    inputs.poll(5.0, ("mic",))
    assert (started["line"][0].alive, started["mic"][0].alive) == (False, True)
    inputs.close()
    assert not started["mic"][0].alive


def test_an_input_that_cannot_be_heard_is_told_once_and_left(room):
    inputs, started, lines = room
    inputs.poll(0.0, ("mic",))
    started["mic"][0].words = [Warned("no mic")]
    for turn in range(100):
        inputs.poll(turn, ("mic",))
    assert (lines, len(started["mic"])) == (["no mic"], 1)


def test_a_listener_that_died_is_started_again(room):
    inputs, started, _ = room
    inputs.poll(0.0, ("mic",))
    started["mic"][0].alive = False
    for turn in range(5):
        inputs.poll(turn, ("mic",))
    assert len(started["mic"]) == 2


def heard(inputs, name, condition):
    """The level of an input, once it meets `condition`."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        for level in inputs.poll(time.monotonic(), (name,)).values():
            if condition(level):
                return level
        time.sleep(0.01)
    raise AssertionError("it was never heard")


def test_a_sound_on_a_real_server_is_heard_and_its_end(jack_server):
    import jack

    lines = []
    inputs = AudioInputs(lines.append)
    try:
        heard(inputs, DEFAULT, lambda level: level == QUIETEST_DB)
        client = jack.Client("singer", servername=jack_server.name, no_start_server=True)
        out, amplitude = client.outports.register("out"), [0.1]

        @client.set_process_callback
        def sing(frames):
            out.get_array()[:] = amplitude[0]

        with client:
            client.connect(out, client.get_ports("PortAudio", is_audio=True, is_input=True)[0])
            assert heard(inputs, DEFAULT, lambda level: level > -21) == pytest.approx(-20, abs=1)
            amplitude[0] = 0.0
            heard(inputs, DEFAULT, lambda level: level < -60)
    finally:
        inputs.close()
    assert lines == []


def test_an_unknown_input_is_one_line(jack_server):
    lines = []
    inputs = AudioInputs(lines.append)
    until = time.monotonic() + PATIENCE_S
    while not lines and time.monotonic() < until:
        inputs.poll(time.monotonic(), ("no such input",))
        time.sleep(0.01)
    inputs.close()
    assert len(lines) == 1 and "'no such input' cannot be heard: there is" in lines[0]
