"""A real Firefox on a virtual screen, driven over WebDriver BiDi: it needs no driver of its own.

Without any screen it has no WebGL; on a virtual one the processor draws (llvmpipe).
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import shutil
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

START_S = 60.0
SCREEN = ("-screen", "0", "1600x1200x24", "-nolisten", "tcp")
PREFERENCES = {
    "webgl.force-enabled": True,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "remote.active-protocols": 1,
}


class Firefox:
    """One tab."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._number = 0
        self.context = ""
        self.faults: list[str] = []
        """Errors that scripts of the page did not catch, and what they wrote as errors."""

    async def command(self, method: str, **params: Any) -> Any:
        """Raises AssertionError with what Firefox says of a command that failed."""
        self._number += 1
        await self._socket.send_json({"id": self._number, "method": method, "params": params})
        while True:
            answer = await asyncio.wait_for(self._socket.receive_json(), START_S)
            if answer.get("method") == "log.entryAdded" and answer["params"]["level"] == "error":
                self.faults.append(answer["params"]["text"])
            if answer.get("id") == self._number:
                assert answer["type"] == "success", answer
                return answer["result"]

    async def open(self, url: str) -> None:
        await self.command("browsingContext.navigate", context=self.context, url=url, wait="complete")

    async def script(self, source: str) -> Any:
        """What the expression answers, through JSON."""
        target = {"context": self.context}
        params = {"expression": f"JSON.stringify({source})", "target": target, "awaitPromise": True}
        answer = await self.command("script.evaluate", **params)
        assert answer["type"] == "success", answer
        return json.loads(answer["result"].get("value", "null"))

    async def until(self, source: str, timeout_s: float = 30.0) -> Any:
        """What the expression answers once it is true."""
        deadline = time.monotonic() + timeout_s
        while not (answer := await self.script(source)):
            assert time.monotonic() < deadline, f"never: {source}; {self.faults}"
            await asyncio.sleep(0.1)
        return answer

    async def type(self, selector: str, text: str) -> None:
        """Real key presses into the element."""
        await self.script(f"void document.querySelector({json.dumps(selector)}).select()")
        keys = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        source = {"type": "key", "id": "keys", "actions": keys}
        await self.command("input.performActions", context=self.context, actions=[source])

    async def picture(self) -> bytes:
        """The window as PNG."""
        answer = await self.command("browsingContext.captureScreenshot", context=self.context)
        return base64.b64decode(answer["data"])


@asynccontextmanager
async def firefox(folder: Path, width: int = 1100, height: int = 760) -> AsyncIterator[Firefox]:
    """A Firefox with a profile of its own in `folder`; skips the test where there is none."""
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if program is None or shutil.which("Xvfb") is None:
        pytest.skip("there is no Firefox with a virtual screen (apt-get install firefox-esr xvfb libgl1-mesa-dri)")
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()]
    (folder / "user.js").write_text("\n".join(lines))
    size = (f"--width={width}", f"--height={height}")
    command = [program, "--no-remote", "--profile", str(folder), "--remote-debugging-port=0", *size]
    screen = subprocess.Popen(["Xvfb", "-displayfd", "1", *SCREEN], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert screen.stdout
    display = {"DISPLAY": f":{screen.stdout.readline().decode().strip()}", "LIBGL_ALWAYS_SOFTWARE": "1"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env={**os.environ, **display}, **quiet)
    try:
        endpoint = folder / "WebDriverBiDiServer.json"
        deadline = time.monotonic() + START_S
        while not endpoint.is_file() or not endpoint.read_text().strip():
            assert process.poll() is None and time.monotonic() < deadline, "Firefox does not start"
            await asyncio.sleep(0.1)
        said = json.loads(endpoint.read_text())
        url = f"ws://{said['ws_host']}:{said['ws_port']}/session"
        async with aiohttp.ClientSession() as session, session.ws_connect(url, max_msg_size=0) as socket:
            tab = Firefox(socket)
            await tab.command("session.new", capabilities={})
            tree = await tab.command("browsingContext.getTree")
            tab.context = tree["contexts"][0]["context"]
            await tab.command("session.subscribe", events=["log.entryAdded"])
            await tab.command(
                "browsingContext.setViewport", context=tab.context, viewport={"width": width, "height": height}
            )
            yield tab
    finally:
        for each in (process, screen):
            each.terminate()
            each.wait(20)
