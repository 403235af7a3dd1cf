"""The page in a real Firefox: it connects, draws, and plays."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import numpy as np
import pytest
from firefox import firefox
from PIL import Image

SHOTS = Path(__file__).parent / "screenshots"


@pytest.mark.slow
@pytest.mark.realtime
def test_firefox_shows_the_picture_and_plays(new_desk, tmp_path):
    desk = new_desk(sounding=True)

    async def scene():
        async with firefox(tmp_path / "profile") as browser:
            await browser.open(desk.url)
            await browser.until("window.riffsynth?.instrument.connected")
            await browser.type("#prompt-a", "solo double bass, walking\ue007")
            await browser.until("document.querySelector('#history').textContent.includes('double bass')")
            assert desk.get("a.prompt") == "solo double bass, walking"
            desk.set("alpha", 0.8)
            await browser.until("Math.abs(document.querySelector('#alpha').value - 0.8) < 1e-3")
            await browser.until("riffsynth.terrain?.frames > 5 && riffsynth.song.last > 0")
            await asyncio.sleep(1.0)
            pictures = [await browser.picture()]
            await asyncio.sleep(1.0)
            pictures.append(await browser.picture())
            assert browser.faults == []
            return pictures

    before, after = asyncio.run(scene())
    SHOTS.mkdir(exist_ok=True)
    (SHOTS / "firefox.png").write_bytes(after)
    levels = [np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), np.float32)[60:480] for data in (before, after)]
    assert levels[1].std() > 8
    assert abs(levels[1] - levels[0]).mean() > 0.5
