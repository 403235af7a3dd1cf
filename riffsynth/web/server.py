"""The page's process: it serves OSCQuery and the page on one port, until control closes the channel."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import tempfile
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from aiohttp import WSCloseCode, web

from riffsynth.control.osc_feedback import FEEDBACK_INTERVAL_S
from riffsynth.processes.channel import Channel
from riffsynth.processes.heap import Trimming
from riffsynth.recall.preset import presets
from riffsynth.timing.clock import SystemClock
from riffsynth.web.announcing import announced
from riffsynth.web.answering import Answering
from riffsynth.web.messages import Alive, NotServing, PageConfig, Serving
from riffsynth.web.served import Served
from riffsynth.web.takes import Takes

FLUSH_S = 1 / 60
ALIVE_S = 1.0
FILES_S = 2.0
"""Presets and snapshots are files, which come and go; between two looks."""
STORED_S = 0.2
"""A snapshot that was stored just now is a file after this."""


def serve(connection: Connection, config: PageConfig) -> None:
    """Serves until `connection` closes."""
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL + 1)  # what a stranger sends is not worth a traceback
    with contextlib.suppress(KeyboardInterrupt), tempfile.TemporaryDirectory(prefix="riffsynth-takes-") as folder:
        asyncio.run(Page(connection, config, config.takes or Path(folder)).run())


class Page:
    """Runs the server, and what has to be done from time to time."""

    def __init__(self, connection: Connection, config: PageConfig, folder: Path) -> None:
        """Takes are kept in `folder`."""
        self._connection, self._config = connection, config
        self._clock = SystemClock()
        self._served = Served(Takes(folder), lambda message: self._channel.send(message), self._clock.now)
        self._answering = Answering(self._served, config)

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        self._channel = Channel(
            self._connection, "control", lambda: _quietly(loop.call_soon_threadsafe, self._news.set)
        )
        while not self._served.values and not self._channel.closed:
            await self._read()
        application = self._answering.application()
        runner = web.AppRunner(application, access_log=None, handle_signals=False, keepalive_timeout=30.0)
        await runner.setup()
        try:
            site = web.TCPSite(runner, self._config.host, self._config.port, shutdown_timeout=0.5)
            await site.start()
        except (OSError, OverflowError) as error:
            self._channel.send(NotServing(_no_port(self._config, error)))
            self._channel.close()
            return
        self._answering.port = runner.addresses[0][1]
        self._channel.send(Serving(self._answering.port))
        on_the_side = (self._flush, self._watch_files, self._announce, self._live_on)
        tasks = [asyncio.create_task(task()) for task in on_the_side]
        while not self._channel.closed:
            await self._read()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*(socket.close(code=WSCloseCode.GOING_AWAY) for socket in self._answering.sockets))
        await asyncio.wait(tasks, timeout=1.0)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(runner.cleanup(), 2.0)

    async def _read(self) -> None:
        await self._news.wait()
        self._news.clear()
        for message in self._channel.receive():
            self._served.take(message)

    async def _flush(self) -> None:
        """Tells viewers of changes: often while something moves, not at all while nothing does."""
        while True:
            await self._served.moving.wait()
            self._served.moving.clear()
            rests = self._clock.now() + 2 * FEEDBACK_INTERVAL_S
            while (now := self._clock.now()) < rests:
                self._served.viewers.flush(now)
                await asyncio.sleep(FLUSH_S)

    async def _watch_files(self) -> None:
        """Keeps the presets that can be chosen by name, and the snapshots of the preset that is open."""
        while True:
            self._served.choose_presets(await asyncio.to_thread(lambda: sorted(presets())))
            self._served.live.snapshots(await asyncio.to_thread(_numbers, self._served.beside.snapshots))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._served.stored.wait(), FILES_S)
                await asyncio.sleep(STORED_S)
            self._served.stored.clear()

    async def _announce(self) -> None:
        async with announced(self._config, self._answering.port):
            await asyncio.Event().wait()

    async def _live_on(self) -> None:
        trimming = Trimming()
        while True:
            self._channel.send(Alive())
            trimming.poll(self._clock.now())
            await asyncio.sleep(ALIVE_S)


def _numbers(folder: Path | None) -> list[int]:
    """The snapshots that are stored in `folder`."""
    stems = [file.stem for file in folder.glob("*.yaml")] if folder else []
    return sorted(int(stem) for stem in stems if stem.isdigit())


def _no_port(config: PageConfig, error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return (
            f"there is no page: port {config.port} is in use by another program (another riffsynth?); "
            "choose another with --web-port"
        )
    return f"there is no page: it cannot listen on {config.host} port {config.port} ({error})"


def _quietly(call: Callable[..., object], *args: Any) -> None:
    """The loop may be closed already: then nobody is left who wants the news."""
    with contextlib.suppress(RuntimeError):
        call(*args)
