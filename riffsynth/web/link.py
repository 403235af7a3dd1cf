"""Control's side of the page: tells it what changes, and hands on what its viewers send. Nothing here waits."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from riffsynth.control.osc import OscControl
from riffsynth.control.osc_feedback import Reply
from riffsynth.control.store import Change, ParameterStore
from riffsynth.playback.messages import Heard
from riffsynth.processes.supervision import Child
from riffsynth.spectrogram.clip import Clip, Score
from riffsynth.web.access import is_loopback, new_token
from riffsynth.web.messages import (
    Answers,
    AskClip,
    Beside,
    Changes,
    Faulted,
    Left,
    NotServing,
    PageConfig,
    Sent,
    Serving,
    Sounding,
    Status,
    Values,
    url,
)
from riffsynth.web.mirror import Mirror, retold
from riffsynth.web.process import start_page

STATUS_S = 0.1
SILENT_S = 15.0
"""A page that has said nothing for this long has been stopped, or hangs; it says each second that it lives, and gives
way to everybody else on a busy machine."""
STARTING_S = 120.0


class PageLink:
    """Keeps a page alive and in step with the store. Use it from the control loop alone."""

    def __init__(
        self,
        host: str,
        port: int,
        store: ParameterStore,
        osc: OscControl,
        wake: Callable[[], None],
        say: Callable[[str], None],
        status: Callable[[], Mapping[str, Any]] = dict,
        sounding: Callable[[], Clip | None] = lambda: None,
        beside: Callable[[], Beside] = Beside,
        takes: Path | None = None,
    ) -> None:
        """`sounding` answers the clip that plays; `takes` is the folder of what is recorded there.

        `say` is told where the page is and what befalls it, in lines."""
        token = None if is_loopback(host) else new_token()
        self._config = PageConfig(host, port, token, osc.server.host, osc.server.port, takes)
        self._store, self._osc, self._wake, self._say = store, osc, wake, say
        self._child = Child("page", lambda: start_page(self._config, wake), SILENT_S, STARTING_S)
        self._changes: dict[str, Change] = {}
        self._replies: list[Reply] = []
        self._mirror: Mirror[Score] = Mirror(lambda score: score)
        self._status, self._status_due = status, 0.0
        self._sounding = sounding
        self._beside, self._beside_told = beside, Beside()
        store.listen(self._changed)
        osc.connect_web(self._replies.append)

    @property
    def pid(self) -> int | None:
        return self._child.pid

    @property
    def starts(self) -> int:
        return self._child.starts

    def start(self, now: float) -> None:
        self._child.start(now)
        self._greet()

    def mirror(self, message: Any) -> None:
        """Shows the page what passes between control and the player."""
        if isinstance(message, Heard):
            if self._child.ready:  # sound would only wait, and nobody looks at it by then
                self._child.send(message)
            return
        self._mirror.apply(message)
        self._child.send(message)

    def turn(self, now: float) -> None:
        """One turn of the control loop: news in both directions, and a page that ended is started again."""
        for message in self._child.receive():
            if isinstance(message, Sent):
                self._osc.deliver(message.received)
            elif isinstance(message, Left):
                self._osc.forget(message.viewer)
            elif isinstance(message, Serving):
                self._serving(message.port)
            elif isinstance(message, AskClip):
                self._child.send(Sounding(self._sounding()))
            elif isinstance(message, Faulted):
                self._say(message.text)
            elif isinstance(message, NotServing):
                self._say(message.text)
                self._child.abandon()
        if self._changes:
            self._child.send(Changes(tuple(self._changes.values())))
            self._changes.clear()
        if self._replies:
            self._child.send(Answers(tuple(self._replies)))
            self._replies.clear()
        if now >= self._status_due and self._child.ready:
            self._status_due = now + STATUS_S
            self._child.send(Status(self._status(), now))
            if (beside := self._beside()) != self._beside_told:
                self._beside_told = beside
                self._child.send(beside)
        if self._child.hung(now):
            self._say("the page's process hangs")
            self._child.kill()
        if self._child.lost(now):
            self._say("the page's process ended; the sound goes on, and it is started again")
        if self._child.revive(now):
            self._greet()

    def end(self, timeout_s: float) -> None:
        self._child.end(timeout_s)
        if self._config.takes:
            shutil.rmtree(self._config.takes, ignore_errors=True)

    def _changed(self, change: Change) -> None:
        self._changes.pop(change.name, None)  # the newest comes last
        self._changes[change.name] = change

    def _greet(self) -> None:
        """A new page knows nothing."""
        self._changes.clear()
        self._beside_told = Beside()
        self._child.send(Values(self._store.snapshot()))
        for message in retold(self._mirror):
            self._child.send(message)

    def _serving(self, port: int) -> None:
        first = self._child.starts == 1
        self._child.ready = True
        self._config = replace(self._config, port=port)  # one that is started again is found where it was
        if first:
            self._say(f"page and OSCQuery on {url(self._config, port)}")
            if self._config.token:
                self._say(
                    f"the page is open to the network on {self._config.host} port {port}: whoever has the token can "
                    "play, record, and load files of this machine as presets"
                )
