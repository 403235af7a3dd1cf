"""The HTTP side: POST /run_inference/ as Riffusion's server had it, one request after the other, to any web page."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiohttp import web

from riffsynth.errors import RiffsynthError
from riffsynth.riffusion_http.request import BadRequest, InferenceInput

DEFAULT_PORT = 3013
PATH = "/run_inference/"
LARGEST_BODY = 2**20
MOST_WAITING = 16
"""Requests that wait for the model; a further one is told to come back."""
_OPEN_TO_PAGES = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "Content-Type",
    "Access-Control-Allow-Methods": "POST, OPTIONS",
}

Answer = Callable[[InferenceInput], dict[str, Any]]


def application(answer: Answer) -> web.Application:
    """A web application that does nothing else."""
    app = web.Application(client_max_size=LARGEST_BODY)
    add_run_inference(app, answer)
    return app


def add_run_inference(app: web.Application, answer: Answer, tell: Callable[[str], object] = lambda text: None) -> None:
    """Adds /run_inference/ to an application; `answer` runs in a thread of its own, one request after the other.

    `tell` hears a line of what went wrong inside.
    """
    thread = ThreadPoolExecutor(1, "riffusion")
    waiting = 0

    async def run_inference(request: web.Request) -> web.StreamResponse:
        nonlocal waiting
        try:
            wanted = InferenceInput.parse(json.loads(await request.read()))
        except BadRequest as error:
            return _text(400, str(error))
        except (ValueError, RecursionError):
            return _text(400, "the body is no JSON")
        if waiting >= MOST_WAITING:
            return _text(503, "too many requests wait already")
        waiting += 1
        try:
            made = await asyncio.get_running_loop().run_in_executor(thread, answer, wanted)
        except BadRequest as error:
            return _text(400, str(error))
        except RiffsynthError as error:
            tell(str(error))
            return _text(400, str(error))
        except Exception as error:  # out of memory, a driver's fault: the next request may well succeed
            line = " ".join(str(error).split()) or type(error).__name__
            tell(line)
            return _text(500, line)
        finally:
            waiting -= 1
        return web.json_response(made, headers=_OPEN_TO_PAGES)

    async def preflight(request: web.Request) -> web.StreamResponse:
        return web.Response(status=204, headers=_OPEN_TO_PAGES)

    async def stop(app: web.Application) -> None:
        thread.shutdown(wait=False, cancel_futures=True)

    for path in (PATH, PATH.rstrip("/")):
        app.router.add_post(path, run_inference)
        app.router.add_route("OPTIONS", path, preflight)
    app.on_cleanup.append(stop)


def _text(status: int, text: str) -> web.Response:
    return web.Response(status=status, text=text, headers=_OPEN_TO_PAGES)
