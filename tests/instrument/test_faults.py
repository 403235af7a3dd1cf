"""What may die while the sound goes on."""

from __future__ import annotations

import os
import signal

import numpy as np

PRESET = 'a: {prompt: "house drums"}\ndrift: true\ntempo: 150\n'


def test_a_killed_worker_costs_no_sample_and_comes_back(perform):
    performance = perform(PRESET)
    before = performance.wait(lambda status: status["clips"] >= 2, 90)
    os.kill(before["worker_pid"], signal.SIGKILL)
    after = performance.wait(
        lambda status: status["worker_starts"] == 2 and status["clips"] > before["clips"], timeout_s=60
    )
    assert after["worker_pid"] != before["worker_pid"]
    recorded = performance.stop()
    assert np.array_equal(recorded, performance.replayed())
    assert after["underruns"] == before["underruns"] or len(recorded) >= after["frame"]
    quiet = np.abs(recorded[before["frame"] : after["frame"]]).reshape(-1)
    windows = quiet[: quiet.size // 4410 * 4410].reshape(-1, 4410).max(axis=1)
    assert (windows > 1e-4).mean() > 0.9


def test_a_killed_player_comes_back_with_what_was_playing(perform):
    # Not on JACK: a synchronous server that loses a client like this stands still for a minute, for everybody.
    performance = perform(PRESET, "--audio", "null")
    before = performance.wait(lambda status: status["clips"] >= 1 and status["loudness_db"] > -60, 90)
    os.kill(before["player_pid"], signal.SIGKILL)
    performance.wait(
        lambda status: status["player_pid"] not in (0, before["player_pid"]) and status["loudness_db"] > -60, 30
    )
