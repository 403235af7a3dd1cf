"""What systemd hears, on a real datagram socket, and the unit that ships."""

from __future__ import annotations

import configparser
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from riffsynth.processes.systemd import ALIVE, READY, STOPPING, Watchdog, notify

UNIT = Path(__file__).parents[2] / "docs" / "systemd" / "riffsynth.service"

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no unix sockets here")


@pytest.fixture
def systemd(tmp_path):
    """A listening socket as systemd makes one; `heard` empties it."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(0.0)
        yield listening


def heard(listening):
    messages = []
    while True:
        try:
            messages.append(listening.recv(4096).decode())
        except BlockingIOError:
            return messages


def test_what_is_said_is_heard(systemd):
    environment = {"NOTIFY_SOCKET": systemd.getsockname()}
    assert notify(READY, environment) and notify(STOPPING, environment)
    assert heard(systemd) == ["READY=1", "STOPPING=1"]


@pytest.mark.skipif(sys.platform != "linux", reason="abstract sockets are Linux's")
def test_an_abstract_socket_is_found():
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0riffsynth-test-{os.getpid()}")
        listening.settimeout(0.0)
        assert notify(READY, {"NOTIFY_SOCKET": f"@riffsynth-test-{os.getpid()}"})
        assert heard(listening) == ["READY=1"]


@pytest.mark.parametrize("path", [None, "", "relative", "/no/such/socket"])
def test_without_systemd_nothing_happens(path):
    assert not notify(READY, {} if path is None else {"NOTIFY_SOCKET": path})


def test_a_systemd_that_does_not_listen_holds_nothing_up(systemd):
    environment = {"NOTIFY_SOCKET": systemd.getsockname()}
    said = [notify(ALIVE, environment) for _ in range(2000)]
    assert said[0] and not said[-1]


def test_the_watchdog_is_told_twice_in_its_interval(systemd):
    watchdog = Watchdog({"NOTIFY_SOCKET": systemd.getsockname(), "WATCHDOG_USEC": "10000000"})
    for turn in range(2001):
        watchdog.poll(100.0 + turn * 0.01)
    assert heard(systemd) == [ALIVE] * 5


@pytest.mark.parametrize(
    "settings", [{}, {"WATCHDOG_USEC": "0"}, {"WATCHDOG_USEC": "soon"}, {"WATCHDOG_USEC": "1000", "WATCHDOG_PID": "1"}]
)
def test_a_watchdog_that_nobody_waits_for_is_silent(settings, systemd):
    watchdog = Watchdog({"NOTIFY_SOCKET": systemd.getsockname(), **settings})
    watchdog.poll(1e9)
    assert heard(systemd) == []


def test_a_performance_says_that_it_is_ready_alive_and_stopping(systemd, tmp_path):
    preset = tmp_path / "p.yaml"
    preset.write_text("a: {prompt: x}\n")
    environment = {**os.environ, "NOTIFY_SOCKET": systemd.getsockname(), "WATCHDOG_USEC": "30000000"}
    words = f"play {preset} --audio null --midi none --osc-port 0 --duration 0.5 --quiet".split()
    finished = subprocess.run([sys.executable, "-m", "riffsynth.cli", *words], env=environment, timeout=60)
    said = heard(systemd)
    assert finished.returncode == 0
    assert said.count(READY) == 1 and said[-1] == STOPPING and ALIVE in said


def test_the_unit_asks_for_what_is_told():
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read(UNIT)
    service = unit["Service"]
    assert (service["Type"], service["KillMode"]) == ("notify", "mixed")
    assert int(service["WatchdogSec"]) >= 5 and service["Restart"] == "on-failure"


def test_systemd_understands_the_unit(tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is missing")
    unit = tmp_path / "riffsynth.service"
    unit.write_text(UNIT.read_text().replace("%h/riffsynth/.venv/bin/riffsynth", sys.executable))
    checked = subprocess.run(
        ["systemd-analyze", "--user", "verify", str(unit)],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)},
    )
    assert not [line for line in checked.stderr.splitlines() if "riffsynth.service" in line], checked.stderr
