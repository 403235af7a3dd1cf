"""What a frame of the page costs its browser's main thread, in a headless Chromium at three sizes of screen.

`script_ms`: what runs in a frame's callbacks (median and worst), against 16.7 ms. `main_thread`: the share of
a core that all of the page's scripts, layout and messages took meanwhile. `frames_a_second`: how many were drawn; the
processor draws them here (SwiftShader), so it says nothing of a graphics card, whose part is not measured. A
`riffsynth play` on the null output plays beside it, its model making a clip for every pass (preset first-light).
"""

from __future__ import annotations

import socket
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from measuring.performance import Performance

from riffsynth.recall.preset import find_preset

sys.path += [str(Path(__file__).parents[1] / "tests"), str(Path(__file__).parents[1] / "tests" / "web")]

from browser import chromium, until

SCREENS = {
    "phone": (390, 844, 3, True),
    "laptop": (1440, 900, 2, False),
    "4K": (3840, 2160, 1, False),
}
"""CSS pixels, device pixels for each of them, and whether it is touched."""
STRETCH_S = 12.0
LEAST_FRAMES = 15
PATIENCE_S = 60.0
"""A processor that draws, and is busy, may need longer for so many."""
FRAME_MS = 1000 / 60
WATCHED = """
const real = window.requestAnimationFrame.bind(window);
window.spent = [];
let frame = 0, sum = 0;
window.requestAnimationFrame = (action) => real((time) => {
  if (time !== frame) { if (frame) window.spent.push(sum); frame = time; sum = 0; }
  const before = performance.now();
  action(time);
  sum += performance.now() - before;
});
"""


def run() -> dict[str, Any]:
    """Milliseconds of script a frame, and the main thread's share of a core, by screen."""
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
        probe.close()
        (Path(folder) / "stage").mkdir()
        stage = Performance(Path(folder) / "stage", find_preset("first-light"), "--web-port", str(port))
        stage.wait_for_model()
        driver = chromium(Path(folder) / "chromium")
        try:
            driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCHED})
            driver.execute_cdp_cmd("Performance.enable", {})
            figures = {}
            for name, (width, height, ratio, mobile) in SCREENS.items():
                size = {"width": width, "height": height, "deviceScaleFactor": ratio, "mobile": mobile}
                driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
                driver.get(f"http://127.0.0.1:{port}/")
                until(lambda: driver.execute_script("return window.riffsynth?.terrain?.frames > 5"))
                figures[name] = _figures(driver)
        finally:
            driver.quit()
            stage.stop()
    return {"budget_ms": round(FRAME_MS, 1), **figures}


def _figures(driver: Any) -> dict[str, float]:
    driver.execute_script("window.spent.length = 0")
    before, began = _metrics(driver), time.perf_counter()
    time.sleep(STRETCH_S)
    until(lambda: driver.execute_script("return window.spent.length") >= LEAST_FRAMES, PATIENCE_S)
    after, took_s = _metrics(driver), time.perf_counter() - began
    spent = np.array(driver.execute_script("return window.spent"))
    return {
        "script_ms": round(float(np.median(spent)), 2),
        "script_ms_worst": round(float(spent.max()), 2),
        "frames": spent.size,
        "main_thread": round((after["TaskDuration"] - before["TaskDuration"]) / took_s, 3),
        "frames_a_second": round(spent.size / took_s, 1),
        "mesh_step": driver.execute_script("return riffsynth.terrain.step"),
    }


def _metrics(driver: Any) -> dict[str, float]:
    answer = driver.execute_cdp_cmd("Performance.getMetrics", {})
    return {metric["name"]: metric["value"] for metric in answer["metrics"]}
