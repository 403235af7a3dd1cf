"""The clients of the WebSocket: what each one listens to, and what waits to be sent to it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from typing import Any, Protocol

from riffsynth.control.osc_codec import OscError, encode, encode_as
from riffsynth.control.osc_feedback import Address, Feedback, Reply
from riffsynth.control.osc_router import source_of
from riffsynth.control.store import Change
from riffsynth.parameters import PARAMETERS, Kind, Value
from riffsynth.web.oscquery import METHODS

MOST_VIEWERS = 48
"""Fewer than the subscribers that `Feedback` keeps."""
OUTBOX_FRAMES = 2000

Frame = bytes | str


class Socket(Protocol):
    """A WebSocket, as far as it is sent to."""

    async def send_bytes(self, data: bytes) -> None: ...
    async def send_str(self, data: str) -> None: ...


class Viewer:
    """One client. `send` never waits; `pump` sends until the client is gone or too slow."""

    def __init__(self, address: Address, socket: Socket, unread: int = OUTBOX_FRAMES) -> None:
        """`unread`: a client that leaves more frames than these is too slow."""
        self.address = address
        self._unread = unread
        self.listens: set[str] = set()
        self._socket = socket
        self._outbox: deque[Frame] = deque()
        self._ready = asyncio.Event()

    @property
    def source(self) -> str:
        return source_of(self.address)

    def send(self, frame: Frame) -> None:
        self._outbox.append(frame)
        self._ready.set()

    async def pump(self) -> None:
        """Raises ConnectionError when the client is gone."""
        while len(self._outbox) <= self._unread:
            await self._ready.wait()
            self._ready.clear()
            while self._outbox and len(self._outbox) <= self._unread:
                frame = self._outbox.popleft()
                await (self._socket.send_bytes(frame) if isinstance(frame, bytes) else self._socket.send_str(frame))


class Viewers:
    """All clients of OSCQuery's WebSocket, and who hears of which change."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        """`values` are the parameters', kept up to date by the caller."""
        self._values = values
        self._viewers: dict[Address, Viewer] = {}
        self._feedback = Feedback()

    def __len__(self) -> int:
        return len(self._viewers)

    def add(self, viewer: Viewer) -> None:
        self._viewers[viewer.address] = viewer
        self._feedback.subscribe(viewer.address, viewer.source)

    def remove(self, viewer: Viewer) -> None:
        self._viewers.pop(viewer.address, None)
        self._feedback.unsubscribe(viewer.source)

    def listen(self, viewer: Viewer, path: str) -> None:
        """`viewer` hears of every change at `path` that it did not make, and of the value that it has now."""
        if path in METHODS and path not in viewer.listens:
            viewer.listens.add(path)
            if METHODS[path].parameter.kind is not Kind.TRIGGER:
                self._tell(viewer, path, self._values[METHODS[path].parameter.name])

    def ignore(self, viewer: Viewer, path: str) -> None:
        viewer.listens.discard(path)

    def changed(self, change: Change) -> None:
        self._feedback.changed(change)

    def answer(self, reply: Reply) -> None:
        """What the router says to one viewer."""
        viewer = self._viewers.get(reply.to)
        if viewer:
            try:
                viewer.send(encode(reply.address, *reply.args))
            except OscError:
                return

    def flush(self, now: float) -> None:
        """Sends the changes that are due at `now` seconds."""
        for reply in self._feedback.due(now):
            viewer = self._viewers[reply.to]
            parameter = PARAMETERS[_NAMES[reply.address]]
            for path in (parameter.osc_address, parameter.norm_address):
                if path in viewer.listens:
                    self._tell(viewer, path, reply.args[0])

    def broadcast(self, frame: Frame) -> None:
        for viewer in self._viewers.values():
            viewer.send(frame)

    def _tell(self, viewer: Viewer, path: str, value: Any) -> None:
        method = METHODS[path]
        viewer.send(encode_as(path, method.type_tag, method.value(value)))


_NAMES = {parameter.osc_address: name for name, parameter in PARAMETERS.items()}
