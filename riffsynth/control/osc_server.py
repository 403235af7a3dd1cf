"""The UDP socket: a thread that takes packets off it as fast as they come, and a queue to the control loop."""

from __future__ import annotations

import contextlib
import errno
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable

from riffsynth.control.errors import ControlError
from riffsynth.control.osc_codec import decoded
from riffsynth.control.osc_feedback import Address
from riffsynth.control.osc_router import Received
from riffsynth.timing.clock import Clock, SystemClock

RECEIVE_BUFFER_BYTES = 8 * 2**20
"""Packets that wait in the kernel while the interpreter is busy elsewhere; systems grant what they allow."""
QUEUE_LIMIT = 200_000
"""Packets that wait for the control loop; beyond it new ones are dropped and counted."""
MAX_PACKET_BYTES = 65536
_SO_RCVBUFFORCE = 33
"""Linux's option by which root may exceed the system's limit; the socket module has no name for it."""


class OscServer:
    """Listens on a UDP port. `receive` never blocks; `wake` is called from the thread when something has arrived."""

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 9000,
        wake: Callable[[], None] = lambda: None,
        clock: Clock | None = None,
    ) -> None:
        """Raises ControlError where the address cannot be used."""
        self._socket = _bound_socket(host, port)
        self.host, self.port = self._socket.getsockname()[:2]
        self.lost = 0
        """Packets dropped because the control loop did not keep up."""
        self._wake = wake
        self._clock = clock or SystemClock()
        self._queue: deque[Received] = deque()
        self._closing = False
        self._thread = threading.Thread(target=self._listen, name="osc", daemon=True)
        self._thread.start()

    def receive(self, limit: int) -> list[Received]:
        """At most `limit` of the packets that have arrived, in order."""
        received: list[Received] = []
        with contextlib.suppress(IndexError):
            while len(received) < limit:
                received.append(self._queue.popleft())
        return received

    def deliver(self, received: Received) -> None:
        """Puts a packet into the queue; any thread may call it."""
        if len(self._queue) >= QUEUE_LIMIT:
            self.lost += 1
            return
        self._queue.append(received)
        self._wake()

    def send(self, packet: bytes, to: Address) -> bool:
        """False where the system does not take it: nobody waits for a receiver."""
        try:
            self._socket.sendto(packet, getattr(socket, "MSG_DONTWAIT", 0), to)
        except (OSError, OverflowError):
            return False
        return True

    def close(self) -> None:
        self._closing = True
        home = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        with contextlib.suppress(OSError):
            self._socket.sendto(b"", (home, self.port))  # a blocking receive wakes up for nothing less
        self._thread.join(1.0)
        self._socket.close()

    def _listen(self) -> None:
        while not self._closing:
            try:
                packet, sender = self._socket.recvfrom(MAX_PACKET_BYTES)
            except OSError:  # Windows reports here that an earlier answer found nobody
                continue
            if self._closing:
                return
            self.deliver(Received(decoded(packet), sender[:2], self._clock.now(), time.time()))


def _bound_socket(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
    except (OSError, OverflowError, UnicodeError) as error:
        raise ControlError(f"OSC cannot listen on host {host!r}, port {port}: {error}") from None
    listening = socket.socket(family, kind, protocol)
    _enlarge(listening)
    try:
        listening.bind(address)
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise ControlError(
                f"UDP port {port} is in use by another program (another riffsynth?): "
                f"end that one or choose another port with --osc-port"
            ) from None
        raise ControlError(f"OSC cannot listen on {host} port {port}: {error.strerror}") from None
    return listening


def _enlarge(listening: socket.socket) -> None:
    forced = [_SO_RCVBUFFORCE] if sys.platform == "linux" else []
    for option in (*forced, socket.SO_RCVBUF):
        with contextlib.suppress(OSError):
            listening.setsockopt(socket.SOL_SOCKET, option, RECEIVE_BUFFER_BYTES)
            return
