"""The player that sounds, and the one that stands by until a sound device that went away is back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing import AuthenticationError
from multiprocessing.process import BaseProcess
from pathlib import Path

from riffsynth.errors import RiffsynthError
from riffsynth.performance.session_log import numbered
from riffsynth.playback.messages import Finish, Found, FromPlayer, Open, Opened, ToPlayer
from riffsynth.playback.output import NULL
from riffsynth.playback.process import PlayerConfig, start_player
from riffsynth.processes.channel import Channel
from riffsynth.processes.door import door_address, knock
from riffsynth.processes.supervision import Child, kill

SILENT_S = 3.0
"""A player that has said nothing for this long hangs; it reports 20 times a second."""
OPENING_S = 30.0
"""The same while it has yet to open the output: a sound server that has just lost a client may keep it waiting."""
OPENING_TRIES = 3
FAREWELL_S = 1.5
"""What a player that is no longer needed may take to close its files, which are whole at any moment; the next one waits
for it in silence."""


@dataclass(frozen=True, slots=True)
class Seat:
    """Where the player that sounds is found, for a control that was started again."""

    pid: int
    starts: int
    door: str
    wanted: str | None
    sample_rate: int | None


class Players:
    """Keeps one player sounding. Each one that is started writes files of its own, so that none loses anything."""

    def __init__(self, config: PlayerConfig, on_news: Callable[[], object], doors: Path | None = None) -> None:
        """`doors`: the folder in which players that may outlive this process can be found."""
        self._config = config
        self._on_news = on_news
        self._doors = doors
        self._started = 0
        self._current = self._child()
        self._stand_by: Child | None = None
        self._leaving: tuple[Child, float] | None = None
        self._wanted: str | None = None
        """The device that was played on."""
        self._sample_rate: int | None = None
        """Of the first output, and so of everything that is loaded."""
        self._opened = False
        self._hung = False
        self._fresh = False
        self._returning = False
        """Another player takes over as soon as its output is open."""

    @property
    def pid(self) -> int | None:
        return self._current.pid

    @property
    def starts(self) -> int:
        """How many were started, those that stand by among them."""
        return self._started

    @property
    def files(self) -> tuple[Path | None, Path | None]:
        """The recording and the log of the player that sounds."""
        config = self._numbered(self._current.starts)
        return config.record, config.log

    def start(self, now: float) -> None:
        self._current.start(now)

    def send(self, message: ToPlayer) -> None:
        self._current.send(message)

    def receive(self, now: float) -> list[FromPlayer]:
        """What the player that sounds has said; where its device is back, that is another one from now on."""
        messages = self._current.receive()
        for message in messages:
            if isinstance(message, Opened):
                self._on_opened(message, now)
        if self._stand_by and any(isinstance(message, Found) for message in self._stand_by.receive()):
            self._swap(now)
        return messages

    def lost(self, now: float, warning: str = "") -> bool:
        """True once for each time that the player has ended, or was ended because it hung.

        Raises RiffsynthError where none could ever open its output, with its last `warning`.
        """
        if self._current.hung(now):
            self._hung = True
            self._current.kill()
        self._keep_others(now)
        if not self._current.lost(now):
            return False
        if not self._opened and (not self._hung or self._started >= OPENING_TRIES):
            raise RiffsynthError(warning or "the sound output does not open; try another with --audio")
        return True

    def fresh(self, now: float) -> bool:
        """True once for each player that has taken the place of another: it must be told everything."""
        revived = self._current.revive(now)
        fresh, self._fresh = revived or self._fresh, False
        return fresh

    def finish(self, timeout_s: float) -> None:
        """Fades out, and waits until all files are closed."""
        self._current.send(Finish())
        self._current.join(timeout_s)

    def end(self, timeout_s: float) -> None:
        for child in (self._stand_by, self._leaving and self._leaving[0], self._current):
            if child:
                child.end(timeout_s)

    def seat(self) -> Seat | None:
        pid = self._current.pid
        if pid is None or self._doors is None:
            return None
        return Seat(pid, self._current.starts, self._door(self._current.starts), self._wanted, self._sample_rate)

    def take_over(self, seat: Seat, now: float) -> None:
        """Goes on with a player that another control has started; where it is gone, too, a new one is started."""
        self._started, self._opened = seat.starts, True
        self._wanted, self._sample_rate = seat.wanted, seat.sample_rate
        try:
            self._current.adopt(seat.pid, Channel(knock(seat.door), "player", self._on_news), seat.starts, now)
        except (OSError, EOFError, AuthenticationError):
            kill(seat.pid)
            self._current.start(now)
            self._fresh = True

    def _child(self, stand_by: bool = False) -> Child:
        child = Child("player", lambda: self._start(child, stand_by), SILENT_S, OPENING_S)
        return child

    def _start(self, child: Child, stand_by: bool) -> tuple[BaseProcess, Channel]:
        self._started += 1
        child.starts = self._started - 1  # a file's number is that of the start
        config = self._numbered(self._started)
        if self._opened:
            device = self._wanted or config.device
            config = replace(config, device=device, sample_rate=self._sample_rate, fallback=True)
        return start_player(replace(config, stand_by=stand_by), self._on_news)

    def _numbered(self, nth: int) -> PlayerConfig:
        record, log = (path and numbered(path, nth) for path in (self._config.record, self._config.log))
        return replace(self._config, record=record, log=log, door=self._door(nth) if self._doors else None)

    def _door(self, nth: int) -> str:
        assert self._doors
        return door_address(self._doors, f"player-{nth}")

    def _on_opened(self, opened: Opened, now: float) -> None:
        self._opened = self._current.ready = True
        if self._returning:
            self._returning, self._fresh = False, True
        self._sample_rate = self._sample_rate or opened.sample_rate
        if opened.output != NULL:
            self._wanted = opened.output
        elif self._config.device != NULL and not self._stand_by:
            self._stand_by = self._child(stand_by=True)
            self._stand_by.start(now)

    def _swap(self, now: float) -> None:
        assert self._stand_by
        leaving, self._current, self._stand_by = self._current, self._stand_by, None
        leaving.send(Finish())
        self._leaving = leaving, now
        self._returning = True

    def _keep_others(self, now: float) -> None:
        if self._stand_by:
            self._stand_by.lost(now)  # a device that is there and cannot be used: it tries again
            self._stand_by.revive(now)
        if self._leaving:
            child, since = self._leaving
            child.receive()  # what it still says concerns nobody
            if now - since > FAREWELL_S:
                child.kill()
            if child.lost(now):  # its files are closed; it is ended, whatever its driver still waits for
                self._leaving = None
                self._current.send(Open())
