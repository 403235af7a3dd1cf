"""Workers on a Ray cluster while the real daemon plays: one that dies, a cluster that is gone, and comes back."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest
from ray_parts import GPUS, LocalCluster, free_port, ray_folder, served

from riffsynth.errors import RiffsynthError
from riffsynth.remote.client import Connection

__all__ = ["ray_folder"]

PRESET = 'a: {prompt: "house drums"}\ndrift: true\ntempo: 150\nsteps: 4\n'
QUIET = 1e-4
WINDOW = 4410
TOKEN = "secret"
COMES_UP_S = 90.0


def until(condition: Callable[[], bool], timeout_s: float = COMES_UP_S) -> None:
    end = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.2)


def workers_up(connection: Connection) -> int:
    try:
        return int(connection.model().device.split(" x ")[0])
    except RiffsynthError:
        return 0


@pytest.mark.slow
def test_replicas_and_then_the_cluster_die_while_it_plays(perform, ray_folder) -> None:
    cluster = LocalCluster(ray_folder)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    connection = Connection(address, TOKEN)
    try:
        with served(cluster.address, port, "--token", TOKEN):
            until(lambda: workers_up(connection) == GPUS)
            performance = perform(PRESET, "--workers", address, "--token", TOKEN)
            performance.wait(lambda status: f"plays the embedded model on {GPUS} x cpu" in performance.said(), 90)
            before = performance.wait(lambda status: status["clips"] >= 2)

            for replica in cluster.replicas()[:1]:
                replica.kill()
            after = performance.wait(lambda status: status["clips"] >= before["clips"] + 3)
            assert "is gone" not in performance.said()  # the other one has made it
            until(lambda: workers_up(connection) == GPUS)

            cluster.kill()
            performance.wait(lambda status: "is gone" in performance.said())
            here = performance.wait(lambda status: status["clips"] >= after["clips"] + 2)

            cluster = LocalCluster(ray_folder, cluster.port)
            performance.wait(lambda status: performance.said().count("plays the embedded model on") == 2, 90)
            last = performance.wait(lambda status: status["clips"] >= here["clips"] + 2)
            recorded = performance.stop()
    finally:
        cluster.kill()
    assert np.array_equal(recorded, performance.replayed())
    if last["underruns"] == before["underruns"]:
        heard = np.abs(recorded[before["frame"] + WINDOW : last["frame"]])
        assert (heard[: len(heard) // WINDOW * WINDOW].reshape(-1, WINDOW).max(axis=1) > QUIET).all()
