"""Programs nobody here wrote play the instrument and hear it: Pure Data, SuperCollider and node-osc."""

import shutil
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest
from real_parts import missing, node_packages

from riffsynth.control.osc import OscControl
from riffsynth.control.store import ParameterStore

PATIENCE_S = 30.0

PROMPT = "deep 808 dub"
SENT = {
    "alpha": 0.25,
    "a.prompt": PROMPT,
    "mute": True,
    "steps": 12,
    "clock": "midi",
    "a.seed": 9,
    "b.seed": 9,
    "level": 12.0,
    "quantize": 8.0,
}
"""What each program sends, by ten addresses of every kind: two seeds by a pattern, the level by its twin of 0..1, a tap
as a bang, and tempo as a question."""


class Instrument:
    """Store and OSC as the control loop runs them: woken by what arrives."""

    def __init__(self):
        self.news, self.store, self.taps = threading.Event(), ParameterStore(), 0
        self.store.listen(self._count)
        self.osc = OscControl(self.store, port=0, wake=self.news.set)
        self.port, self.counts = self.osc.server.port, self.osc.router.counts

    def _count(self, change):
        self.taps += change.name == "tap"

    def until(self, condition, what):
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline, what()
            self.news.wait(0.005)
            self.news.clear()
            self.osc.poll()


@pytest.fixture
def instrument():
    made = Instrument()
    yield made
    made.osc.close()


def played(instrument, command, log: Path, **settings):
    """Runs a program that sends `SENT`, hears the tempo, and then a change that somebody else makes."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, stdin=subprocess.DEVNULL, **settings)
    said = lambda: log.read_text(errors="replace")  # noqa: E731
    try:
        instrument.until(lambda: instrument.taps and instrument.osc.router.feedback.targets, said)
        instrument.until(lambda: all(instrument.store.get(name) == value for name, value in SENT.items()), said)
        instrument.until(lambda: "tempo 120" in said(), said)
        instrument.store.set("pitch", -5, "midi")
        instrument.until(lambda: "pitch -5" in said(), said)
    finally:
        process.kill()
        process.wait()
    assert instrument.counts["refused"] == instrument.counts["malformed"] == 0, said()
    assert instrument.taps == 1


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# Pure Data: its numbers are all floats, and what a message box sends into [oscformat] is an address and its arguments.

PD_MESSAGES = (
    "set riffsynth alpha, 0.25",
    "set riffsynth a prompt, list deep 808 dub",
    "set riffsynth mute, 1",
    "set riffsynth steps, 12",
    "set riffsynth clock, list midi",
    "set riffsynth * seed, 9",
    "set riffsynth norm level, 1",
    "set riffsynth quantize, 8",
    "set riffsynth tap, bang",
    "set riffsynth notify, {reply}",
    "set riffsynth tempo, bang",
)
PD_PATCH = """#N canvas 0 0 400 300 10;
#X obj 10 10 loadbang;
#X msg 10 40 connect 127.0.0.1 {port};
#X obj 10 200 netsend -u -b;
#X obj 200 10 loadbang;
#X obj 200 40 delay 200;
#X msg 200 70 {messages};
#X obj 200 120 oscformat;
#X obj 200 150 list prepend send;
#X obj 200 175 list trim;
#X obj 10 250 netreceive -u -b {reply};
#X obj 10 275 oscparse;
#X obj 10 290 print heard;
#X connect 0 0 1 0;
#X connect 1 0 2 0;
#X connect 3 0 4 0;
#X connect 4 0 5 0;
#X connect 5 0 6 0;
#X connect 6 0 7 0;
#X connect 7 0 8 0;
#X connect 8 0 2 0;
#X connect 9 0 10 0;
#X connect 10 0 11 0;
"""


def test_pure_data_plays_it(instrument, tmp_path):
    if not shutil.which("pd"):
        missing("Pure Data is not installed (apt-get install puredata-core)")
    reply, patch = free_port(), tmp_path / "patch.pd"
    messages = ", ".join(PD_MESSAGES).format(reply=reply).replace(",", " \\,")
    patch.write_text(PD_PATCH.format(port=instrument.port, reply=reply, messages=messages))
    played(instrument, ["pd", "-nogui", "-noaudio", "-nomidi", "-stderr", "-rt", str(patch)], tmp_path / "log")


# SuperCollider: the half of the messages comes as a bundle with a time tag, as its patterns send them.

SUPERCOLLIDER = """
var net = NetAddr("127.0.0.1", {port});
thisProcess.openUDPPort({reply});
[\\tempo, \\pitch].do {{ |name|
    OSCFunc({{ |message| (name.asString + message[1].asInteger).postln }}, "/riffsynth/" ++ name)
}};
net.sendMsg("/riffsynth/notify", {reply});
net.sendMsg("/riffsynth/alpha", 0.25);
net.sendMsg("/riffsynth/a/prompt", "deep 808 dub");
net.sendMsg("/riffsynth/mute", true);
net.sendMsg("/riffsynth/steps", 12);
net.sendMsg("/riffsynth/clock", \\midi);
net.sendBundle(0.1,
    ["/riffsynth/*/seed", 9], ["/riffsynth/norm/level", 1], ["/riffsynth/quantize", 8.0], ["/riffsynth/tap"],
    ["/riffsynth/tempo"]
);
"""
SUPERCOLLIDER_ENVIRONMENT = {
    "QT_QPA_PLATFORM": "offscreen",
    "QTWEBENGINE_DISABLE_SANDBOX": "1",
    "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox",
}


def test_supercollider_plays_it(instrument, tmp_path, monkeypatch):
    if not shutil.which("sclang"):
        pytest.skip("SuperCollider is not installed (apt-get install supercollider-language)")
    for name, value in SUPERCOLLIDER_ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    script = tmp_path / "play.scd"
    script.write_text(SUPERCOLLIDER.format(port=instrument.port, reply=free_port()))
    played(instrument, ["sclang", "-D", str(script)], tmp_path / "log")


# node-osc: a JavaScript number is an int where it is whole, and a float elsewhere.

NODE_OSC = """
const {{ Client, Server }} = require("node-osc");
const server = new Server({reply}, "127.0.0.1", () => {{
  const client = new Client("127.0.0.1", {port});
  const send = (name, ...values) => client.send("/riffsynth/" + name, ...values, () => {{}});
  send("notify", {reply});
  send("alpha", 0.25);
  send("a/prompt", "deep", 808, "dub");
  send("mute", true);
  send("steps", 12);
  send("clock", "midi");
  send("*/seed", 9);
  send("norm/level", 1);
  send("quantize", 8);
  send("tap");
  send("tempo");
}});
server.on("message", ([address, ...values]) => console.log(address.split("/").pop(), ...values));
setInterval(() => {{}}, 1000);
"""


def test_node_osc_plays_it(instrument, tmp_path, monkeypatch):
    monkeypatch.setenv("NODE_PATH", str(node_packages("node-osc")))
    script = tmp_path / "play.cjs"
    script.write_text(NODE_OSC.format(port=instrument.port, reply=free_port()))
    played(instrument, ["node", str(script)], tmp_path / "log")
