"""Real MIDI from another program, over JACK."""

import json
import subprocess
import sys
import threading
import time
from multiprocessing import Pipe

import numpy as np
import pytest
from measuring.jack_server import Helper
from real_parts import Dj, need_rtmidi

from riffsynth.control.clock_sender import ClockSender
from riffsynth.control.jack_ports import JackSystem
from riffsynth.control.learned_maps import LearnedMaps
from riffsynth.control.mapping import Binding
from riffsynth.control.midi import MidiInputs
from riffsynth.control.midi_ports import API_VARIABLE, rtmidi_system
from riffsynth.control.store import ParameterStore
from riffsynth.processes.channel import Channel
from riffsynth.timing.timeline import Timeline
from riffsynth.timing.transport import Transport

PATIENCE_S = 10.0


class Performer:
    """The control loop's part in it."""

    def __init__(self, *wanted, **options):
        self.store, self.lines, self.clock = ParameterStore(), [], []
        self.events = 0
        self.store.listen(self._count)
        self.news = threading.Event()
        self.inputs = MidiInputs(wanted, self.store, self.news.set, self.lines.append, **options)
        self.bindings = [Binding(cc=1, to="alpha", takeover="jump"), Binding(note=36, to="tap")]
        self.inputs.bind(self.bindings)

    def _count(self, change):
        self.events += 1

    def until(self, condition):
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline, f"it never came; told: {self.lines}"
            self.news.wait(0.01)
            self.news.clear()
            self.inputs.poll(time.monotonic())
            self.clock += self.inputs.clock_messages()


@pytest.fixture
def studio(jack_server, monkeypatch):
    """Opens performers and DJs on the JACK server and closes them before it ends."""
    need_rtmidi()
    monkeypatch.setenv(API_VARIABLE, "jack")
    opened = []

    def plug(kind, *args):
        made = kind(*args)
        opened.append(made)
        return made

    yield plug
    for made in reversed(opened):
        made.unplug() if isinstance(made, Dj) else made.inputs.close()


def test_a_device_is_found_by_part_of_its_name_and_nothing_is_lost(studio):
    dj = studio(Dj)
    performer = studio(Performer, "dj")
    assert performer.inputs.devices == ["dj:out"]
    count = 1000
    dj.send(*(f"control_change control=1 value={i % 2 + 1}" for i in range(count)), "note_on note=36")
    performer.until(lambda: performer.events >= count + 1)
    assert performer.events == count + 1


def test_a_device_that_is_pulled_out_and_plugged_in_again_is_found(studio):
    dj = studio(Dj)
    performer = studio(Performer)
    dj.send("control_change control=1 value=127")
    performer.until(lambda: performer.store.get("alpha") == 1)
    dj.unplug()
    performer.until(lambda: "MIDI: dj:out is gone" in performer.lines)
    again = studio(Dj)
    performer.until(lambda: performer.lines[-1] == "MIDI: listening to dj:out")
    again.send("control_change control=1 value=0")
    performer.until(lambda: performer.store.get("alpha") == 0)


def test_the_clock_arrives_at_its_pace_through_the_virtual_port(studio):
    performer = studio(Performer, "no such device")
    dj = studio(Dj)
    subprocess.run(["jack_connect", "dj:out", "riffsynth:in"], check=True, timeout=PATIENCE_S)
    dj.send("songpos pos=64", "start", *["clock"] * 200, "stop")
    performer.until(lambda: len(performer.clock) == 203)
    assert [message.kind for message in performer.clock] == ["songpos", "start", *["tick"] * 200, "stop"]
    assert performer.clock[0].position == 64
    times = [message.time_s for message in performer.clock]
    assert times == sorted(times)
    assert times[-1] <= time.perf_counter()


def test_a_control_is_learned_from_another_program(studio, tmp_path):
    dj = studio(Dj)
    told = []
    maps = LearnedMaps(tmp_path)
    performer = studio(lambda: Performer("dj", maps=maps, tell=lambda *args: told.append(args)))
    performer.inputs.learn(("tempo",), time.monotonic())
    performer.until(lambda: performer.inputs.learn((), 0.0)[0] == "tempo")
    dj.send(*[f"control_change control=16 value={value}" for value in (1, 1, 1, 1, 2, 1, 127, 127, 127)])
    performer.until(lambda: told)
    assert told == [
        ("learn", "tempo", "learned", "cc 16, channel 1, of dj:out (an endless encoder, twos), moves tempo")
    ]
    assert performer.store.get("tempo") == 120
    performer.inputs.bind(performer.bindings)
    dj.send(*["control_change control=16 value=1"] * 10)
    performer.until(lambda: performer.store.get("tempo") > 128)


def test_the_clock_goes_out_on_the_timeline(jack_server, monkeypatch, tmp_path):
    """As another process receives it, with a budget for a busy machine; `riffsynth bench clock` has the figures."""
    need_rtmidi()
    monkeypatch.setenv(API_VARIABLE, "jack")
    timeline = Timeline(time.perf_counter(), 0.0, 2.0)
    sender = ClockSender("virtual", timeline)
    listener = Helper("jack_midi_listener.py", jack_server.name, str(tmp_path / "heard.json"), "riffsynth clock:out")
    try:
        listener.say("connect")
        listener.expect("connected")
        time.sleep(2.0)
    finally:
        listener.close()
        sender.close()
    heard = json.loads((tmp_path / "heard.json").read_text())["messages"]
    ticks = np.array([24 * timeline.beat_at(moment) for moment, data in heard if data == [0xF8]])
    assert ticks.size > 80
    numbers = np.round(ticks - np.median(ticks - np.round(ticks)))
    assert set(np.diff(numbers)) == {1}
    late_ms = 1000 * (ticks - numbers) / 48
    assert np.median(np.abs(late_ms - np.median(late_ms))) < 4
    assert -1 < np.median(late_ms) < 15


@pytest.mark.parametrize("system", ["reader", "rtmidi"])
def test_ticks_are_known_to_their_place_in_a_period_where_a_process_of_ours_reads_them(studio, jack_server, system):
    """Compared with RtMidi's, which are known to their period."""
    options = {"system": no_reader} if system == "rtmidi" else {}
    machine = Helper("jack_drum_machine.py", jack_server.name)
    try:
        performer = studio(lambda: Performer("drum machine", **options))
        seconds = [0.2 + number * 60 / 24 / 133 for number in range(120)]
        machine.say(json.dumps({"midi": [[time, [0xF8]] for time in seconds], "clicks": []}))
        performer.until(lambda: len(performer.clock) == len(seconds))
    finally:
        machine.close()
    off = np.array([message.time_s for message in performer.clock]) - seconds
    scatter = float(np.median(np.abs(off - np.median(off)))) / (256 / 44100)
    assert scatter < 0.1 if system == "reader" else scatter > 0.15


def no_reader():
    """JACK as it is without JACK-Client."""

    def start(_name, on_news):
        ours, theirs = Pipe()
        theirs.close()
        return None, Channel(ours, "none", on_news)

    return JackSystem(rtmidi_system()._rtmidi, "riffsynth", "in", start)


DRUM_MACHINE = """
import sys, time, mido
mido.set_backend("mido.backends.rtmidi/UNIX_JACK")
out = mido.open_output("out", client_name="drum machine", virtual=True)
print("ready", flush=True)
sys.stdin.readline()
now = time.perf_counter()
for name in sys.stdin.readline().split():
    if name == "tick":
        now += 60 / 24 / 120
        time.sleep(max(0.0, now - time.perf_counter()))
        out.send(mido.Message("clock"))
    elif name.startswith("bar"):
        out.send(mido.Message("songpos", pos=16 * (int(name[3:]) - 1)))
    else:
        out.send(mido.Message(name))
sys.stdin.readline()
"""


def test_a_drum_machine_that_loops_by_stop_position_continue_keeps_its_place(studio):
    """A count-in, start, two beats; then back to bar 3 between two ticks, as a sequencer's loop does."""
    process = subprocess.Popen(
        [sys.executable, "-c", DRUM_MACHINE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout.readline() == "ready\n"
        performer = studio(Performer, "drum machine")
        words = ["tick"] * 48 + ["start"] + ["tick"] * 48 + ["stop", "bar3", "continue"] + ["tick"] * 49
        process.stdin.write("\n" + " ".join(words) + "\n")
        process.stdin.flush()
        performer.until(lambda: len(performer.clock) == len(words))
    finally:
        process.communicate("\n", timeout=PATIENCE_S)
    transport = Transport(performer.clock[0].time_s)
    transport.choose(performer.clock[0].time_s, "midi", 4.0)
    beats = []
    for message in performer.clock:
        transport.on_clock(message)
        beats.append(transport.timeline.beat_at(message.time_s))
    assert beats[48] == 0.0 and not beats[47]
    assert beats[words.index("stop") - 1] == pytest.approx(47 / 24, abs=0.05)
    assert beats[-1] == pytest.approx(8.0 + 2.0, abs=0.05)
    status = transport.status(performer.clock[-1].time_s)
    assert (status.source, status.state) == ("drum machine:out", "locked")
    assert status.tempo == pytest.approx(120.0, rel=0.02)
