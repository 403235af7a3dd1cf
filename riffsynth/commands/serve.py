"""`riffsynth serve`: clips for instruments on other machines, and Riffusion's own answer at /run_inference/.

The clips are made by a model in this process, or with `--ray` by workers on a Ray cluster.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import os
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from riffsynth.errors import RiffsynthError
from riffsynth.status.terminal import Terminal

if TYPE_CHECKING:
    from aiohttp import web

    from riffsynth.remote.making import Maker, ServedModel

LOOPBACK = ("127.0.0.1", "localhost", "::1")
RIFFUSIONS_CLIENTS = "riffusion"
"""They take turns as one instrument."""
FINISH_S = 2.0
"""What is on its way when it is stopped is given so long."""


def run(options: argparse.Namespace) -> int:
    """Serves until it is stopped. Raises RiffsynthError for a model or a folder that cannot be used."""
    for name in ("images", "loras"):
        folder = getattr(options, name)
        if folder and not folder.is_dir():
            raise RiffsynthError(f"--{name}: there is no folder {folder}")
    if options.ray is None:
        if options.replicas:
            raise RiffsynthError("--replicas is for a Ray cluster: name one with --ray, or say --ray alone")
        _serve_here(options)
        return 0
    if importlib.util.find_spec("ray") is None:
        raise RiffsynthError("--ray needs Ray: pip install 'riffsynth[ray]'")
    from riffsynth.remote.standing import kept_up

    return kept_up(_serve_cluster, options)


def choose_cluster(address: str) -> None:
    """Tells Ray, which must not be imported yet, which cluster it finds: see `--ray`.

    Where none is named, one that it starts listens on this machine only; on Linux its ports are the network's else,
    and Ray trusts whoever reaches them. A worker's own port, which Ray Serve 2.60 opens to all, stays as it is.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    if address:
        os.environ["RAY_ADDRESS"] = address
    elif not os.environ.get("RAY_ADDRESS"):
        os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"


def _serve_here(options: argparse.Namespace) -> None:
    from riffsynth.remote.making import load_maker

    terminal = Terminal(options.quiet)
    if os.environ.get("RAY_ADDRESS"):
        terminal.line("RAY_ADDRESS is set, and not used: workers on that cluster are asked for with --ray")
    maker = load_maker(_served(options), terminal.warn, lambda part, text: terminal.progress(f"loading {text}", part))
    terminal.progress("loaded", 1.0)
    _serve(_application(maker, options, terminal), options)


def _serve_cluster(options: argparse.Namespace) -> None:
    """Raises RiffsynthError where there is no cluster; ends the process when it is gone."""
    choose_cluster(options.ray)
    from riffsynth.remote.cluster import Cluster, ClusterMaker
    from riffsynth.remote.standing import LOST

    terminal = Terminal(options.quiet)
    terminal.line("deploying on the Ray cluster, where the model is loaded")
    cluster = Cluster(_served(options), f"riffsynth-{options.port}", options.replicas)
    terminal.line(
        f"workers on the Ray cluster at {cluster.address}; Ray trusts whoever reaches its ports: "
        f"let only port {options.port} through a firewall"
    )
    maker = ClusterMaker(cluster)

    async def watch() -> None:
        try:
            await maker.watch()
        except RiffsynthError as error:
            terminal.warn(str(error))
            os._exit(LOST)  # what stands on it hangs, and would hang on its way out

    async def watching(app: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(watch())
        yield
        task.cancel()

    app = _application(maker, options, terminal)
    app.cleanup_ctx.append(watching)
    _serve(app, options)
    cluster.close()


def _served(options: argparse.Namespace) -> ServedModel:
    from riffsynth.remote.making import ServedModel

    loras, decoder = (path and Path(path).expanduser().absolute() for path in (options.loras, options.decoder))
    return ServedModel(options.model, options.device, loras, decoder)


def _application(maker: Maker, options: argparse.Namespace, terminal: Terminal) -> web.Application:
    from aiohttp import web

    from riffsynth.remote.server import ClipServer
    from riffsynth.remote.wire import LARGEST_BODY
    from riffsynth.riffusion_http.answering import Answering
    from riffsynth.riffusion_http.server import PATH, add_run_inference

    app = web.Application(client_max_size=LARGEST_BODY)
    server = ClipServer(maker, options.token, terminal.warn)
    server.add_to(app)
    terminal.line(f"clips at http://{options.host}:{options.port}, for riffsynth play --workers; Ctrl-C ends it")
    if options.images:
        model = maker.model
        make = partial(server.call, RIFFUSIONS_CLIENTS)
        answering = Answering(make, model.spec, options.images, model.noise_at_strength)
        add_run_inference(app, answering.answer, terminal.warn)
        terminal.line(f"Riffusion's clients find {PATH}")
    if options.host not in LOOPBACK and not options.token:
        terminal.warn("whoever reaches this machine can use it: --token guards the door")
    return app


def _serve(app: web.Application, options: argparse.Namespace) -> None:
    from aiohttp import web

    web.run_app(
        app,
        host=options.host,
        port=options.port,
        print=None,
        access_log=None,
        handler_cancellation=True,
        shutdown_timeout=FINISH_S,
    )
