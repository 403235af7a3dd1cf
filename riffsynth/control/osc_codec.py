"""OSC packets to values and back.

Reading is done here rather than with python-osc, whose parser never returns from a bundle that gives a negative size
(1.10.2), recurses as deep as a packet says, and knows no impulses and symbols. Writing is python-osc's.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pythonosc.osc_message_builder import BuildError, OscMessageBuilder

BUNDLE_HEADER = b"#bundle\0"
MAX_DEPTH = 8
"""Bundles in bundles and arrays in arrays beyond this are nonsense or an attack."""
IMMEDIATELY = 1
"""The time tag that means now (OSC 1.0)."""
NTP_TO_UNIX_S = 2_208_988_800
"""Seconds from 1900, where OSC's time tags begin, to 1970."""


class OscError(ValueError):
    """A packet that is no OSC; the message says what is wrong with it."""


class Impulse:
    """OSC's `I`: a bang that carries no value. There is one, in every process that it is sent to."""

    def __reduce__(self) -> str:
        return "IMPULSE"

    def __repr__(self) -> str:
        return "a bang"


IMPULSE = Impulse()


@dataclass(frozen=True, slots=True)
class OscMessage:
    address: str
    args: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class OscBundle:
    time: float | None
    """Seconds since 1970 at which it counts; None is at once."""
    elements: tuple[OscMessage | OscBundle, ...]


def decode(packet: bytes) -> OscMessage | OscBundle:
    """The message or bundle in `packet`. Raises OscError."""
    try:
        return _element(packet, MAX_DEPTH)
    except struct.error:
        raise OscError("the packet ends too early") from None
    except UnicodeDecodeError:
        raise OscError("the packet holds text that is not UTF-8") from None


def decoded(packet: bytes) -> OscMessage | OscBundle | OscError:
    """As `decode`, with the error as an answer."""
    try:
        return decode(packet)
    except OscError as error:
        return error


def encode(address: str, *args: Any) -> bytes:
    """A packet with one message. Booleans go as ints, which every program reads; ints beyond 32 bits go as int64.

    Raises OscError for what OSC cannot carry.
    """
    builder = OscMessageBuilder(address)
    try:
        for arg in args:
            builder.add_arg(int(arg) if isinstance(arg, bool) else arg)
        packet: bytes = builder.build().dgram
    except (BuildError, ValueError, OverflowError) as error:
        raise OscError(f"{address} cannot carry {args!r}: {error}") from None
    return packet


def encode_as(address: str, tag: str, value: Any) -> bytes:
    """A packet whose one argument has the type `tag`, as OSCQuery promises it; for `T` it is T or F, `I` has no value.

    Raises OscError for what the type cannot carry.
    """
    if tag in "TI":
        tag = "F" if tag == "T" and not value else tag
        return b"".join(text + bytes(4 - len(text) % 4) for text in (address.encode(), f",{tag}".encode()))
    builder = OscMessageBuilder(address)
    try:
        builder.add_arg(value, tag)
        packet: bytes = builder.build().dgram
    except (BuildError, ValueError, OverflowError) as error:
        raise OscError(f"{address} cannot carry {value!r}: {error}") from None
    return packet


def _element(packet: bytes, depth: int) -> OscMessage | OscBundle:
    if packet.startswith(BUNDLE_HEADER):
        return _bundle(packet, depth)
    if packet.startswith(b"/"):
        return _message(packet)
    raise OscError("a packet starts with / or #bundle")


def _bundle(packet: bytes, depth: int) -> OscBundle:
    if depth == 0:
        raise OscError(f"bundles are nested deeper than {MAX_DEPTH}")
    (tag,) = struct.unpack_from(">Q", packet, len(BUNDLE_HEADER))
    time = None if tag == IMMEDIATELY else tag / 2**32 - NTP_TO_UNIX_S
    elements = []
    at = len(BUNDLE_HEADER) + 8
    while at < len(packet):
        (size,) = struct.unpack_from(">i", packet, at)
        at += 4
        if size <= 0 or at + size > len(packet):
            raise OscError(f"a bundle gives {size} bytes as the size of an element")
        elements.append(_element(packet[at : at + size], depth - 1))
        at += size
    return OscBundle(time, tuple(elements))


def _message(packet: bytes) -> OscMessage:
    address, at = _string(packet, 0)
    if at >= len(packet):  # old programs leave the type tags out where there are no arguments
        return OscMessage(address)
    tags, at = _string(packet, at)
    if not tags.startswith(","):
        raise OscError("the type tags start with a comma")
    arrays: list[list[Any]] = [[]]
    for tag in tags[1:]:
        if tag == "[":
            arrays.append([])
        elif tag == "]":
            if len(arrays) == 1:
                raise OscError("an array ends that has not begun")
            inner = tuple(arrays.pop())
            arrays[-1].append(inner)
        elif tag in _READERS:
            value, at = _READERS[tag](packet, at)
            arrays[-1].append(value)
        else:
            raise OscError(f"there is no OSC type {tag!r}")
        if len(arrays) > MAX_DEPTH:
            raise OscError(f"arrays are nested deeper than {MAX_DEPTH}")
    if len(arrays) != 1:
        raise OscError("an array does not end")
    return OscMessage(address, tuple(arrays[0]))


def _string(packet: bytes, at: int) -> tuple[str, int]:
    end = packet.find(b"\0", at)
    if end < 0:
        raise OscError("a string does not end")
    return packet[at:end].decode(), (end + 4) & ~3


def _blob(packet: bytes, at: int) -> tuple[bytes, int]:
    (size,) = struct.unpack_from(">i", packet, at)
    at += 4
    if size < 0 or at + size > len(packet):
        raise OscError(f"a blob gives {size} bytes as its size")
    return packet[at : at + size], (at + size + 3) & ~3


_Reader = Callable[[bytes, int], tuple[Any, int]]


def _fixed(layout: str) -> _Reader:
    coder = struct.Struct(layout)

    def read(packet: bytes, at: int) -> tuple[Any, int]:
        values = coder.unpack_from(packet, at)
        return (values[0] if len(values) == 1 else values), at + coder.size

    return read


def _constant(value: Any) -> _Reader:
    return lambda _packet, at: (value, at)


def _character(packet: bytes, at: int) -> tuple[str, int]:
    (code,) = struct.unpack_from(">I", packet, at)
    if not 0 < code < 0x110000 or 0xD800 <= code < 0xE000:
        raise OscError(f"there is no character {code}")
    return chr(code), at + 4


_READERS: dict[str, _Reader] = {
    "i": _fixed(">i"),
    "h": _fixed(">q"),
    "f": _fixed(">f"),
    "d": _fixed(">d"),
    "t": _fixed(">Q"),
    "r": _fixed(">I"),
    "m": _fixed(">4B"),
    "s": _string,
    "S": _string,
    "c": _character,
    "b": _blob,
    "T": _constant(True),
    "F": _constant(False),
    "N": _constant(None),
    "I": _constant(IMPULSE),
}
