"""`riffsynth serve`: clips for instruments on other machines, and Riffusion's own answer at /run_inference/."""

from __future__ import annotations

import argparse
import threading
from dataclasses import replace

from riffsynth.errors import RiffsynthError
from riffsynth.terminal import Terminal

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def run(options: argparse.Namespace) -> int:
    """Serves until it is stopped. Raises RiffsynthError for a model or a folder that cannot be used."""
    for name in ("images", "loras"):
        folder = getattr(options, name)
        if folder and not folder.is_dir():
            raise RiffsynthError(f"--{name}: there is no folder {folder}")
    terminal = Terminal(options.quiet)

    from aiohttp import web

    from riffsynth.diffusion.generator import Generator
    from riffsynth.diffusion.loading import load_model
    from riffsynth.diffusion.worker import EMBEDDED_NAME
    from riffsynth.embedded import model_folder
    from riffsynth.remote.server import add_clips
    from riffsynth.remote.wire import LARGEST_BODY
    from riffsynth.riffusion_http.answering import Answering
    from riffsynth.riffusion_http.server import PATH, add_run_inference

    model = load_model(
        options.model or model_folder(), options.device, lambda part, text: terminal.progress(f"loading {text}", part)
    )
    terminal.progress("loaded", 1.0)
    model = replace(model, name=options.model or EMBEDDED_NAME)  # no path of this machine leaves it
    generator, lock = Generator(model, terminal.warn), threading.Lock()
    app = web.Application(client_max_size=LARGEST_BODY)
    add_clips(app, generator, lock, options.token, options.loras, terminal.warn)
    terminal.line(f"clips at http://{options.host}:{options.port}, for riffsynth play --workers; Ctrl-C ends it")
    if options.images:
        add_run_inference(app, Answering(generator, options.images, lock).answer, terminal.warn)
        terminal.line(f"Riffusion's clients find {PATH}")
    if options.host not in LOOPBACK and not options.token:
        terminal.warn("whoever reaches this machine can use it: --token guards the door")
    web.run_app(app, host=options.host, port=options.port, print=None, access_log=None, handler_cancellation=True)
    return 0
