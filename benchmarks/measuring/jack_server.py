"""A private JACK server with the dummy driver, and the programs of ours that play and listen on it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "riffsynth-bench"
PRIORITY = 70
"""It stands for a card, which waits for no program: above all of them."""
START_S = 5.0
END_S = 20.0
HERE = Path(__file__).resolve().parent


def lacking() -> str:
    """What is missing for a server, in words; empty if nothing is."""
    if shutil.which("jackd") is None:
        return "there is no jackd (apt-get install jackd2)"
    try:
        import jack  # noqa: F401
    except (ImportError, OSError) as error:
        return f"JACK-Client cannot be used: {error}"
    return ""


@contextmanager
def jack_server(rate: int, period: int) -> Iterator[str]:
    """Runs a synchronous server; processes started inside use it. Yields its name; RuntimeError where it cannot run."""
    before = dict(os.environ)
    os.environ.update(JACK_DEFAULT_SERVER=NAME, JACK_NO_START_SERVER="1", RIFFSYNTH_MIDI="jack")
    process = _started(rate, period)
    try:
        yield NAME
    finally:
        process.terminate()
        try:
            process.wait(END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        os.environ.clear()
        os.environ.update(before)


def _started(rate: int, period: int) -> subprocess.Popen[bytes]:
    if _answers():
        raise RuntimeError(f"a jackd called {NAME} of an earlier run is still there: end it first")
    dies_with_us = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
    for realtime in (f"-R -P {PRIORITY}", "-r"):
        process = subprocess.Popen(
            [*dies_with_us, *f"jackd -n {NAME} {realtime} -S -t 5000 -d dummy -r {rate} -p {period}".split()],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + START_S
        while process.poll() is None and time.monotonic() < until:
            if _answers():
                return process
            time.sleep(0.05)
        process.kill()
        process.wait()
    raise RuntimeError("jackd does not start")


def _answers() -> bool:
    import jack

    try:
        jack.Client("probe", servername=NAME, no_start_server=True).close()
    except jack.JackError:
        return False
    return True


class Helper:
    """One of the programs beside this file, moved by lines."""

    def __init__(self, script: str, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / script), *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.expect("ready")

    def say(self, line: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def expect(self, word: str) -> str:
        """Its next line, which begins with `word`."""
        assert self.process.stdout
        line = self.process.stdout.readline().strip()
        if not line.startswith(word):
            raise RuntimeError(f"{self.process.args}: {line or 'it ended'}")
        return line

    def __enter__(self) -> Helper:
        return self

    def __exit__(self, *_error: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def close(self) -> None:
        """Ends it, once it has saved what it has."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.wait(END_S)
        self.process.stdout.close()
