"""What every process of a performance does before its own work."""

import os
import signal
import sys
from multiprocessing.connection import Connection
from typing import Any

import pytest

from riffsynth.processes.channel import Channel
from riffsynth.processes.spawning import SWITCH_INTERVAL_S, spawn

PATIENCE_S = 20.0


def echo(connection: Connection, config: str) -> None:
    channel = Channel(connection, "parent")
    channel.send((config, os.getpid(), sys.getswitchinterval(), os.nice(0)))
    while not channel.closed:
        channel.wait(1.0)
        for value in channel.receive():
            channel.send(value)
    channel.close(0.0)


def answer(channel: Channel) -> Any:
    assert channel.wait(PATIENCE_S)
    (value,) = channel.receive()
    return value


@pytest.mark.skipif(sys.platform == "win32", reason="there, Ctrl-C and priorities are another thing")
def test_a_child_stands_back_outlives_ctrl_c_and_ends_with_its_channel() -> None:
    process, channel = spawn("echo", echo, "hello", nice=2)
    config, pid, interval_s, nice = answer(channel)
    assert (config, interval_s) == ("hello", SWITCH_INTERVAL_S)
    assert nice == min(19, os.nice(0) + 2)
    for name in (signal.SIGINT, signal.SIGHUP):
        os.kill(pid, name)
    channel.send("are you there?")
    assert answer(channel) == "are you there?"
    channel.close()
    process.join(PATIENCE_S)
    assert process.exitcode == 0
