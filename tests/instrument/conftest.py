"""`riffsynth play` as a process on a real JACK server, moved by oscsend, judged by its recording."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder
from real_parts import missing

from riffsynth.playback.log import replay

START_TIMEOUT_S = 60.0
SETTLED_S = 0.7


class Performance:
    """One running `riffsynth play`."""

    rate = 44100

    def __init__(
        self,
        folder: Path,
        preset: str,
        *arguments: str,
        midi: str = "none",
        terminal: int | None = None,
        program: tuple[str, ...] = ("-m", "riffsynth.cli"),
    ) -> None:
        """`terminal` is a descriptor that takes what it says, in place of a file; `program` is what Python runs."""
        self.folder = folder
        self.recording = folder / "take.wav"
        self.log = folder / "take.log"
        self.port = _free_port()
        path = folder / "preset.yaml"
        path.write_text(preset)
        self._answers = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._answers.bind(("127.0.0.1", 0))
        self._answers.settimeout(0.2)
        self._stderr = (folder / "stderr.txt").open("w")
        self.process = subprocess.Popen(
            [sys.executable, *program, "play", str(path), "--osc-port", str(self.port), "--midi", midi]
            + ["--web-port", "none"]
            + ["--record", str(self.recording), "--log", str(self.log), *arguments],
            stderr=self._stderr if terminal is None else terminal,
            env={**os.environ, "PYTHONFAULTHANDLER": "1"},
        )

    def said(self) -> str:
        return (self.folder / "stderr.txt").read_text()

    def send(self, address: str, *arguments: float | int | str) -> None:
        """Through liblo's oscsend, as a stranger would."""
        types = "".join({float: "f", int: "i", str: "s"}[type(argument)] for argument in arguments)
        command = ["oscsend", "localhost", str(self.port), address, *([types] if types else []), *map(str, arguments)]
        subprocess.run(command, check=True, timeout=10)

    def ask(self, address: str) -> list[Any]:
        """The arguments of the answer to `address` without arguments; empty if there is none."""
        self._answers.sendto(OscMessageBuilder(address).build().dgram, ("127.0.0.1", self.port))
        until = time.monotonic() + 1.0
        while time.monotonic() < until:
            with contextlib.suppress(TimeoutError):
                message = OscMessage(self._answers.recv(65536))
                if message.address == address:
                    return list(message.params)
        return []

    def status(self) -> dict[str, Any]:
        answer = self.ask("/riffsynth/status")
        return json.loads(answer[0]) if answer else {}

    def wait(self, condition: Callable[[dict[str, Any]], bool], timeout_s: float = START_TIMEOUT_S) -> dict[str, Any]:
        """Until the status meets `condition`."""
        until = time.monotonic() + timeout_s
        while time.monotonic() < until:
            assert self.process.poll() is None, f"the instrument ended: {self.said()}"
            status = self.status()
            if status and condition(status):
                return status
            time.sleep(0.05)
        raise AssertionError(f"it never came: {self.status()} {self.said()}")

    def play_on(self, seconds: float) -> int:
        """Lets `seconds` of sound pass; the frame it is at then."""
        target = self.wait(lambda status: status["frame"] > 0)["frame"] + seconds * self.rate
        return int(self.wait(lambda status: status["frame"] >= target, timeout_s=60 + 3 * seconds)["frame"])

    def listen(self, seconds: float) -> slice:
        """The stretch of the recording that is heard in the next `seconds`, once what was asked before has arrived."""
        first = self.play_on(SETTLED_S)
        return slice(first, self.play_on(seconds))

    def stop(self) -> np.ndarray:
        """Ends it as a performer would, and reads the recording (frames,)."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(20) == 0, self.said()
        return self.samples()

    def samples(self) -> np.ndarray:
        samples, rate = soundfile.read(self.recording, dtype="float32")
        assert rate == self.rate
        return samples

    def replayed(self) -> np.ndarray:
        """What the player's log says was sent (frames,)."""
        return np.concatenate(list(replay(self.log)))

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._answers.close()
        self._stderr.close()


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def perform(tmp_path: Path, jack_server: object) -> Iterator[Callable[..., Performance]]:
    """Starts performances that end with the test."""
    if not shutil.which("oscsend"):
        missing("oscsend (liblo-tools) is missing")
    running: list[Performance] = []

    def start(preset: str, *arguments: str, **options: Any) -> Performance:
        folder = tmp_path / str(len(running))
        folder.mkdir()
        running.append(Performance(folder, preset, *arguments, **options))
        return running[-1]

    yield start
    for performance in running:
        performance.close()
