"""The page before the real instrument: what is typed there is heard, and what is moved there is told over OSC."""

from __future__ import annotations

import contextlib
import re
import socket
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from measuring.listening import spectrum_db
from pythonosc.osc_message import OscMessage

from riffsynth.control.osc_codec import encode

sys.path.append(str(Path(__file__).parent.parent / "web"))
from browser import chromium, until

RATE = 44100


@pytest.mark.slow
def test_a_prompt_typed_into_the_page_is_heard_and_alpha_moved_there_is_told(perform, tmp_path):
    performance = perform('a: {prompt: "solo bass, no drums"}\ntempo: 120\nquantize: 0\n', "--web-port", "0")
    performance.wait(lambda status: status["clips"] >= 1 and status["loudness_db"] > -50, 90)
    page = until(lambda: re.search(r"http://\S+", performance.said()))[0]
    before = performance.listen(4.0)
    driver = chromium(tmp_path / "chromium", 800, 560)
    try:
        driver.get(page)
        until(lambda: driver.execute_script("return window.riffsynth?.instrument.connected"))
        made = performance.status()["clips"]
        prompt = driver.find_element("id", "prompt-a")
        prompt.clear()
        prompt.send_keys("hi-hats and cymbals only, no bass\n")
        performance.wait(lambda status: status["clips"] > made)
        after = performance.listen(4.0)
        assert told_after(performance, lambda: driver.find_element("id", "alpha").send_keys("\ue014")) == [0.001]
    finally:
        driver.quit()
    samples = performance.stop()
    bass, hats = (spectrum_db(samples[stretch], RATE) for stretch in (before, after))
    assert np.abs(bass - hats).mean() > 6


def told_after(performance, action) -> list[float]:
    """The values of alpha that a subscriber hears of within a second of `action`."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.bind(("127.0.0.1", 0))
        ear.settimeout(0.2)
        ear.sendto(encode("/riffsynth/notify", ear.getsockname()[1]), ("127.0.0.1", performance.port))
        assert OscMessage(ear.recv(1000)).address == "/riffsynth/notify"
        action()
        heard, until_s = [], time.monotonic() + 1.0
        while time.monotonic() < until_s:
            with contextlib.suppress(TimeoutError):
                message = OscMessage(ear.recv(65536))
                if message.address == "/riffsynth/alpha":
                    heard.append(round(message.params[0], 4))
    return heard
