"""Programs that tests use for real: which must be there, a private JACK server with the dummy driver, a MIDI device."""

from __future__ import annotations

import fcntl
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

REQUIRE_REAL_PARTS = os.environ.get("RIFFSYNTH_REQUIRE_REAL_PARTS") == "1"
JACK_RATE = 44100
JACK_PERIOD = 256


def missing(reason: str) -> None:
    """Skips the test for want of a real part, or fails it where real parts are required."""
    if REQUIRE_REAL_PARTS:
        pytest.fail(f"RIFFSYNTH_REQUIRE_REAL_PARTS is set, but {reason}")
    pytest.skip(reason)


def need_rtmidi() -> None:
    """Python 3.13 has no ready-made python-rtmidi."""
    if importlib.util.find_spec("rtmidi") is None:
        missing("there is no python-rtmidi (pip install 'riffsynth[midi]')")


@dataclass(frozen=True)
class JackServer:
    """A running server. `name` goes to `jack.Client(servername=...)`; children find it in the environment."""

    name: str
    process: subprocess.Popen[bytes]
    rate: int = JACK_RATE
    period: int = JACK_PERIOD

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)


def start_jack(name: str, log: Path) -> JackServer:
    """A synchronous server of that name: what clients send in a period is heard in it. Skips where there is none."""
    if shutil.which("jackd") is None:
        missing("there is no jackd (apt-get install jackd2)")
    try:
        import jack
    except (ImportError, OSError) as error:
        missing(f"JACK-Client cannot be used: {error}")
    for realtime in ("-R", "-r"):
        with log.open("wb") as output:
            process = subprocess.Popen(
                f"jackd -n {name} {realtime} -S -t 5000 -d dummy -r {JACK_RATE} -p {JACK_PERIOD}".split(),
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + 5
        while process.poll() is None and time.monotonic() < deadline:
            try:
                jack.Client("probe", servername=name, no_start_server=True).close()
            except jack.JackError:
                time.sleep(0.05)
            else:
                return JackServer(name, process)
        process.kill()
        process.wait(5)
    missing(f"jackd does not start:\n{log.read_text(errors='replace')[-1000:]}")
    raise AssertionError  # `missing` has raised


def _answers(name: str) -> bool:
    """Does a server of that name run already?"""
    try:
        import jack
    except (ImportError, OSError):
        return False
    try:
        jack.Client("probe", servername=name, no_start_server=True).close()
    except jack.JackError:
        return False
    return True


@contextmanager
def server_name() -> Iterator[str]:
    """A server's name that no other test run uses now.

    JACK keeps eight names, a killed server's too until it is used again.
    """
    for slot in range(4):
        name = f"riffsynth-test-{slot}"
        with (Path(tempfile.gettempdir()) / f"{name}.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                continue
            if _answers(name):
                continue  # left over from a run that was killed: a new one would not start
            yield name
            return
    missing("four other test runs use a JACK server each")


DEVICE = """
import sys, time, mido
mido.set_backend("mido.backends.rtmidi/UNIX_JACK")
out = mido.open_output("out", client_name="dj", virtual=True)
print("ready", flush=True)
for line in sys.stdin:
    out.send(mido.Message.from_str(line.strip()))
    time.sleep(0.001)
out.close()
"""


class Dj:
    """A program with a MIDI output on the JACK server, `dj:out`, which sends what it is told."""

    def __init__(self) -> None:
        need_rtmidi()
        self._process = subprocess.Popen(
            [sys.executable, "-c", DEVICE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdin and self._process.stdout
        self._stdin, self._stdout = self._process.stdin, self._process.stdout
        assert self._stdout.readline() == "ready\n"

    def send(self, *lines: str) -> None:
        """Messages as mido spells them, a millisecond apart: "control_change control=1 value=64"."""
        self._stdin.write("".join(line + "\n" for line in lines))
        self._stdin.flush()

    def unplug(self) -> None:
        """As a device goes: its port is taken away. (A client killed would hold up the whole server for seconds.)"""
        if not self._stdin.closed:
            self._stdin.close()
            self._process.wait(10.0)
            self._stdout.close()


def node_packages(*names: str) -> Path:
    """The folder of JavaScript packages, for NODE_PATH; skips the test where one of `names` is not there."""
    folder = Path(sys.prefix) / "node_modules"
    absent = [name for name in names if not (folder / name).is_dir()]
    if shutil.which("node") is None or absent:
        pytest.skip(f"node or its packages are missing (npm install --prefix {sys.prefix} {' '.join(names)})")
    return folder
