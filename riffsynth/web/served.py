"""What the page's server has to show: control's values, mirrored, and who looks at them. No socket here."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

from riffsynth.control.osc import TO_ALL
from riffsynth.control.osc_codec import decoded, encode
from riffsynth.control.osc_feedback import Address
from riffsynth.control.osc_router import WEB, Received
from riffsynth.parameters import PARAMETERS, Value
from riffsynth.spectrogram.clip import Clip
from riffsynth.web.live import Live
from riffsynth.web.messages import (
    Answers,
    AskClip,
    Beside,
    Changes,
    FromPage,
    Sent,
    Sounding,
    Status,
    Values,
)
from riffsynth.web.prompt_queue import Waiting
from riffsynth.web.takes import Takes
from riffsynth.web.viewers import Viewers

PROMPTS = ("a.prompt", "b.prompt")
QUEUE: Address = (WEB + "queue", 0)
"""Who sets the prompts that were lined up."""


class Served:
    """Takes what control says, and hands on what clients send. Use it from one thread."""

    def __init__(self, takes: Takes, send: Callable[[FromPage], Any], now: Callable[[], float]) -> None:
        """`send` reaches control; `now` reads the clock, in seconds."""
        self.values: dict[str, Value] = {}
        self.choices: dict[str, list[str]] = {"preset": []}
        self.viewers = Viewers(self.values)
        self.live = Live(takes, self._play, now)
        self.beside = Beside()
        self.moving = asyncio.Event()
        """Set when a value has changed."""
        self.stored = asyncio.Event()
        """Set when a snapshot is being stored, or another preset's are shown."""
        self.send, self._now = send, now
        self._asked: list[asyncio.Future[Clip | None]] = []
        """Who waits for the clip that plays."""

    def take(self, message: Any) -> None:
        """Takes a message of `ToPage`, or one that passes between control and the player."""
        if isinstance(message, Values):
            self.values.update(message.values)
            for name in reversed(PROMPTS):
                self.live.prompt(str(self.values[name]))
        elif isinstance(message, Changes):
            self._change(message)
        elif isinstance(message, Answers):
            for reply in message.replies:
                (self.live.said if reply.to == TO_ALL else self.viewers.answer)(reply)
        elif isinstance(message, Sounding):
            for asked in self._asked:
                if not asked.done():
                    asked.set_result(message.clip)
            self._asked.clear()
        elif isinstance(message, Beside):
            if message.snapshots != self.beside.snapshots:
                self.stored.set()
            self.beside = message
            self.live.beside(message)
        elif isinstance(message, Status):
            self.live.status(message.status, message.now)
        else:
            self.live.player(message)

    def packet(self, data: bytes, sender: Address) -> None:
        """OSC that a client sent, which control handles with that of its own sockets."""
        self.send(Sent(Received(decoded(data), sender, self._now(), time.time())))

    async def clip(self, timeout_s: float) -> Clip | None:
        """The clip that plays. Raises TimeoutError."""
        asked: asyncio.Future[Clip | None] = asyncio.get_running_loop().create_future()
        self._asked.append(asked)
        self.send(AskClip())
        return await asyncio.wait_for(asked, timeout_s)

    def choose_presets(self, names: list[str]) -> None:
        """The presets that can be chosen by name."""
        if names != self.choices["preset"]:
            self.choices["preset"] = names
            self.viewers.broadcast(json.dumps({"COMMAND": "PATH_CHANGED", "DATA": "/riffsynth/preset"}))

    def _play(self, waiting: Waiting) -> None:
        self.packet(encode(PARAMETERS[waiting.parameter].osc_address, waiting.text), QUEUE)

    def _change(self, message: Changes) -> None:
        for change in message.changes:
            if change.name in self.values:
                self.values[change.name] = change.value
            self.viewers.changed(change)
            if change.name in PROMPTS:
                self.live.prompt(str(change.value))
            elif change.name == "snapshot_store":
                self.stored.set()
        self.moving.set()
