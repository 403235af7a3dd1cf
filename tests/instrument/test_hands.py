"""A controller and a keyboard over JACK, in the hands of somebody who has never configured anything."""

from __future__ import annotations

import subprocess
import sys

import pytest
from real_parts import need_rtmidi

from riffsynth.rendering.recorded_session import read_session

HANDS = """
import sys, time, mido
mido.set_backend("mido.backends.rtmidi/UNIX_JACK")
out = mido.open_output("out", client_name="hands", virtual=True)
print("ready", flush=True)
for line in sys.stdin:
    out.send(mido.Message.from_str(line.strip()))
    time.sleep(0.01)
"""


@pytest.fixture
def hands(jack_server, monkeypatch):
    """Sends MIDI messages, as mido writes them, from a process of its own."""
    need_rtmidi()
    monkeypatch.setenv("RIFFSYNTH_MIDI", "jack")
    process = subprocess.Popen([sys.executable, "-c", HANDS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"

    def play(*messages):
        process.stdin.write("".join(message + "\n" for message in messages))
        process.stdin.flush()

    yield play
    process.kill()  # a client that closes its ports waits for the server, which may wait for another one
    process.wait(10)
    process.stdin.close()


@pytest.mark.slow
def test_a_knob_is_learned_from_the_command_line_and_a_chord_is_asked_of_the_model(
    perform, hands, tmp_path, monkeypatch
):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    session = tmp_path / "take.jsonl"
    performance = perform(
        'a: {prompt: "slow cello"}\nnotes: harmony\n', "--audio", "null", "--session", str(session), midi="hands"
    )
    performance.wait(lambda status: status["clips"] >= 1, 90)
    command = [sys.executable, "-m", "riffsynth.cli", "learn", "pitch", "--port", str(performance.port)]
    learning = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert learning.stdout.readline().startswith("move its control")
    hands(*[f"control_change control=21 value={value}" for value in range(20, 100, 4)])
    assert learning.communicate(timeout=20)[0] == "cc 21, channel 1, of hands:out, moves pitch\n"
    assert "cc: 21, to: pitch" in (tmp_path / "config" / "riffsynth" / "midi" / "hands-out.yaml").read_text()
    hands("control_change control=21 value=64", "control_change control=21 value=127")
    performance.wait(lambda _: performance.ask("/riffsynth/pitch") == [24.0], 10)

    clips = performance.status()["clips"]
    hands(*[f"note_on note={note}" for note in (60, 63, 67)])
    performance.wait(lambda _: performance.ask("/riffsynth/harmony") == ["C minor"], 10)
    performance.wait(lambda status: status["clips"] > clips, 60)
    assert performance.ask("/riffsynth/a/prompt") == ["slow cello"]
    performance.stop()
    asked = [event["a"]["prompt"] for event in read_session(session) if event["event"] == "request"]
    assert asked[0] == "slow cello" and asked[-1] == "slow cello, in C minor"
