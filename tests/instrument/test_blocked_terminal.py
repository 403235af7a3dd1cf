"""A terminal that takes nothing more (Ctrl-S, a hung connection) must not be heard."""

from __future__ import annotations

import os
import pty
import select
import time

import numpy as np

PRESET = 'a: {prompt: "house drums"}\ntempo: 120\n'


def test_a_terminal_that_is_not_read_holds_up_neither_the_music_nor_control(perform, monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    unread, terminal = pty.openpty()
    os.set_blocking(terminal, True)
    performance = perform(PRESET, "--audio", "null", terminal=terminal)
    performance.wait(lambda status: status["loudness_db"] > -60, 90)
    until = time.monotonic() + 60
    while select.select([], [terminal], [], 0)[1]:
        assert time.monotonic() < until, "the screen was never drawn"
        time.sleep(0.1)
    start = performance.play_on(0.5)
    performance.send("/riffsynth/tempo", 90.0)
    performance.wait(lambda status: status["tempo"] == 90, 10)
    end = performance.play_on(1.0)
    recorded = performance.stop()
    os.close(terminal)
    os.close(unread)
    windows = np.abs(recorded[start:end]).reshape(-1)[: (end - start) // 4410 * 4410].reshape(-1, 4410).max(axis=1)
    assert (windows > 1e-4).all()
