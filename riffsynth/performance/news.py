"""What the processes say, and the files that were read: for the conductor, for whoever asks, and for the performer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from riffsynth.conducting.conductor import Conductor
from riffsynth.conducting.latency import ClipLatency
from riffsynth.control.store import ParameterStore
from riffsynth.diffusion.messages import Alive, Failed, FromWorker, Generated, Loading, Progress, Ready, Remark
from riffsynth.files.readers import FileRead
from riffsynth.listening.messages import Early, FromListener, Heard
from riffsynth.playback.messages import Entered, FromPlayer, Holds, Opened, Report, Warned
from riffsynth.timing.transport import Transport

WITHOUT_IT = "clips are made without it"


class News:
    """Passes on to the conductor what concerns it, and keeps the last of what is asked for again.

    `announce` is told what the performer should know, once however often it is said. `now` is the caller's (s).
    """

    def __init__(
        self,
        store: ParameterStore,
        transport: Transport,
        conductor: Conductor,
        latency: ClipLatency,
        announce: Callable[[str], Any],
    ) -> None:
        self.report: Report | None = None
        self.opened: Opened | None = None
        self.model: Ready | None = None
        self.clips_made = 0
        self.generation_s = 0.0
        """What the last clip took, from the request to its arrival."""
        self.clip_made = False
        """The worker has just made the clip that the conductor takes."""
        self._store, self._transport = store, transport
        self._conductor, self._latency = conductor, latency
        self._announce = announce
        self._deaf = ""
        self._failure = ""
        """Why the last clip could not be made, until one is or is to be made otherwise."""

    @property
    def latency_s(self) -> float:
        """From the synthesis to the speaker; 0 until the output is open."""
        return self.opened.latency_s if self.opened else 0.0

    def on_player(self, message: FromPlayer, now: float) -> None:
        if isinstance(message, Opened):
            first, self.opened = self.opened is None, message
            if self._store.get("clock") == "internal" and first:
                # The first thing heard is a downbeat.
                self._transport.locate(now + message.latency_s, 0.0)
        elif isinstance(message, Entered):
            self._latency.heard(now + self.latency_s)
            self._conductor.on_entered(message, self._store)
        elif isinstance(message, Holds):
            self._conductor.on_holds(message, self._beat_at(now))
        elif isinstance(message, Report):
            self.report = message
        elif isinstance(message, Warned):
            self._announce(message.text)

    def on_worker(self, message: FromWorker, now: float) -> None:
        if isinstance(message, Ready):
            self.model = message
        elif isinstance(message, Failed):
            self._tell_failure(message)
        elif isinstance(message, Remark):
            self._announce(message.text)
        elif isinstance(message, Generated):
            self._failure = ""
            self.clips_made += 1
            self.generation_s = self._conductor.generating_for(now)
        elif isinstance(message, Progress):
            self._conductor.on_progress(now)
        if not isinstance(message, (Alive, Loading, Remark)):
            self.clip_made = isinstance(message, Generated)
            self._conductor.on_worker(message, self._store, self._beat_at(now))
            self.clip_made = False

    def on_listener(self, message: FromListener) -> None:
        """What the input heard, or why nothing. That eight beats have not passed yet is no fault, and not told."""
        if isinstance(message, Heard):
            self._deaf = ""
            self._conductor.on_heard(message.clip, message.score)
            return
        self._conductor.on_unreadable("init", "input")  # until it is heard: what is heard has names of its own
        if not isinstance(message, Early) and message.text != self._deaf:
            self._deaf = message.text
            self._announce(message.text)

    def on_file(self, read: FileRead, now: float) -> None:
        """A file that was asked for has been read."""
        if read.mask is not None:
            self._conductor.on_mask(read.name, read.mask)
        elif read.clip is None or read.score is None:
            self._tell_unreadable(read)
        elif read.purpose == "init":
            self._conductor.on_init(read.name, read.clip, read.score)
        else:
            self._conductor.first_clip(read.clip, read.score, self._store, self._beat_at(now))

    def asked_otherwise(self) -> None:
        """Clips are to be made otherwise than those that failed."""
        self._failure = ""

    def _tell_failure(self, failed: Failed) -> None:
        """Said once for all the clips that are asked for with the same values: alpha's ends fail as it does."""
        if failed.id is None or failed.text != self._failure:
            self._announce(f"{failed.text}; {WITHOUT_IT}" if failed.unfit else failed.text)
        self._failure = failed.text

    def _tell_unreadable(self, read: FileRead) -> None:
        if read.purpose == "first":
            self._announce(read.error)
        else:
            self._announce(f"{read.error}; {WITHOUT_IT}")
            self._conductor.on_unreadable(read.purpose, read.name)

    def _beat_at(self, now: float) -> float:
        return self._transport.timeline.beat_at(now)
