"""Control as a process: one instrument performs in it, and its keeper hears why it ends."""

from __future__ import annotations

import os
import sys
import threading
import traceback
from contextlib import ExitStack
from multiprocessing.connection import Connection
from typing import NoReturn

from riffsynth.errors import RiffsynthError
from riffsynth.performance.instrument import Instrument
from riffsynth.performance.options import PlayOptions
from riffsynth.processes.channel import Channel
from riffsynth.processes.keeping import Ended
from riffsynth.status.terminal import Terminal


def control_main(connection: Connection, options: PlayOptions) -> NoReturn:
    """The control process: performs until its keeper says stop or is gone, and tells it why it ends."""
    wake = threading.Event()
    keeper = Channel(connection, "keeper", wake.set)
    stack = ExitStack()
    terminal = Terminal(options.quiet)
    stack.callback(terminal.close)
    ended, code = Ended(), 0
    try:
        try:
            Instrument(options, terminal, stack, keeper, wake).run()
        except (RiffsynthError, OSError) as error:
            ended = Ended(str(error))
        except ModuleNotFoundError as error:
            if (error.name or "").startswith("riffsynth"):
                raise
            ended = Ended(f"the library {error.name} is missing; `riffsynth doctor` tells more")
        stack.close()
        keeper.send(ended)
        keeper.close()
    except BaseException:
        # A fault of ours. Nothing is closed: the player must play on until the next control is there.
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    # Drivers that hung and were left behind must not meet the interpreter's own end: some crash.
    os._exit(code)
