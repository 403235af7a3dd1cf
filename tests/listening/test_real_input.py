"""The listener on a real JACK server: what another program plays into it is heard."""

from __future__ import annotations

import time

import numpy as np
import pytest
from real_parts import JackServer

from riffsynth.listening.messages import Deaf, Heard, Listen
from riffsynth.listening.process import ListenerConfig, start_listener
from riffsynth.spectrogram.mel import band_centres

RATE = 44100
HEARD_S = 3.0


@pytest.mark.slow
def test_what_is_played_into_the_input_is_heard(jack_server: JackServer) -> None:
    jack = pytest.importorskip("jack")
    process, channel = start_listener(ListenerConfig(), lambda: None)

    def heard() -> Heard | Deaf:
        now = time.perf_counter()
        channel.send(Listen(now - HEARD_S, now, 0.0))
        channel.wait(10.0)
        return channel.receive()[-1]

    client = jack.Client("singer")
    out = client.outports.register("out")
    frames_done = 0

    @client.set_process_callback
    def sing(frames: int) -> None:
        nonlocal frames_done
        out.get_array()[:] = 0.3 * np.sin(2 * np.pi * 440 * (frames_done + np.arange(frames)) / RATE)
        frames_done += frames

    try:
        deadline = time.monotonic() + 30
        ports: list = []
        while not ports and time.monotonic() < deadline:
            time.sleep(0.2)
            ports = [port for port in client.get_ports("PortAudio", is_input=True, is_audio=True)]
        assert ports, "the listener has not opened the input"
        time.sleep(HEARD_S + 1)
        silent = heard()
        assert isinstance(silent, Deaf) and "silent" in silent.text
        client.activate()
        for port in ports:
            for source in client.get_all_connections(port):
                client.disconnect(source, port)
            client.connect(out, port)
        time.sleep(HEARD_S + 1)
        sung = heard()
        assert isinstance(sung, Heard)
        loudest = int(sung.clip.mel.mean(axis=1).argmax())
        assert band_centres(sung.clip.spec)[loudest] == pytest.approx(440, abs=15)
    finally:
        client.deactivate()
        client.close()
        channel.close()
        process.join(10)
    assert process.exitcode == 0
