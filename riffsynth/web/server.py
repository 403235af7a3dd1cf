"""The HTTP and WebSocket server: OSCQuery and the page on one port."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import io
import json
import logging
import tempfile
import time
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from aiohttp import WSCloseCode, WSMessage, WSMsgType, web

from riffsynth.channel import Channel
from riffsynth.control.osc import TO_ALL
from riffsynth.control.osc_codec import decoded
from riffsynth.control.osc_feedback import FEEDBACK_INTERVAL_S
from riffsynth.control.osc_router import WEB, Received
from riffsynth.parameters import Value
from riffsynth.preset import presets
from riffsynth.spectrogram.clip import Clip
from riffsynth.spectrogram.image import write_image
from riffsynth.timing.clock import SystemClock
from riffsynth.web import oscquery
from riffsynth.web.access import COOKIE, Access
from riffsynth.web.announcing import announced
from riffsynth.web.live import UNREAD_FRAMES, Live
from riffsynth.web.messages import (
    Answers,
    AskClip,
    Changes,
    Faulted,
    Left,
    NotServing,
    PageConfig,
    Sent,
    Serving,
    Sounding,
    Status,
    Values,
)
from riffsynth.web.takes import KEPT_S, Takes
from riffsynth.web.viewers import MOST_VIEWERS, OUTBOX_FRAMES, Viewer, Viewers

MAX_MESSAGE_BYTES = 65536
HEARTBEAT_S = 20.0
"""A client whose machine went away is noticed within this."""
CLOSE_S = 0.3
"""A client has this long to say goodbye: the instrument's end does not wait for viewers."""
FLUSH_S = 1 / 60
PAGE = Path(__file__).parent / "page"
PAGE_QUERIES = ("", "VIEW", "TOKEN")
"""Queries at `/` that a browser makes; the others are OSCQuery's."""
PROMPTS = ("a.prompt", "b.prompt")
COOKIE_S = 30 * 24 * 3600
CLIP_TIMEOUT_S = 3.0
PRESETS_S = 2.0
"""Presets are files, which come and go; between two looks."""
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def serve(connection: Connection, config: PageConfig) -> None:
    """Serves until `connection` closes."""
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL + 1)  # what a stranger sends is not worth a traceback
    with contextlib.suppress(KeyboardInterrupt), tempfile.TemporaryDirectory(prefix="riffsynth-takes-") as folder:
        asyncio.run(Page(connection, config, Path(folder)).run())


class Page:
    """The mirror of control's values, and the clients that look at it."""

    def __init__(self, connection: Connection, config: PageConfig, folder: Path) -> None:
        """Takes are kept in `folder`."""
        self._connection, self._config = connection, config
        self._access = Access(config.token)
        self._clock = SystemClock()
        self._values: dict[str, Value] = {}
        self._choices: dict[str, list[str]] = {"preset": []}
        self._viewers = Viewers(self._values)
        self._live = Live(Takes(folder))
        self._asked: list[asyncio.Future[Clip | None]] = []
        """Who waits for the clip that plays."""
        self._sockets: set[web.WebSocketResponse] = set()
        self._numbers = 0
        self._port = config.port

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        self._news, self._moving = asyncio.Event(), asyncio.Event()
        self._channel = Channel(
            self._connection, "control", lambda: _quietly(loop.call_soon_threadsafe, self._news.set)
        )
        while not self._values and not self._channel.closed:
            await self._read()
        runner = web.AppRunner(self._application(), access_log=None, handle_signals=False, keepalive_timeout=30.0)
        await runner.setup()
        try:
            site = web.TCPSite(runner, self._config.host, self._config.port, shutdown_timeout=0.5)
            await site.start()
        except (OSError, OverflowError) as error:
            self._channel.send(NotServing(_no_port(self._config, error)))
            self._channel.close()
            return
        self._port = runner.addresses[0][1]
        self._channel.send(Serving(self._port))
        tasks = [asyncio.create_task(task()) for task in (self._flush, self._watch_presets, self._announce)]
        while not self._channel.closed:
            await self._read()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*(socket.close(code=WSCloseCode.GOING_AWAY) for socket in self._sockets))
        await asyncio.wait(tasks, timeout=1.0)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(runner.cleanup(), 2.0)

    async def _read(self) -> None:
        await self._news.wait()
        self._news.clear()
        for message in self._channel.receive():
            self._take(message)

    def _take(self, message: Any) -> None:
        if isinstance(message, Values):
            self._values.update(message.values)
            for name in reversed(PROMPTS):
                self._live.prompt(str(self._values[name]))
        elif isinstance(message, Changes):
            for change in message.changes:
                if change.name in self._values:
                    self._values[change.name] = change.value
                self._viewers.changed(change)
                if change.name in PROMPTS:
                    self._live.prompt(str(change.value))
            self._moving.set()
        elif isinstance(message, Answers):
            for reply in message.replies:
                (self._live.said if reply.to == TO_ALL else self._viewers.answer)(reply)
        elif isinstance(message, Sounding):
            for asked in self._asked:
                if not asked.done():
                    asked.set_result(message.clip)
            self._asked.clear()
        elif isinstance(message, Status):
            self._live.status(message.status, message.now)
        else:
            self._live.player(message)

    async def _flush(self) -> None:
        """Tells viewers of changes: often while something moves, not at all while nothing does."""
        while True:
            await self._moving.wait()
            self._moving.clear()
            rests = self._clock.now() + 2 * FEEDBACK_INTERVAL_S
            while (now := self._clock.now()) < rests:
                self._viewers.flush(now)
                await asyncio.sleep(FLUSH_S)

    async def _watch_presets(self) -> None:
        """Keeps the presets that can be chosen by name."""
        while True:
            found = await asyncio.to_thread(lambda: sorted(presets()))
            if found != self._choices["preset"]:
                self._choices["preset"] = found
                self._viewers.broadcast(json.dumps({"COMMAND": "PATH_CHANGED", "DATA": "/riffsynth/preset"}))
            await asyncio.sleep(PRESETS_S)

    async def _announce(self) -> None:
        async with announced(self._config, self._port):
            await asyncio.Event().wait()

    # HTTP

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[self._guard], client_max_size=MAX_MESSAGE_BYTES)
        router = application.router
        router.add_get("/live", self._live_socket)
        router.add_get("/recent.wav", self._recent)
        router.add_get("/takes/{name}", self._take_file)
        router.add_get("/clip.png", self._clip_image)
        router.add_static("/page/", PAGE)
        router.add_get("/{path:.*}", self._get)
        return application

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        tokens = (request.query.get("token"), request.cookies.get(COOKIE), bearer)
        refusal = self._access.refusal(request.headers.get("Host"), request.headers.get("Origin"), tokens)
        if refusal:
            return web.Response(status=403, text=refusal + "\n")
        try:
            response = await handler(request)
        except (web.HTTPException, ConnectionError):
            raise
        except Exception as error:
            self._channel.send(Faulted(f"the page could not answer {request.path[:80]!r} ({error!r})"))
            raise
        if not response.prepared:
            response.headers.update(HEADERS)
        return response

    async def _get(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._oscquery_socket(request)
        asked = request.query_string.upper().split("&")[0].split("=")[0]
        if request.path == "/" and "text/html" in request.headers.get("Accept", "") and asked in PAGE_QUERIES:
            return self._index(request)
        return self._oscquery(request)

    def _index(self, request: web.Request) -> web.StreamResponse:
        token = request.query.get("token")
        if token is None:
            return web.FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-cache"})
        kept = "&".join(f"{name}={value}" for name, value in request.query.items() if name != "token")
        response = web.Response(status=303, headers={"Location": "/" + (f"?{kept}" if kept else "")})
        response.set_cookie(COOKIE, token, httponly=True, samesite="Strict", max_age=COOKIE_S)
        return response

    async def _recent(self, request: web.Request) -> web.Response:
        try:
            seconds = min(KEPT_S, max(0.0, float(request.query.get("seconds", "60"))))
        except ValueError:
            return web.Response(status=400, text="seconds is a number\n")
        data = await asyncio.to_thread(self._live.takes.recent, seconds if seconds == seconds else 0.0)
        return web.Response(body=data, content_type="audio/wav", headers=_attached("just-heard.wav"))

    async def _clip_image(self, request: web.Request) -> web.Response:
        """The clip that plays as an image with its settings inside."""
        asked: asyncio.Future[Clip | None] = asyncio.get_running_loop().create_future()
        self._asked.append(asked)
        self._channel.send(AskClip())
        with contextlib.suppress(TimeoutError):
            if clip := await asyncio.wait_for(asked, CLIP_TIMEOUT_S):
                file = io.BytesIO()
                await asyncio.to_thread(write_image, clip, file)
                return web.Response(body=file.getvalue(), content_type="image/png", headers=_attached("clip.png"))
        return web.Response(status=404, text="no clip plays\n")

    async def _take_file(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if name not in self._live.takes.names():
            return web.Response(status=404, text="there is no such take\n")
        return web.FileResponse(self._live.takes.folder / name, headers=_attached(name))

    def _oscquery(self, request: web.Request) -> web.Response:
        asked = request.query_string.split("&")[0].split("=")[0].upper()
        if asked == "HOST_INFO":
            return _json(self._host_info(request))
        found = oscquery.node(request.path, self._values, self._choices)
        if found is None:
            return web.Response(status=404, text=f"there is nothing at {request.path[:80]}\n")
        if asked in ("", "TOKEN"):
            return _json(found)
        if asked not in oscquery.ATTRIBUTES:
            return web.Response(status=400, text=f"{asked[:80]} is no attribute of OSCQuery\n")
        answer = oscquery.attribute(found, asked)
        return web.Response(status=204) if answer is None else _json(answer)

    def _host_info(self, request: web.Request) -> dict[str, Any]:
        here = (request.get_extra_info("sockname") or ("127.0.0.1",))[0]
        osc_ip = here if self._config.osc_host in ("0.0.0.0", "::") else self._config.osc_host
        return oscquery.host_info("riffsynth", osc_ip, self._config.osc_port, here, self._port)

    # WebSockets

    async def _oscquery_socket(self, request: web.Request) -> web.StreamResponse:
        def take(viewer: Viewer, message: WSMessage) -> None:
            if message.type is WSMsgType.BINARY:
                received = Received(decoded(message.data), viewer.address, self._clock.now(), time.time())
                self._channel.send(Sent(received))
            elif message.type is WSMsgType.TEXT:
                self._command(viewer, message.data)

        return await self._socket(request, self._viewers, take, OUTBOX_FRAMES)

    async def _live_socket(self, request: web.Request) -> web.StreamResponse:
        def take(viewer: Viewer, message: WSMessage) -> None:
            if message.type is WSMsgType.TEXT:
                self._live.command(viewer, message.data)

        return await self._socket(request, self._live, take, UNREAD_FRAMES)

    async def _socket(
        self,
        request: web.Request,
        hub: Viewers | Live,
        take: Callable[[Viewer, WSMessage], None],
        unread: int,
    ) -> web.StreamResponse:
        """One client of `hub` until it leaves."""
        socket = web.WebSocketResponse(
            timeout=CLOSE_S, heartbeat=HEARTBEAT_S, max_msg_size=MAX_MESSAGE_BYTES, compress=False
        )
        if not socket.can_prepare(request):
            return web.Response(status=400, text="this address is a WebSocket\n")
        if len(hub) >= MOST_VIEWERS:
            return web.Response(status=503, text=f"{MOST_VIEWERS} clients are connected; close one of them\n")
        await socket.prepare(request)
        self._numbers += 1
        viewer = Viewer((WEB + str(request.remote), self._numbers), socket, unread)
        hub.add(viewer)
        self._sockets.add(socket)
        pump = asyncio.create_task(self._pump(viewer, socket))
        try:
            async for message in socket:
                take(viewer, message)
        finally:
            pump.cancel()
            hub.remove(viewer)
            self._sockets.discard(socket)
            self._channel.send(Left(viewer.address))
        return socket

    async def _pump(self, viewer: Viewer, socket: web.WebSocketResponse) -> None:
        with contextlib.suppress(ConnectionError, RuntimeError):
            await viewer.pump()
            await socket.close(code=1013, message=b"too slow")

    def _command(self, viewer: Viewer, text: str) -> None:
        """OSCQuery's commands; others are none of ours, and nonsense is ignored, as the proposal leaves it."""
        try:
            command = json.loads(text)
            name, path = command["COMMAND"], command["DATA"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return
        if isinstance(path, str) and name == "LISTEN":
            self._viewers.listen(viewer, path)
        elif isinstance(path, str) and name == "IGNORE":
            self._viewers.ignore(viewer, path)


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def _json(value: Any) -> web.Response:
    return web.Response(text=json.dumps(value), content_type="application/json")


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
