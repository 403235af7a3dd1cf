"""Makes docs/page.jpg and docs/page-phone.jpg from a running instrument: `python docs/pictures.py`.

Needs chromium with its driver, and selenium (`pip install riffsynth[test]`).
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from PIL import Image

DOCS = Path(__file__).parent
sys.path += [str(DOCS.parent / "tests"), str(DOCS.parent / "tests" / "web")]

from browser import chromium, until  # noqa: E402

PROMPTS = ("funk drums and slap bass", "warm string pad, no drums")
PLAYED_S = 14.0
DESKTOP, PHONE = (1440, 1000), (390, 844)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "riffsynth.cli", "play", "--audio", "null", "--midi", "none"]
        playing = subprocess.Popen([*command, "--osc-port", "0", "--web-port", "0"], stderr=subprocess.PIPE, text=True)
        try:
            assert playing.stderr
            line = next(line for line in playing.stderr if "page and OSCQuery on" in line)
            driver = chromium(Path(folder), *DESKTOP)
            driver.get(line.split()[-1])
            until(lambda: driver.execute_script("return window.riffsynth?.instrument.connected"))
            until(lambda: "s" in driver.find_element("id", "generation").text[-3:], 120)
            for end, prompt in zip("ab", PROMPTS, strict=True):
                field = driver.find_element("id", f"prompt-{end}")
                field.clear()
                field.send_keys(prompt + "\n")
            driver.execute_script("riffsynth.instrument.set('/riffsynth/alpha', 0.3)")
            driver.execute_script("document.activeElement.blur()")
            time.sleep(PLAYED_S)
            save(driver, "page.jpg", *DESKTOP)
            save(driver, "page-phone.jpg", *PHONE)
            driver.quit()
        finally:
            playing.terminate()
            playing.wait(10)


def save(driver: Any, name: str, width: int, height: int) -> None:
    """A picture of the window at that size, once a clip waits ahead of the playhead."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < height}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    until(
        lambda: driver.execute_script("const s = riffsynth.song; return s.entersAt - riffsynth.clock.now() > 0.8"), 60
    )
    image = Image.open(io.BytesIO(driver.get_screenshot_as_png())).convert("RGB")
    image.save(DOCS / name, quality=84, optimize=True, progressive=True)


if __name__ == "__main__":
    main()
