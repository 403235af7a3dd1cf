"""The page as a process of its own. Its libraries are imported in that process only."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from riffsynth.processes.channel import Channel
from riffsynth.processes.spawning import spawn
from riffsynth.web.messages import NotServing, PageConfig

NICE = 10
"""Player and worker outrank the page."""


def start_page(config: PageConfig, on_news: Callable[[], object] = lambda: None) -> tuple[BaseProcess, Channel]:
    """Starts a page, which ends when the channel is closed; it answers with `Serving`, or `NotServing` and its end.

    `on_news` is called from another thread when the page has said something.
    """
    return spawn("page", page_main, config, on_news, nice=NICE)


def page_main(connection: Connection, config: PageConfig) -> None:
    """The child process: serves until the connection closes."""
    try:
        from riffsynth.web.server import serve
    except ModuleNotFoundError as error:
        channel = Channel(connection, "control")
        channel.send(NotServing(f"there is no page: the library {error.name} is missing (see `riffsynth doctor`)"))
        channel.close()
        return
    serve(connection, config)
