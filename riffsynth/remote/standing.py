"""Keeps a server up whose ground may give way: in a process of its own, started again when that ends by itself.

A Ray cluster that is gone may take the processes that use it along, and leaves none that could join another.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any

from riffsynth.errors import RiffsynthError

PAUSE_S = 2.0
"""Before it is started again."""
FINISH_S = 10.0
CANNOT_START = 2
LOST = 3
"""The exit status of a process that has lost what it stood on."""


def kept_up(serve: Callable[[Any], None], options: Any) -> int:
    """Calls `serve(options)` in another process, again and again until that returns; the exit status.

    A RiffsynthError that it raises is told in a line; where that is so at the very first call there is no second.
    """
    context = multiprocessing.get_context("spawn")
    was_up = False
    while True:
        process = context.Process(target=_child, args=(serve, options), name="riffsynth serve")
        process.start()
        try:
            process.join()
        except KeyboardInterrupt:  # the terminal has told it as well
            process.join(FINISH_S)
            process.kill()
            return 0
        if process.exitcode == 0 or (process.exitcode == CANNOT_START and not was_up):
            return process.exitcode
        was_up = True
        time.sleep(PAUSE_S)


def _child(serve: Callable[[Any], None], options: Any) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        serve(options)
    except RiffsynthError as error:
        print(f"riffsynth: {error}", file=sys.stderr, flush=True)
        sys.exit(CANNOT_START)
    except Exception:
        traceback.print_exc()
        sys.exit(CANNOT_START)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
