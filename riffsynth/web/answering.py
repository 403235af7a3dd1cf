"""What the page's server answers over HTTP and WebSockets: OSCQuery, the page, recordings."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import WSMessage, WSMsgType, web

from riffsynth.control.osc_router import WEB
from riffsynth.spectrogram.image import write_image
from riffsynth.web import oscquery
from riffsynth.web.access import COOKIE, Access
from riffsynth.web.live import UNREAD_FRAMES, Live
from riffsynth.web.messages import Faulted, Left, PageConfig
from riffsynth.web.served import Served
from riffsynth.web.takes import KEPT_S
from riffsynth.web.viewers import MOST_VIEWERS, OUTBOX_FRAMES, Viewer, Viewers

MAX_MESSAGE_BYTES = 65536
HEARTBEAT_S = 20.0
"""A client whose machine went away is noticed within this."""
CLOSE_S = 0.3
"""A client has this long to say goodbye: the instrument's end does not wait for viewers."""
PAGE = Path(__file__).parent / "page"
PAGE_QUERIES = ("", "VIEW", "TOKEN")
"""Queries at `/` that a browser makes; the others are OSCQuery's."""
COOKIE_S = 30 * 24 * 3600
CLIP_TIMEOUT_S = 3.0
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Answering:
    """The application, and the sockets that are open."""

    def __init__(self, served: Served, config: PageConfig) -> None:
        self._served, self._config = served, config
        self._access = Access(config.token)
        self.port = config.port
        """Where it is reached, once that is known."""
        self.sockets: set[web.WebSocketResponse] = set()
        self._numbers = 0

    def application(self) -> web.Application:
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
            self._served.send(Faulted(f"the page could not answer {request.path[:80]!r} ({error!r})"))
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
        data = await asyncio.to_thread(self._served.live.takes.recent, seconds if seconds == seconds else 0.0)
        return web.Response(body=data, content_type="audio/wav", headers=_attached("just-heard.wav"))

    async def _clip_image(self, request: web.Request) -> web.Response:
        """The clip that plays as an image with its settings inside."""
        with contextlib.suppress(TimeoutError):
            if clip := await self._served.clip(CLIP_TIMEOUT_S):
                file = io.BytesIO()
                await asyncio.to_thread(write_image, clip, file)
                return web.Response(body=file.getvalue(), content_type="image/png", headers=_attached("clip.png"))
        return web.Response(status=404, text="no clip plays\n")

    async def _take_file(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if name not in self._served.live.takes.names():
            return web.Response(status=404, text="there is no such take\n")
        return web.FileResponse(self._served.live.takes.folder / name, headers=_attached(name))

    def _oscquery(self, request: web.Request) -> web.Response:
        asked = request.query_string.split("&")[0].split("=")[0].upper()
        if asked == "HOST_INFO":
            return _json(self._host_info(request))
        found = oscquery.node(request.path, self._served.values, self._served.choices)
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
        return oscquery.host_info("riffsynth", osc_ip, self._config.osc_port, here, self.port)

    # WebSockets

    async def _oscquery_socket(self, request: web.Request) -> web.StreamResponse:
        def take(viewer: Viewer, message: WSMessage) -> None:
            if message.type is WSMsgType.BINARY:
                self._served.packet(message.data, viewer.address)
            elif message.type is WSMsgType.TEXT:
                self._command(viewer, message.data)

        return await self._socket(request, self._served.viewers, take, OUTBOX_FRAMES)

    async def _live_socket(self, request: web.Request) -> web.StreamResponse:
        def take(viewer: Viewer, message: WSMessage) -> None:
            if message.type is WSMsgType.TEXT:
                self._served.live.command(viewer, message.data)

        return await self._socket(request, self._served.live, take, UNREAD_FRAMES)

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
        self.sockets.add(socket)
        pump = asyncio.create_task(self._pump(viewer, socket))
        try:
            async for message in socket:
                take(viewer, message)
        finally:
            pump.cancel()
            hub.remove(viewer)
            self.sockets.discard(socket)
            self._served.send(Left(viewer.address))
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
            self._served.viewers.listen(viewer, path)
        elif isinstance(path, str) and name == "IGNORE":
            self._served.viewers.ignore(viewer, path)


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def _json(value: Any) -> web.Response:
    return web.Response(text=json.dumps(value), content_type="application/json")
