"""The far end's door: POST /clips makes a clip, GET /model tells of what; instruments that share it take turns.

Each instrument has at most one request waiting: a newer one takes its place, and the older is answered with 409. One
whose instrument has gone is abandoned at its next step. What stands behind the door is a `Maker`.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator, Callable

from aiohttp import web

from riffsynth.diffusion.model_error import UnfitFile
from riffsynth.diffusion.request import ClipRequest
from riffsynth.errors import RiffsynthError
from riffsynth.remote.making import Maker, NobodyThere
from riffsynth.remote.turns import Crowded, Job, Overtaken, Turns
from riffsynth.remote.wire import (
    LARGEST_BODY,
    packed_model,
    packed_request,
    packed_unfit,
    unpacked_clip,
    unpacked_request,
)
from riffsynth.spectrogram.clip import Clip

CLIPS, MODEL = "/clips", "/model"
INSTRUMENT = "X-Instrument"
"""A header that tells instruments apart."""


class ClipServer:
    """Lets requests in, one turn after the other, and hands them to `maker`."""

    def __init__(
        self, maker: Maker, token: str | None = None, tell: Callable[[str], object] = lambda text: None
    ) -> None:
        """With a `token`, only those who send it as a bearer are let in; `tell` hears a line of what went wrong."""
        self._maker = maker
        self._token = token
        self._tell = tell
        self._turns = Turns()
        self._making: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def add_to(self, app: web.Application) -> None:
        """The application must be served with `handler_cancellation`, to notice who hangs up."""
        app.router.add_get(MODEL, self._model)
        app.router.add_post(CLIPS, self._clips)
        app.cleanup_ctx.append(self._working)

    async def ask(self, instrument: str, body: bytes) -> bytes:
        """The packed clip to a packed request when its turn has come.

        Raises Crowded, Overtaken, NobodyThere, and what the maker raises. Cancelled, it is given up at its next step.
        """
        if not self._maker.places.count:
            raise NobodyThere
        unpacked_request(body)  # what is none is refused before it waits
        return await self._turns.ask(instrument, body).answer

    def call(self, instrument: str, request: ClipRequest) -> Clip:
        """`ask` for another thread than the server's."""
        assert self._loop, "it serves nothing yet"
        asked = asyncio.run_coroutine_threadsafe(self.ask(instrument, packed_request(request)), self._loop)
        return unpacked_clip(asked.result(), request)

    async def _model(self, request: web.Request) -> web.Response:
        if not self._allowed(request):
            return web.Response(status=401, text="a token is needed")
        try:
            return web.Response(body=packed_model(self._maker.model), content_type="application/json")
        except NobodyThere as error:
            return web.Response(status=503, text=str(error))

    async def _clips(self, request: web.Request) -> web.Response:
        if not self._allowed(request):
            return web.Response(status=401, text="a token is needed")
        instrument = request.headers.get(INSTRUMENT, request.remote or "")
        try:
            body = await self.ask(instrument, await request.read())
        except Overtaken:
            return web.Response(status=409, text="overtaken by a newer request")
        except Crowded:
            return web.Response(status=503, text="too many instruments wait already")
        except NobodyThere as error:
            return web.Response(status=503, text=str(error))
        except UnfitFile as error:
            return web.Response(status=400, text=" ".join(str(error).split()), headers=packed_unfit(error))
        except RiffsynthError as error:
            return web.Response(status=400, text=" ".join(str(error).split()))
        except Exception as error:  # out of memory, a driver's fault: the next request may well succeed
            line = " ".join(str(error).split()) or type(error).__name__
            self._tell(line)
            return web.Response(status=500, text=line)
        return web.Response(body=body, content_type="application/octet-stream")

    def _allowed(self, request: web.Request) -> bool:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return self._token is None or hmac.compare_digest(given.encode(), self._token.encode())

    async def _working(self, app: web.Application) -> AsyncIterator[None]:
        self._loop = asyncio.get_running_loop()
        task = asyncio.create_task(self._work())
        yield
        for each in (task, *self._making):
            each.cancel()

    async def _work(self) -> None:
        while True:
            await self._maker.places.take()
            task = asyncio.create_task(self._make(await self._turns.next()))
            self._making.add(task)
            task.add_done_callback(self._making.discard)

    async def _make(self, job: Job) -> None:
        making = asyncio.ensure_future(self._maker.clip(job.body))
        job.answer.add_done_callback(lambda answer: making.cancel())  # also when who asked has hung up
        try:
            body = await making
        except asyncio.CancelledError:
            job.answer.cancel()
        except Exception as error:
            if not job.answer.done():
                job.answer.set_exception(error)
        else:
            if not job.answer.done():
                job.answer.set_result(body)
        finally:
            self._maker.places.give()


def clip_application(server: ClipServer) -> web.Application:
    """An application that does nothing else."""
    app = web.Application(client_max_size=LARGEST_BODY)
    server.add_to(app)
    return app
