"""`riffsynth play`'s first process: starts control, and starts it again when it dies. It owns nothing else.

Control dies, and the player plays on: it holds a door open, and the next control takes it over with what the keeper
was given to keep. The keeper does not know what that is; the signals of the system and of systemd end here.
"""

from __future__ import annotations

import signal
import sys
import tempfile
import threading
import wave
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from riffsynth.errors import RiffsynthError
from riffsynth.performance.options import PlayOptions
from riffsynth.processes import systemd
from riffsynth.processes.channel import Channel
from riffsynth.processes.heap import Trimming, keep_flat
from riffsynth.processes.keeping import Alive, Begin, Ended, Keep, Stop
from riffsynth.processes.spawning import spawn
from riffsynth.processes.supervision import Child, kill
from riffsynth.timing.clock import SystemClock

TURN_S = 0.02
SILENT_S = 5.0
"""A control that has said nothing for this long hangs; it says twice a second that it lives."""
STARTING_S = 60.0
STOPPING_S = 8.0
"""What control may take to fade out and to close everything."""


def play(options: PlayOptions) -> int:
    """Performs until told to stop. Raises RiffsynthError, before anything sounds, for what cannot be played."""
    keep_flat()
    with tempfile.TemporaryDirectory(prefix="riffsynth-", ignore_cleanup_errors=True) as doors:
        keeper = Keeper(options, Path(doors))
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), lambda *_: keeper.stop())
        keeper.run()
    return 0


class Keeper:
    """Owns control's process, and what it has given to keep."""

    def __init__(self, options: PlayOptions, doors: Path) -> None:
        self._options = options
        self._doors = doors
        self._clock = SystemClock()
        self._news = threading.Event()
        self._stopping = False
        self._stop_by: float | None = None
        self._control = Child("control", self._start, SILENT_S, STARTING_S)
        self._watchdog = systemd.Watchdog()
        self._trimming = Trimming()
        self._kept: dict[str, bytes] = {}
        self._pids: tuple[int, ...] = ()
        self._recordings: dict[Path, None] = {}
        self._ended: Ended | None = None

    def stop(self) -> None:
        """Ends the performance with a short fade. Made for signal handlers: it takes no lock."""
        self._stopping = True

    def run(self) -> None:
        """Raises RiffsynthError for what cannot be played."""
        self._control.start(self._clock.now())
        while self._ended is None:
            self._news.wait(TURN_S)
            self._news.clear()
            self._turn(self._clock.now())
        systemd.notify(systemd.STOPPING)
        self._control.end(STOPPING_S)
        if self._ended.refusal:
            raise RiffsynthError(self._ended.refusal)
        if self._options.flac:
            self._compress()

    def _compress(self) -> None:
        from riffsynth.playback.recorder import compress

        for recording in self._recordings:
            try:
                print(f"riffsynth: {compress(recording)} is written", file=sys.stderr)
            except (OSError, wave.Error) as error:
                print(f"riffsynth: {recording} was not compressed: {error}", file=sys.stderr)

    def _turn(self, now: float) -> None:
        self._watchdog.poll(now)
        self._trimming.poll(now)
        for message in self._control.receive():
            self._heard(message)
        if self._stopping and self._stop_by is None:
            systemd.notify(systemd.STOPPING)
            self._control.send(Stop())
            self._stop_by = now + STOPPING_S
        if self._control.hung(now) or (self._stop_by is not None and now > self._stop_by):
            self._control.kill()
        if self._ended is None and self._control.lost(now):
            self._on_lost()
        if self._ended is None:
            self._control.revive(now)

    def _heard(self, message: Any) -> None:
        if isinstance(message, Keep):
            if message.data is None:
                self._kept.pop(message.name, None)
            else:
                self._kept[message.name] = message.data
        elif isinstance(message, Alive):
            self._pids = message.pids
            if message.recording:
                self._recordings[message.recording] = None
            if message.playing and not self._control.ready:
                self._control.ready = True
                systemd.notify(systemd.READY)
        elif isinstance(message, Ended):
            self._ended = message

    def _on_lost(self) -> None:
        if self._stopping or not self._kept:
            self._ended = Ended("" if self._stopping else "the instrument broke down before it played")
            self._dismiss()

    def _dismiss(self) -> None:
        """What control has left behind must not play on."""
        for pid in self._pids:
            kill(pid)

    def _start(self) -> tuple[BaseProcess, Channel]:
        from riffsynth.processes.control_process import control_main

        process, channel = spawn("control", control_main, self._options, self._news.set, has_children=True)
        channel.send(Begin(self._doors, dict(self._kept), self._control.starts + 1))
        return process, channel
