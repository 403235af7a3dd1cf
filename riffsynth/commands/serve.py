"""`riffsynth serve`: answers at /run_inference/ as Riffusion's own server did."""

from __future__ import annotations

import argparse

from riffsynth.errors import RiffsynthError
from riffsynth.terminal import Terminal


def run(options: argparse.Namespace) -> int:
    """Serves until it is stopped. Raises RiffsynthError for a model or a folder that cannot be used."""
    if not options.images.is_dir():
        raise RiffsynthError(
            f"{options.images}: no such folder; --images names one with seed images such as og_beat.png"
        )
    terminal = Terminal(options.quiet)

    from aiohttp import web

    from riffsynth.diffusion.generator import Generator
    from riffsynth.diffusion.loading import load_model
    from riffsynth.embedded import model_folder
    from riffsynth.riffusion_http.answering import Answering
    from riffsynth.riffusion_http.server import PATH, application

    model = load_model(
        options.model or model_folder(), options.device, lambda part, text: terminal.progress(f"loading {text}", part)
    )
    terminal.progress("loaded", 1.0)
    app = application(Answering(Generator(model, terminal.warn), options.images).answer, terminal.warn)
    terminal.line(f"answering at http://{options.host}:{options.port}{PATH}; Ctrl-C ends it")
    web.run_app(app, host=options.host, port=options.port, print=None, access_log=None)
    return 0
