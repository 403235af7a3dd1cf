"""The far end: POST /clips makes one clip at a time, and instruments that share it take turns.

Each instrument has at most one request waiting: a newer one takes its place, and the older is answered with 409. One
whose instrument has gone is abandoned at its next step.
"""

from __future__ import annotations

import asyncio
import hmac
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from aiohttp import web

from riffsynth.diffusion.request import ClipRequest
from riffsynth.errors import RiffsynthError
from riffsynth.remote.wire import LARGEST_BODY, WireError, packed_clip, unpacked_request
from riffsynth.spectrogram.clip import Clip

CLIPS, MODEL = "/clips", "/model"
INSTRUMENT = "X-Instrument"
"""A header that tells instruments apart."""
MOST_INSTRUMENTS = 64


class MakesClips(Protocol):
    """A Generator, as far as it is used here."""

    model: Any

    def generate(self, request: ClipRequest, on_step: Callable[[int, int], None]) -> Clip: ...


class _Gone(Exception):
    """Whoever asked has hung up."""


@dataclass(eq=False)
class _Job:
    request: ClipRequest
    answer: asyncio.Future[bytes]
    gone: threading.Event = field(default_factory=threading.Event)


class _Turns:
    """Whose turn it is: the instruments in the order in which they asked, one waiting request each."""

    def __init__(self) -> None:
        self.waiting: OrderedDict[str, _Job] = OrderedDict()
        self.news = asyncio.Event()

    def ask(self, instrument: str, job: _Job) -> None:
        """A newer request keeps the older one's place."""
        before = self.waiting.get(instrument)
        self.waiting[instrument] = job
        if before and not before.answer.done():
            before.answer.set_exception(_Overtaken())
        self.news.set()

    async def next(self) -> _Job:
        while not self.waiting:
            self.news.clear()
            await self.news.wait()
        return self.waiting.popitem(last=False)[1]


class _Overtaken(Exception):
    pass


def add_clips(
    app: web.Application,
    generator: MakesClips,
    lock: threading.Lock,
    token: str | None = None,
    loras: Path | None = None,
    tell: Callable[[str], object] = lambda text: None,
) -> None:
    """Adds /model and /clips to an application. `lock` is held while the model is used.

    With a `token`, only those who send it as a bearer are let in. LoRAs are looked for in the folder `loras`.
    """
    turns = _Turns()

    def allowed(request: web.Request) -> bool:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return token is None or hmac.compare_digest(given.encode(), token.encode())

    async def model(request: web.Request) -> web.Response:
        if not allowed(request):
            return web.Response(status=401, text="a token is needed")
        made = generator.model
        return web.json_response(
            {
                "model": made.name,
                "device": str(made.device),
                "spec": asdict(made.spec),
                "steps": made.defaults.steps,
            }
        )

    async def clips(request: web.Request) -> web.StreamResponse:
        if not allowed(request):
            return web.Response(status=401, text="a token is needed")
        instrument = request.headers.get(INSTRUMENT, request.remote or "")
        try:
            wanted = _with_loras(unpacked_request(await request.read()), loras)
        except RiffsynthError as error:
            return web.Response(status=400, text=str(error))
        if instrument not in turns.waiting and len(turns.waiting) >= MOST_INSTRUMENTS:
            return web.Response(status=503, text="too many instruments wait already")
        job = _Job(wanted, asyncio.get_running_loop().create_future())
        turns.ask(instrument, job)
        try:
            return web.Response(body=await job.answer, content_type="application/octet-stream")
        except _Overtaken:
            return web.Response(status=409, text="overtaken by a newer request")
        except RiffsynthError as error:
            return web.Response(status=400, text=" ".join(str(error).split()))
        except Exception as error:  # out of memory, a driver's fault: the next request may well succeed
            line = " ".join(str(error).split()) or type(error).__name__
            tell(line)
            return web.Response(status=500, text=line)
        finally:
            job.gone.set()  # also when the connection was closed, which cancels this handler

    async def work() -> None:
        while True:
            job = await turns.next()
            try:
                body = await asyncio.to_thread(_made, generator, lock, job)
            except _Gone:
                job.answer.cancel()
            except Exception as error:
                if not job.answer.done():
                    job.answer.set_exception(error)
            else:
                if not job.answer.done():
                    job.answer.set_result(body)

    async def working(app: web.Application) -> Any:
        task = asyncio.create_task(work())
        yield
        task.cancel()

    app.router.add_get(MODEL, model)
    app.router.add_post(CLIPS, clips)
    app.cleanup_ctx.append(working)


def clip_application(generator: MakesClips, token: str | None = None, loras: Path | None = None) -> web.Application:
    """An application that does nothing else. It must be served with `handler_cancellation`, to notice who hangs up."""
    app = web.Application(client_max_size=LARGEST_BODY)
    add_clips(app, generator, threading.Lock(), token, loras)
    return app


def _made(generator: MakesClips, lock: threading.Lock, job: _Job) -> bytes:
    def on_step(step: int, steps: int) -> None:
        if job.gone.is_set():
            raise _Gone

    on_step(0, 0)
    with lock:
        return packed_clip(generator.generate(job.request, on_step))


def _with_loras(request: ClipRequest, folder: Path | None) -> ClipRequest:
    """The same with LoRAs out of our own folder. Raises WireError for one that is not there."""
    found: Sequence[tuple[str, float]] = request.loras
    if found and folder is None:
        raise WireError("this server has no folder of LoRAs (--loras)")
    for name, _ in found:
        if Path(name).name != name or not (folder and (folder / name).is_file()):
            raise WireError(f"this server has no LoRA {name}")
    return replace(request, loras=tuple((str(folder / name), weight) for name, weight in found if folder))
