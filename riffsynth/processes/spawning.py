"""How a process of a performance is started, what it does before all else, and the channel to it."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from riffsynth.processes.channel import Channel
from riffsynth.processes.heap import keep_flat

SWITCH_INTERVAL_S = 0.0005
"""How long one thread of Python's keeps another waiting."""

Config = TypeVar("Config")


def spawn(
    name: str,
    main: Callable[[Connection, Config], Any],
    config: Config,
    on_news: Callable[[], object] = lambda: None,
    *,
    has_children: bool = False,
    flat: bool = True,
    nice: int = 0,
) -> tuple[BaseProcess, Channel]:
    """Starts `main(connection, config)` in a process of its own, whose part it is to end when its connection closes.

    `on_news` is called from another thread when the process has said something. One that `has_children` starts
    processes itself. `flat` keeps its memory so (`heap.py`); with `nice` it stands back behind the others.
    """
    context = multiprocessing.get_context("spawn")  # as all systems have it: a fork would inherit locks that are held
    ours, theirs = context.Pipe()
    # Python refuses children to a daemonic process.
    process = context.Process(
        target=_child, args=(theirs, main, config, flat, nice), name=f"riffsynth {name}", daemon=not has_children
    )
    process.start()
    theirs.close()
    return process, Channel(ours, name, on_news)


def _child(
    connection: Connection, main: Callable[[Connection, Config], Any], config: Config, flat: bool, nice: int
) -> None:
    ignore_interrupts()
    if flat:
        keep_flat()
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    if nice:
        with contextlib.suppress(OSError, AttributeError):
            os.nice(nice)
    main(connection, config)


def ignore_interrupts() -> None:
    """Ctrl-C, or a terminal that closes, reaches all processes of a performance; only the first one acts on it."""
    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
