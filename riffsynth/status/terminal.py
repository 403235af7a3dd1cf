"""What `play` says to the person at the terminal: one screen where it can be drawn, else plain lines.

All of it is written by a thread of its own: a terminal that was stopped (Ctrl-S), or a pipe that nobody reads, holds
that thread up and nothing else.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TextIO, cast

from rich.console import Console
from rich.text import Text

from riffsynth.status.screen import Fault, Screen, page, printable

if TYPE_CHECKING:
    from rich.live import Live

REPEAT_AFTER_S = 1.0
"""The same warning is said again no sooner than this."""
DRAW_S = 0.125
WAITING_LINES = 1000
"""Lines that a blocked terminal keeps waiting; older ones are dropped."""
KEPT_EVENTS = 100
KEPT_FAULTS = 100
"""Different ones; they are shown, and said once more at the end."""
LAST_LINES_S = 0.5
"""What is waiting at the end gets so long to be written."""
BAR_COLUMNS = 40
STANDARD_ERROR = 2


class Terminal:
    """Lines go to standard error, so that nothing ever mixes with what a command is asked to print.

    No method ever waits for the terminal.
    """

    def __init__(
        self, quiet: bool = False, now: Callable[[], float] = time.monotonic, descriptor: int = STANDARD_ERROR
    ) -> None:
        self._console = Console(file=cast(TextIO, _Descriptor(descriptor)), highlight=False, soft_wrap=True)
        self._quiet = quiet
        self._draws = not quiet and self._console.is_terminal and not self._console.is_dumb_terminal
        self._now = now
        self._warned: dict[str, float] = {}
        self._said = ""
        self._clock = ""
        self._waiting: deque[_Line] = deque(maxlen=WAITING_LINES)
        self._screen: Screen | None = None
        self._shown_at = -DRAW_S
        self._progress: tuple[str, float] | None = None
        self._live: Live | None = None
        self._whole = False
        self._events: deque[tuple[str, str]] = deque(maxlen=KEPT_EVENTS)
        self._faults: dict[str, Fault] = {}
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="terminal", daemon=True)
        self._thread.start()
        atexit.register(self.close)

    def line(self, text: str) -> None:
        if not self._quiet:
            self._waiting.append(_Line(text))

    def warn(self, text: str) -> None:
        """Says it even when quiet, but not over and over."""
        now = self._now()
        if now - self._warned.get(text, -REPEAT_AFTER_S) >= REPEAT_AFTER_S:
            self._warned = {said: time for said, time in self._warned.items() if now - time < REPEAT_AFTER_S}
            self._warned[text] = now
            self._waiting.append(_Line(text, warning=True))

    def clock(self, state: str, line: str) -> None:
        """How the clock is: a line for each new `state` where no screen shows it."""
        if not self._draws and state != self._clock:
            self._clock = state
            self.line(f"clock: {line}")

    def progress(self, text: str, fraction: float) -> None:
        """What is being done, and how much of it, 0..1: a bar until a screen shows it, else a line for each text."""
        if self._draws:
            self._progress = (text, fraction)
        elif text != self._said:
            self._said = text
            self.line(text)

    def due(self) -> bool:
        """Whether a screen is drawn here and the last one is old enough for a new one."""
        return self._draws and self._now() - self._shown_at >= DRAW_S

    def show(self, screen: Screen) -> None:
        """The screen to draw from now on."""
        self._shown_at = self._now()
        self._screen = screen

    def close(self) -> None:
        """Writes what is waiting, and gives the terminal back with the faults of the performance on it."""
        self._ending.set()
        self._thread.join(LAST_LINES_S)

    # The thread

    def _run(self) -> None:
        with contextlib.suppress(_Gone):  # the music goes on
            while not self._ending.wait(DRAW_S):
                self._write()
            self._write()
            self._leave()

    def _write(self) -> None:
        screen, progress = self._screen, self._progress
        while self._waiting:
            line = self._waiting.popleft()
            if screen is None:
                self._print(line.text, line.warning)
            elif line.warning:
                self._count(line)
            else:
                self._events.append((line.time, line.text))
        if screen:
            width, height = self._console.size
            self._draw(page(screen, self._events, self._faults.values(), width, height), whole=True)
        elif progress and progress[1] < 1:
            self._draw(_bar(*progress), whole=False)
        elif progress:
            self._end_drawing()
            self._print(progress[0])
            self._progress = None

    def _draw(self, text: Text, whole: bool) -> None:
        """`whole` takes the whole screen, for a while; else it is the last line."""
        if self._live is None or self._whole != whole:
            from rich.live import Live

            self._end_drawing()
            self._whole = whole
            self._live = Live(
                console=self._console,
                screen=whole,
                transient=True,
                auto_refresh=False,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._live.start()
        self._live.update(text, refresh=True)

    def _end_drawing(self) -> None:
        if self._live:
            self._live.stop()
            self._live = None

    def _count(self, line: _Line) -> None:
        before = self._faults.pop(line.text, None)  # the newest stands last
        self._faults[line.text] = Fault(line.time, line.text, before.times + 1 if before else 1)
        if len(self._faults) > KEPT_FAULTS:
            del self._faults[next(iter(self._faults))]

    def _leave(self) -> None:
        self._end_drawing()
        for text in self._faults:
            self._print(text, warning=True)

    def _print(self, text: str, warning: bool = False) -> None:
        self._console.print(f"riffsynth: {printable(text)}", markup=False, style="yellow" if warning else None)


def _bar(text: str, fraction: float) -> Text:
    done = round(max(0.0, fraction) * BAR_COLUMNS)
    bar = ("━" * done, "cyan"), ("─" * (BAR_COLUMNS - done), "dim")
    return Text.assemble("riffsynth: ", *bar, f"  {printable(text)}", no_wrap=True, overflow="ellipsis")


def _clock_time() -> str:
    return time.strftime("%H:%M:%S")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that waits to be written, and when it was said."""

    text: str
    warning: bool = False
    time: str = field(default_factory=_clock_time)


class _Gone(Exception):
    """The terminal was closed, or whoever read the pipe has ended."""


class _Descriptor:
    """A file for rich that keeps nothing back: a thread that hangs in a buffered file would lock it for good, and
    the interpreter's end would wait for it."""

    encoding = "utf-8"

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._text: list[str] = []

    def write(self, text: str) -> int:
        self._text.append(text)
        return len(text)

    def flush(self) -> None:
        data = "".join(self._text).encode(self.encoding, "replace")
        self._text.clear()
        try:
            while data:
                data = data[os.write(self._descriptor, data) :]
        except OSError as error:  # not as it is: a broken pipe would make rich close standard output
            raise _Gone from error

    def isatty(self) -> bool:
        return os.isatty(self._descriptor)

    def fileno(self) -> int:
        return self._descriptor
