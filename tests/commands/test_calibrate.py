"""`riffsynth calibrate` on a JACK server whose output is joined to its own input."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time

import pytest

PATIENCE_S = 60.0


@pytest.mark.slow
def test_the_way_through_the_server_is_found(jack_server):
    """A loop inside the server takes no time, though both sides tell of a latency: sound comes early."""
    import jack

    command = [sys.executable, "-m", "riffsynth.cli", "calibrate", "--audio", "system", "--input", "system", "--json"]
    process = subprocess.Popen([*command, "--port", "1"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    client = jack.Client("patchbay", servername=jack_server.name, no_start_server=True)
    until = time.monotonic() + PATIENCE_S
    joined = False
    while process.poll() is None and not joined and time.monotonic() < until:
        outputs = client.get_ports("PortAudio", is_audio=True, is_output=True)
        inputs = client.get_ports("PortAudio", is_audio=True, is_input=True)
        if outputs and inputs:
            with contextlib.suppress(jack.JackError):
                client.connect(outputs[0], inputs[0])
                joined = True
        time.sleep(0.05)
    said, complaint = process.communicate(timeout=PATIENCE_S)
    client.close()
    assert process.returncode == 0, complaint
    found = json.loads(said)
    assert found["clicks"] >= 10
    assert -60 < found["late_ms"] < 5
    assert found["clock_offset"] == pytest.approx(-found["late_ms"], abs=0.06)
    assert not found["told"]
