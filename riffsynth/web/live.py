"""What the page's own WebSocket sends: the picture of what is heard, the clips ahead, and how the instrument is.

Texts are JSON objects whose `is` says what they are; binary frames have a header (`HEADER`, little-endian) and then
columns of `BANDS` levels.
"""

from __future__ import annotations

import contextlib
import json
import struct
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

import riffsynth
from riffsynth.control.osc_feedback import Reply
from riffsynth.parameters import ValueRefused
from riffsynth.playback.messages import Heard, Opened
from riffsynth.spectrogram.clip import Score
from riffsynth.web.ahead import Led, Painter, Picture, told
from riffsynth.web.heard import BANDS, COLUMN_S, F_MAX, F_MIN, FLOOR_DB, HeardPicture
from riffsynth.web.messages import Beside
from riffsynth.web.mirror import Mirror
from riffsynth.web.prompt_queue import PromptQueue, Waiting
from riffsynth.web.takes import Takes
from riffsynth.web.viewers import Viewer

HEADER = struct.Struct("<BxHIddff")
"""Kind, columns, key of a clip; time of the first column in seconds, or a clip's length in beats; seconds a column;
largest sample, RMS in dB."""
HEARD, CLIP = 1, 2
KEPT_PROMPTS = 40
UNREAD_FRAMES = 200
"""A viewer that leaves more unread, about 6 s, is let go; its page connects again by itself."""


class Live:
    """Follows the instrument and tells every viewer of the page."""

    def __init__(self, takes: Takes, play: Callable[[Waiting], Any], now: Callable[[], float]) -> None:
        """`play` sets a prompt that was lined up; `now` reads the clock, in seconds."""
        self.takes = takes
        self._play, self._now = play, now
        self._queue = PromptQueue()
        self._led = Led()
        self._presets: tuple[str, ...] = ()
        self._snapshots: list[int] = []
        self._latency_ms: dict[str, int] = {}
        self.prompts: list[str] = []
        self._viewers: dict[Viewer, set[int]] = {}
        """With the keys of the clips that each has been sent."""
        self._mirror: Mirror[Picture | None] = Mirror(self._painted)
        self._painter: Painter | None = None
        self._heard: HeardPicture | None = None

    def __len__(self) -> int:
        return len(self._viewers)

    def add(self, viewer: Viewer) -> None:
        self._viewers[viewer] = set()
        viewer.send(_text("hello", **_HELLO))
        viewer.send(_text("prompts", prompts=self.prompts))
        viewer.send(self._takes_frame())
        viewer.send(_text("queue", **self._queue.told()))
        viewer.send(self._set_frame())
        viewer.send(_text("latency", ms=self._latency_ms))
        self._tell_ahead(viewer)

    def remove(self, viewer: Viewer) -> None:
        self._viewers.pop(viewer, None)

    def player(self, message: Any) -> None:
        """Takes a message to or from the player."""
        if isinstance(message, Heard):
            self._on_heard(message)
            return
        if isinstance(message, Opened) and (not self._heard or self._heard.sample_rate != message.sample_rate):
            self._painter, self._heard = Painter(message.sample_rate), HeardPicture(message.sample_rate)
        if self._mirror.apply(message):
            self._led.follow(self._mirror, self._now())
            for viewer in self._viewers:
                self._tell_ahead(viewer)

    def status(self, status: Mapping[str, Any], now: float) -> None:
        recording = self.takes.recording
        self._broadcast(_text("status", now=now, recording=recording, viewers=len(self._viewers), **status))
        playback = self._mirror.playback
        if playback and status.get("playing") and (due := self._queue.due(status["beat"], playback.state.meter)):
            self._take_place(due)

    def beside(self, beside: Beside) -> None:
        """The set, and how long moves took until they were heard."""
        if beside.presets != self._presets:
            self._presets = beside.presets
            self._broadcast(self._set_frame())
        latency_ms = {name: round(1000 * seconds) for name, seconds in beside.clip_latency_s.items()}
        if latency_ms != self._latency_ms:
            self._latency_ms = latency_ms
            self._broadcast(_text("latency", ms=latency_ms))

    def snapshots(self, numbers: list[int]) -> None:
        """Those of the open preset that are stored."""
        if numbers != self._snapshots:
            self._snapshots = numbers
            self._broadcast(self._set_frame())

    def said(self, reply: Reply) -> None:
        """What the instrument tells everyone: an error, the worker's end, what was learned."""
        self._broadcast(_text("said", address=reply.address, args=reply.args))

    def prompt(self, text: str) -> None:
        """A prompt has been set: it comes first in the history."""
        if text and self.prompts[:1] != [text]:
            self.prompts = [text, *(prompt for prompt in self.prompts if prompt != text)][:KEPT_PROMPTS]
            self._broadcast(_text("prompts", prompts=self.prompts))

    def command(self, viewer: Viewer, text: str) -> None:
        """What the page asks for: `{"do": "record" | "stop" | "next" | "queue"}`, the last one with the queue as it was
        told. Nonsense is ignored."""
        try:
            asked = json.loads(text)
            what = asked["do"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return
        if what == "queue":
            with contextlib.suppress(ValueRefused):
                self._queue.replace(asked)
            self._broadcast(_text("queue", **self._queue.told()))
        elif what == "next":
            if waiting := self._queue.take():
                self._take_place(waiting)
        else:
            self._record(viewer, what)

    def _take_place(self, waiting: Waiting) -> None:
        self._play(waiting)
        self._broadcast(_text("queue", **self._queue.told()))

    def _record(self, viewer: Viewer, what: Any) -> None:
        try:
            if what == "record":
                self.takes.start()
            elif what == "stop":
                self.takes.stop()
        except OSError as error:
            viewer.send(_text("said", address="/riffsynth/error", args=[f"cannot record: {error.strerror or error}"]))
        self._broadcast(self._takes_frame())

    def _on_heard(self, heard: Heard) -> None:
        self.takes.feed(heard)
        if self._heard is None or heard.sample_rate != self._heard.sample_rate or not self._viewers:
            return
        first, levels = self._heard.feed(heard.frame, heard.samples)
        time = heard.time + (first - heard.frame) / heard.sample_rate
        peak, rms = float(np.abs(heard.samples).max()), float(np.sqrt(np.mean(np.square(heard.samples))))
        column_s = self._heard.hop / heard.sample_rate
        header = HEADER.pack(HEARD, len(levels), 0, time, column_s, peak, 20 * np.log10(max(rms, 1e-6)))
        self._broadcast(header + levels.tobytes())

    def _tell_ahead(self, viewer: Viewer) -> None:
        sent = self._viewers[viewer]
        needed = self._mirror.needed()
        for key in sorted(needed - sent):
            if picture := self._mirror.scores.get(key):
                header = HEADER.pack(CLIP, len(picture.levels), key, picture.beats, 0, 0, 0)
                viewer.send(header + picture.levels.tobytes())
        sent.clear()
        sent.update(needed)
        viewer.send(_text("ahead", **told(self._mirror), motion=self._led.told))

    def _painted(self, score: Score) -> Picture | None:
        return self._painter.picture(score) if self._painter else None

    def _takes_frame(self) -> str:
        return _text("takes", takes=self.takes.names(), recording=self.takes.recording)

    def _set_frame(self) -> str:
        return _text("set", presets=self._presets, snapshots=self._snapshots)

    def _broadcast(self, frame: bytes | str) -> None:
        for viewer in self._viewers:
            viewer.send(frame)


_HELLO = {
    "version": riffsynth.__version__,
    "bands": BANDS,
    "column_s": COLUMN_S,
    "floor_db": FLOOR_DB,
    "f_min": F_MIN,
    "f_max": F_MAX,
}


def _text(kind: str, **fields: Any) -> str:
    return json.dumps({"is": kind, **fields}, default=str)
