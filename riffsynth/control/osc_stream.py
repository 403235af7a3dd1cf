"""OSC packets in a stream of bytes: SLIP (OSC 1.1) and a size before each packet (OSC 1.0), told apart by the sender's
first byte."""

from __future__ import annotations

import struct

from riffsynth.control.osc_codec import OscError

END, ESC, ESC_END, ESC_ESC = 0xC0, 0xDB, 0xDC, 0xDD
"""RFC 1055."""
MAX_PACKET_BYTES = 65536


class StreamFraming:
    """Both directions of one connection. Answers go out as the questions came in, as SLIP before any did."""

    def __init__(self) -> None:
        self._sized: bool | None = None
        self._buffer = bytearray()

    def packets(self, data: bytes) -> list[bytes]:
        """The packets that `data` completes. Raises OscError where the stream makes no sense any more."""
        if self._sized is None and data:
            # A packet begins with / or #, a size below 16 MiB with a zero.
            self._sized = data[0] == 0
        self._buffer += data
        packets = self._by_size() if self._sized else self._by_slip()
        if len(self._buffer) > 2 * MAX_PACKET_BYTES:
            raise OscError(f"a packet has at most {MAX_PACKET_BYTES} bytes")
        return packets

    def framed(self, packet: bytes) -> bytes:
        """`packet` as it goes onto the stream."""
        if self._sized:
            return struct.pack(">i", len(packet)) + packet
        end = bytes([END])
        escaped = packet.replace(bytes([ESC]), bytes([ESC, ESC_ESC])).replace(end, bytes([ESC, ESC_END]))
        return end + escaped + end

    def _by_size(self) -> list[bytes]:
        packets = []
        while len(self._buffer) >= 4:
            (size,) = struct.unpack_from(">i", self._buffer)
            if not 0 <= size <= MAX_PACKET_BYTES:
                raise OscError(f"a packet has at most {MAX_PACKET_BYTES} bytes, found {size}")
            if len(self._buffer) < 4 + size:
                break
            packets.append(bytes(self._buffer[4 : 4 + size]))
            del self._buffer[: 4 + size]
        return packets

    def _by_slip(self) -> list[bytes]:
        *frames, rest = bytes(self._buffer).split(bytes([END]))
        self._buffer[:] = rest
        return [_unescaped(frame) for frame in frames if frame]


def _unescaped(frame: bytes) -> bytes:
    # The other way round a 0xDB that stands for itself would be taken for the escape of what follows it.
    parts = frame.split(bytes([ESC, ESC_ESC]))
    return bytes([ESC]).join(part.replace(bytes([ESC, ESC_END]), bytes([END])) for part in parts)
