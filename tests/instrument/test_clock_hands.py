"""The clock of a running instrument: what subscribers are told of it, and the hands that move it."""

from __future__ import annotations

import contextlib
import socket
import time
from pathlib import Path

from measuring.performance import Performance
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

HEARD_S = 2.0


def test_subscribers_hear_the_clock_ten_times_a_second_and_see_it_jump(tmp_path: Path) -> None:
    performance = Performance(tmp_path, 'a: {prompt: ""}\ntempo: 90\n')
    page = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    page.settimeout(0.2)
    performance.wait(frame=1)
    page.sendto(OscMessageBuilder("/riffsynth/notify").build().dgram, ("127.0.0.1", performance.port))
    told = _clock_status(page, HEARD_S)
    performance.send("locate", 64.0)
    performance.send("jump", 4.0)
    after = _clock_status(page, 0.5)
    page.close()
    performance.stop()
    assert 10 <= len(told) <= 10 * HEARD_S + 2
    source, state, tempo, error_ms, jitter_ms, _ = told[-1]
    assert (source, state, tempo, error_ms, jitter_ms) == ("internal", "locked", 90.0, 0.0, 0.0)
    assert 68.0 <= after[-1][-1] < 72.0


def _clock_status(page: socket.socket, seconds: float) -> list[list]:
    told, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(TimeoutError):
            message = OscMessage(page.recv(65536))
            if message.address == "/riffsynth/clock_status":
                told.append(message.params)
    return told
