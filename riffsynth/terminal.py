"""What `play` says to the person at the terminal: plain lines, and progress where there is one to draw on."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from rich.console import Console
from rich.live import Live
from rich.progress import BarColumn, Progress, TextColumn
from rich.text import Text

REPEAT_AFTER_S = 1.0
"""The same warning is said again no sooner than this."""


class Terminal:
    """Lines go to standard error, so that nothing ever mixes with what a command is asked to print."""

    def __init__(self, quiet: bool = False, now: Callable[[], float] = time.monotonic) -> None:
        self._console = Console(stderr=True, highlight=False, soft_wrap=True)
        self._quiet = quiet
        self._now = now
        self._warned: dict[str, float] = {}
        self._progress: Progress | None = None
        self._said = ""
        self._status: Live | None = None
        self._clock = ""

    def line(self, text: str) -> None:
        if not self._quiet:
            self._console.print(f"riffsynth: {text}", markup=False)

    def warn(self, text: str) -> None:
        """Says it even when quiet, but not over and over."""
        now = self._now()
        if now - self._warned.get(text, -REPEAT_AFTER_S) >= REPEAT_AFTER_S:
            self._warned[text] = now
            self._console.print(f"riffsynth: {text}", markup=False, style="yellow")

    def clock(self, state: str, line: str) -> None:
        """How the clock is: the last line of a terminal, kept up to date; elsewhere a line for each new `state`."""
        if self._quiet:
            return
        if not sys.stderr.isatty():
            if state != self._clock:
                self._clock = state
                self.line(f"clock: {line}")
        elif self._progress is None:
            if self._status is None:
                self._status = Live(console=self._console, transient=True, refresh_per_second=5)
                self._status.start()
            self._status.update(Text(f"riffsynth: {line}", no_wrap=True, overflow="ellipsis"))

    def close(self) -> None:
        """Takes the last line away, and gives the cursor back."""
        self._end_status()
        if self._progress:
            self._progress.stop()
            self._progress = None

    def _end_status(self) -> None:
        if self._status:
            self._status.stop()
            self._status = None

    def progress(self, text: str, fraction: float) -> None:
        """A bar where the terminal can draw one, else a line for each new text."""
        if self._quiet:
            return
        if not sys.stderr.isatty():
            if text != self._said:
                self._said = text
                self.line(text)
            return
        if self._progress is None:
            self._end_status()  # there is room for one of them
            self._progress = Progress(
                TextColumn("riffsynth: {task.description}"), BarColumn(), console=self._console, transient=True
            )
            self._progress.add_task(text, total=1.0)
            self._progress.start()
        self._progress.update(self._progress.task_ids[0], description=text, completed=fraction)
        if fraction >= 1.0:
            self._progress.stop()
            self._progress = None
