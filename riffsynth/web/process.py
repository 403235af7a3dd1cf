"""The page as a process of its own. Its libraries are imported in that process only."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from riffsynth.processes.channel import Channel
from riffsynth.processes.heap import keep_flat
from riffsynth.web.messages import NotServing, PageConfig

NICE = 10
"""Player and worker outrank the page."""


def start_page(config: PageConfig, on_news: Callable[[], object] = lambda: None) -> tuple[BaseProcess, Channel]:
    """Starts a page, which ends when the channel is closed; it answers with `Serving`, or `NotServing` and its end.

    `on_news` is called from another thread when the page has said something.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=page_main, args=(theirs, config), name="riffsynth page", daemon=True)
    process.start()
    theirs.close()
    return process, Channel(ours, "page", on_news)


def page_main(connection: Connection, config: PageConfig) -> None:
    """The child process: serves until the connection closes."""
    keep_flat()
    sys.setswitchinterval(0.0005)
    with contextlib.suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for control, which closes the connection
    with contextlib.suppress(OSError, AttributeError):
        os.nice(NICE)
    try:
        from riffsynth.web.server import serve
    except ModuleNotFoundError as error:
        channel = Channel(connection, "control")
        channel.send(NotServing(f"there is no page: the library {error.name} is missing (see `riffsynth doctor`)"))
        channel.close()
        return
    serve(connection, config)
