"""OSC over TCP, for clients that must not lose a packet or cannot receive UDP."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable

from riffsynth.control.errors import ControlError
from riffsynth.control.osc_codec import OscError, decoded
from riffsynth.control.osc_feedback import Address
from riffsynth.control.osc_router import TCP, Received
from riffsynth.control.osc_stream import StreamFraming
from riffsynth.timing.clock import Clock

MAX_CONNECTIONS = 32


class _Connection:
    def __init__(self, stream: socket.socket) -> None:
        self.stream = stream
        self.framing = StreamFraming()


class OscTcpServer:
    """Accepts connections on a port; `deliver` is called from their threads with every packet.

    A connection is an address whose host begins with `tcp:`; `gone` is called with it when it ends.
    """

    def __init__(
        self, host: str, port: int, deliver: Callable[[Received], None], gone: Callable[[Address], None], clock: Clock
    ) -> None:
        """Raises ControlError where the port cannot be used."""
        try:
            self._listening = socket.create_server((host, port))
        except (OSError, OverflowError) as error:
            raise ControlError(f"OSC over TCP is off: {host} port {port} cannot be used ({error})") from None
        self._deliver, self._gone, self._clock = deliver, gone, clock
        self._connections: dict[Address, _Connection] = {}
        self._closing = False
        threading.Thread(target=self._accept, name="osc-tcp", daemon=True).start()

    def send(self, packet: bytes, to: Address) -> bool:
        """False where the connection has ended, or ends because its client does not read."""
        connection = self._connections.get(to)
        if connection is None:
            return False
        data = connection.framing.framed(packet)
        try:
            sent = connection.stream.send(data, getattr(socket, "MSG_DONTWAIT", 0))
        except OSError:
            sent = 0
        if sent < len(data):
            self._end(connection)
        return sent == len(data)

    def close(self) -> None:
        self._closing = True
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self._listening.close()
        for connection in list(self._connections.values()):
            self._end(connection)

    def _accept(self) -> None:
        while not self._closing:
            try:
                stream, peer = self._listening.accept()
            except OSError:
                if self._closing:
                    return
                time.sleep(0.1)  # out of file handles: they come back
                continue
            if len(self._connections) >= MAX_CONNECTIONS:
                stream.close()
                continue
            sender = (TCP + peer[0], peer[1])
            stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._connections[sender] = connection = _Connection(stream)
            threading.Thread(target=self._read, args=(connection, sender), name="osc-tcp", daemon=True).start()

    def _read(self, connection: _Connection, sender: Address) -> None:
        with contextlib.suppress(OSError, OscError):
            while data := connection.stream.recv(65536):
                for packet in connection.framing.packets(data):
                    self._deliver(Received(decoded(packet), sender, self._clock.now(), time.time()))
        self._connections.pop(sender, None)
        connection.stream.close()
        self._gone(sender)

    def _end(self, connection: _Connection) -> None:
        with contextlib.suppress(OSError):
            connection.stream.shutdown(socket.SHUT_RDWR)  # its thread ends, and tidies up
