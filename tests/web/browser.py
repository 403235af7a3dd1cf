"""A real Chromium without a screen, and without a graphics card: WebGL is drawn by the processor."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from real_parts import missing

FLAGS = (
    *("--headless=new", "--no-sandbox", "--no-first-run", "--disable-sync", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update"),
    *("--use-angle=swiftshader", "--enable-unsafe-swiftshader"),
)
WAIT_S = 30.0


def chromium(folder: Path, width: int = 1100, height: int = 760) -> Any:
    """A driver of selenium's; skips the test where there is no Chromium."""
    browser, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if browser is None or driver is None:
        missing("there is no chromium with its driver (apt-get install chromium chromium-driver)")
    try:
        from selenium import webdriver
        from selenium.webdriver.chrome.service import Service
    except ImportError:
        missing("selenium is not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for flag in (*FLAGS, f"--user-data-dir={folder}", f"--window-size={width},{height}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options=options, service=Service(driver))


def until(condition: Callable[[], Any], timeout_s: float = WAIT_S) -> Any:
    """What `condition` answers once it is true."""
    deadline = time.monotonic() + timeout_s
    while not (answer := condition()):
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.05)
    return answer


def picture(driver: Any, folder: Path) -> np.ndarray:
    """The timeline as it is shown (rows, columns, RGB)."""
    path = folder / "timeline.png"
    driver.find_element("id", "terrain").screenshot(str(path))
    return np.asarray(Image.open(path).convert("RGB"), np.float32)
