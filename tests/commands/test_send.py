"""`riffsynth send` against the instrument's own OSC on a real socket."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading

import pytest

from riffsynth.cli import main
from riffsynth.commands.send import arguments, full_address
from riffsynth.control.osc import OscControl
from riffsynth.control.store import ParameterStore


class Instrument:
    """Store and OSC, polled by a thread as the control loop does it."""

    def __init__(self):
        self.store = ParameterStore()
        self._news = threading.Event()
        self._osc = OscControl(self.store, port=0, wake=self._news.set, status=lambda: {"beat": 1.5, "clips": 3})
        self.port = self._osc.server.port
        self._running = True
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        while self._running:
            self._news.wait()
            self._news.clear()
            self._osc.poll()

    def close(self):
        self._running = False
        self._news.set()
        self._thread.join()
        self._osc.close()


@pytest.fixture
def instrument():
    made = Instrument()
    yield made
    made.close()


@pytest.fixture
def send(instrument, capsys):
    """Sends to the instrument in this process: exit code, lines of output, lines of errors."""

    def sent(*words):
        code = main(["send", *words, "--port", str(instrument.port)])
        told = capsys.readouterr()
        return code, told.out.splitlines(), told.err.splitlines()

    return sent


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("alpha", "/riffsynth/alpha"),
        ("a/prompt", "/riffsynth/a/prompt"),
        ("a.prompt", "/riffsynth/a/prompt"),
        ("/riffsynth/tap", "/riffsynth/tap"),
        ("/other", "/other"),
    ],
)
def test_an_address_may_be_short(text, address):
    assert full_address(text) == address


def test_arguments_are_told_apart_by_their_look():
    given = ["1", "-12", "+3", "4294967295", "0.5", "-.5", "1e-3", "2.", "no", "1.2.3", "nan", "inf", "0x10", "", "-"]
    assert arguments("/any", given) == [1, -12, 3, 4294967295, 0.5, -0.5, 0.001, 2.0, *given[8:]]
    assert [type(value) for value in arguments("/any", ["1", "1.0"])] == [int, float]


def test_what_a_prompt_gets_is_text_whatever_it_looks_like(instrument, send):
    assert send("a/prompt", "808") == (0, [], [])
    assert instrument.store.get("a.prompt") == "808"


def test_values_are_set_and_asked(instrument, send):
    assert send("pitch", "-12") == (0, [], [])
    assert instrument.store.get("pitch") == -12.0
    assert send("pitch") == (0, ["-12"], [])
    assert send("a/seed", "4294967295") == (0, [], [])
    assert send("a/seed") == (0, ["4294967295"], [])


def test_a_pattern_is_answered_with_addresses(send):
    assert send("/riffsynth/?/seed") == (0, ["/riffsynth/a/seed 0", "/riffsynth/b/seed 0"], [])


def test_the_status_is_a_line_for_each_thing(send):
    code, lines, _ = send("status")
    assert code == 0 and "/riffsynth/status/beat 1.5" in lines and "/riffsynth/status/clips 3" in lines
    assert not any("{" in line for line in lines)


def test_a_trigger_needs_no_argument(instrument, send):
    pressed = []
    instrument.store.listen(lambda change: pressed.append(change.name))
    assert send("tap") == (0, [], [])
    assert pressed == ["tap"]


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["alpha", "7"], "0..1"),
        (["alhpa", "0.5"], "did you mean /riffsynth/alpha"),
        (["tempo", "fast"], "found 'fast'"),
        (["notify"], "subscribe"),
    ],
)
def test_what_is_refused_is_told_and_exits_with_2(words, hint, send):
    code, lines, errors = send(*words)
    assert (code, lines, len(errors)) == (2, [], 1)
    assert hint in errors[0]


def test_answers_as_objects(send):
    _, lines, _ = send("tempo", "--json")
    assert json.loads("\n".join(lines)) == [{"address": "/riffsynth/tempo", "args": [120.0]}]


@pytest.mark.parametrize("listening", [False, True])
def test_where_nothing_answers_a_line_says_so(listening, capsys):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute:
        mute.bind(("127.0.0.1", 0))
        port = mute.getsockname()[1]
        if not listening:
            mute.close()
        assert main(["send", "tempo", "--port", str(port)]) == 1
    told = capsys.readouterr()
    assert told.out == "" and f"nothing answers on 127.0.0.1 port {port}" in told.err
    assert len(told.err.splitlines()) == 1


def test_a_host_that_is_not_there_is_one_line(capsys):
    assert main(["send", "tempo", "--host", "no.such.host.invalid"]) == 2
    assert "no.such.host.invalid" in capsys.readouterr().err


def test_as_a_process(instrument):
    finished = subprocess.run(
        [sys.executable, "-m", "riffsynth.cli", "send", "tempo", "--port", str(instrument.port)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "120\n", "")
