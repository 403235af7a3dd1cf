"""A Ray cluster of one machine, as processes of its own that a test may kill."""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from real_parts import missing

START_S = 120.0
GPUS = 2
"""That the cluster believes it has; nothing here asks a GPU for anything."""


class LocalCluster:
    """`ray start --head`, behind everything else on this machine."""

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self.port = port or free_port()
        self._log = folder / "ray.log"
        ray = Path(sys.executable).with_name("ray")
        options = f"--head --block --num-cpus=2 --num-gpus={GPUS} --include-dashboard=false --port={self.port}"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                ["nice", "-n", "10", str(ray), "start", *options.split(), f"--temp-dir={folder / 'ray'}"],
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "RAY_USAGE_STATS_ENABLED": "0"},
            )
        try:
            self._wait_until_up()
        except BaseException:
            self.kill()  # nobody else knows of it
            raise

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def replicas(self) -> list[psutil.Process]:
        """The workers' processes."""
        return [each for each in self._all() if "ServeReplica" in " ".join(each.cmdline()[:1])]

    def kill(self) -> None:
        """All of it at once, as when its machines lose power."""
        for process in self._all():
            process.kill()
        self.process.kill()
        self.process.wait(10)

    def _wait_until_up(self) -> None:
        until = time.monotonic() + START_S
        while "Ray runtime started" not in self._log.read_text(errors="replace"):
            assert self.process.poll() is None and time.monotonic() < until, self._log.read_text(errors="replace")
            time.sleep(0.1)

    def _all(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True) if self.process.poll() is None else []


@contextmanager
def served(cluster: str, port: int, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """`riffsynth serve` on the Ray cluster at that address."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "riffsynth.cli",
            "serve",
            "--ray",
            cluster,
            "--port",
            str(port),
            "--device",
            "cpu",
            *arguments,
        ],
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def ray_folder() -> Iterator[Path]:
    """A short name: Ray's sockets lie in it."""
    if not importlib.util.find_spec("ray"):
        missing("Ray is missing (pip install 'riffsynth[ray]')")
    with tempfile.TemporaryDirectory(prefix="rs", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
