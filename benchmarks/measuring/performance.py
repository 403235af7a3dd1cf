"""A real `riffsynth play` to measure: started as a process on the null output, moved over OSC, read from its log."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from riffsynth.playback.core import BLOCKS_PER_HOP, PlayerCore
from riffsynth.playback.log import read_log
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.timing.card_clock import FrameLine

END_S = 20.0


class Performance:
    """One running instrument; `send` answers the system clock's reading at which the packet left."""

    def __init__(
        self,
        folder: Path,
        preset: str | Path,
        *arguments: str,
        audio: str = "null",
        midi: str = "none",
        logged: bool = True,
        said: Path | None = None,
    ) -> None:
        """`preset` is a preset's file, or its text; `said` is a file for what the instrument says.

        What is not `logged` leaves no take behind: it is to be ended, not stopped.
        """
        self.log = folder / "take.log"
        path = preset if isinstance(preset, Path) else folder / "preset.yaml"
        if isinstance(preset, str):
            path.write_text(preset)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0.5)
        self.started = time.perf_counter()
        command = [
            sys.executable,
            "-m",
            "riffsynth.cli",
            "play",
            str(path),
            "--audio",
            audio,
            "--midi",
            midi,
            "--quiet",
        ]
        command += ["--web-port", "none", "--osc-port", str(self.port)]
        command += ["--log", str(self.log)] if logged else []
        self._said = said.open("w") if said else None
        self.process = subprocess.Popen([*command, *arguments], stderr=self._said)

    def send(self, address: str, *values: Any) -> float:
        builder = OscMessageBuilder("/riffsynth/" + address)
        for value in values:
            builder.add_arg(value)
        return self.send_raw(builder.build().dgram)

    def send_raw(self, packet: bytes) -> float:
        now = time.perf_counter()
        self._socket.sendto(packet, ("127.0.0.1", self.port))
        return now

    def status(self) -> dict[str, Any]:
        self.send("status")
        until = time.perf_counter() + 1.0
        while time.perf_counter() < until:
            try:
                message = OscMessage(self._socket.recv(65536))
            except TimeoutError:
                break
            if message.address == "/riffsynth/status":
                return dict(json.loads(message.params[0]))
        return {}

    def wait(self, limit_s: float = 120.0, **least: float) -> None:
        """Until each named figure of the status has at least this value; RuntimeError after `limit_s`."""
        until = time.perf_counter() + limit_s
        while time.perf_counter() < until and self.process.poll() is None:
            status = self.status()
            if status and all(status[name] >= value for name, value in least.items()):
                return
            time.sleep(0.05)
        raise RuntimeError(f"the instrument never got there: {self.status()}")

    def wait_for_model(self) -> None:
        """Until the worker has loaded it: from then on it leaves the processors alone."""
        until = time.perf_counter() + 120
        while self.status().get("model", "loading") == "loading" and time.perf_counter() < until:
            time.sleep(0.2)

    def __enter__(self) -> Performance:
        return self

    def __exit__(self, *_error: object) -> None:
        """Where something went wrong it still runs: asked to end, and killed if it does not."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(END_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._close()

    def end(self) -> None:
        """As a performer would."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(END_S)
        self._close()

    def stop(self) -> Take:
        """Ends it, and answers what was played."""
        self.end()
        return Take.read(self.log)

    def _close(self) -> None:
        self._socket.close()
        if self._said:
            self._said.close()


@dataclass(frozen=True)
class Take:
    """What a player consumed, and the sound of it, with or without some of it."""

    rate: int
    seed: int
    start: float
    messages: list[tuple[int, Any]]
    """(block number, message) in order."""
    blocks: int

    @classmethod
    def read(cls, log: Path) -> Take:
        records = list(read_log(log))
        head = records[0][0]
        messages = [(header["block"], message) for header, message in records if header["is"] == "message"]
        return cls(head["rate"], head["seed"], head["time"], messages, records[-1][0]["block"])

    @property
    def block(self) -> int:
        """Samples in a block."""
        return SynthesisGrid.for_rate(self.rate).hop // BLOCKS_PER_HOP

    @property
    def block_s(self) -> float:
        return self.block / self.rate

    def time_of(self, block: float) -> float:
        """When a block leaves the speaker, on the system's clock (s)."""
        return self.start + block * self.block_s

    def sound(
        self, messages: list[tuple[int, Any]] | None = None, start: int = 0, end: int | None = None
    ) -> NDArray[np.float32]:
        """The take made again, with other messages if given, from block `start` up to block `end`.

        Only from the beginning is it the same to the sample; later starts sound alike after a moment.
        """
        core = PlayerCore(SynthesisGrid.for_rate(self.rate), self.seed)
        clock = FrameLine.counting(self.start, self.rate)
        waiting = deque(self.messages if messages is None else messages)
        pieces = []
        for index in range(start, min(self.blocks, end or self.blocks)):
            while waiting and waiting[0][0] <= index:
                core.apply(waiting.popleft()[1])
            pieces.append(core.block(clock.time_of(index * self.block)))
        return np.concatenate(pieces)
