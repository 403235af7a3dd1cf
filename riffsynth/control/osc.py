"""OSC as the control loop uses it: the sockets and what messages do, put together."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from riffsynth.control.errors import ControlError
from riffsynth.control.osc_codec import OscError, OscMessage, encode
from riffsynth.control.osc_feedback import Address, Reply
from riffsynth.control.osc_router import PREFIX, TCP, WEB, Command, OscRouter, Received
from riffsynth.control.osc_server import OscServer
from riffsynth.control.osc_tcp import OscTcpServer
from riffsynth.control.store import ParameterStore
from riffsynth.timing.clock import Clock, SystemClock

PACKETS_PER_POLL = 2000
"""So that a flood leaves the control loop its turn for everything else."""
TO_ALL = (WEB, 0)
"""Every viewer of the page."""
LOOPBACK = ("127.", "::1", "localhost")


class OscControl:
    """Listens on `host`:`port` and keeps `store` and its subscribers in step. Use it from the control loop alone.

    TCP is served on the same port, with SLIP or sizes between packets; where that port is taken `notes` says so.
    """

    def __init__(
        self,
        store: ParameterStore,
        host: str = "127.0.0.1",
        port: int = 9000,
        *,
        status: Callable[[], Mapping[str, Any]] = dict,
        reply_port: int | None = None,
        targets: Iterable[Address] = (),
        commands: Mapping[str, Command] | None = None,
        heard: Callable[[OscMessage, Address, float], Any] = lambda *_: None,
        wake: Callable[[], None] = lambda: None,
        clock: Clock | None = None,
    ) -> None:
        """`wake` is called, from another thread, when a poll is worth while; `targets` are always told of changes;
        `commands` are addresses beside the parameters; `heard` is called with every message, sender and time.

        Raises ControlError where the UDP port cannot be used.
        """
        self._clock = clock or SystemClock()
        self.notes: list[str] = []
        """What a performer should know of how it listens, in lines."""
        self.router = OscRouter(store, status, reply_port, targets, commands, heard)
        self.server = OscServer(host, port, wake, self._clock)
        self._gone: deque[Address] = deque()
        self._to_web: Callable[[Reply], object] | None = None
        self._tcp: OscTcpServer | None = None
        try:
            self._tcp = OscTcpServer(host, self.server.port, self.server.deliver, self._gone.append, self._clock)
        except ControlError as error:
            self.notes.append(str(error))
        if not host.startswith(LOOPBACK):
            self.notes.append(
                f"OSC is open to the network on {host} port {self.server.port}: whoever reaches it can play, and load "
                "files of this machine as presets"
            )

    def poll(self) -> bool:
        """Applies what has arrived and what is due, and sends answers and feedback. True if more is waiting.

        To be called every 10 ms or so, and when woken: that is how exactly time tags are kept.
        """
        received = self.server.receive(PACKETS_PER_POLL)
        for packet in received:
            self._send(self.router.handle(packet))
        self._send(self.router.due(self._clock.now()))
        while self._gone:
            self.router.forget(self._gone.popleft())
        return len(received) == PACKETS_PER_POLL

    def connect_web(self, answer: Callable[[Reply], object]) -> None:
        """Answers to senders whose host begins with `web:` go to `answer`."""
        self._to_web = answer

    def deliver(self, received: Received) -> None:
        """Takes a packet that came another way than by a socket; it is handled in its turn."""
        self.server.deliver(received)

    def forget(self, sender: Address) -> None:
        """A sender is gone: what it subscribed to ends."""
        self._gone.append(sender)

    def announce(self, name: str, *args: Any) -> None:
        """Sends `/riffsynth/NAME args` to everyone who subscribed."""
        self._send(self.router.announcement(name, *args))
        if self._to_web:
            self._to_web(Reply(TO_ALL, PREFIX + name, args))

    def close(self) -> None:
        if self._tcp:
            self._tcp.close()
        self.server.close()

    def _send(self, replies: list[Reply]) -> None:
        for reply in replies:
            self.router.counts["unsent"] += not self._sent(reply)

    def _sent(self, reply: Reply) -> bool:
        if reply.to[0].startswith(WEB):
            if self._to_web:
                self._to_web(reply)
            return self._to_web is not None
        try:
            packet = encode(reply.address, *reply.args)
        except OscError:
            return False
        if reply.to[0].startswith(TCP):
            return self._tcp is not None and self._tcp.send(packet, reply.to)
        return self.server.send(packet, reply.to)
