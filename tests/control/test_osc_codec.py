"""OSC packets: read as others write them, and never a surprise from a broken one."""

import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_bundle_builder import OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder

from riffsynth.control.osc_codec import IMPULSE, MAX_DEPTH, OscBundle, OscError, OscMessage, decode, encode


def padded(text):
    return text.encode() + b"\0" * (4 - len(text.encode()) % 4)


def message(tags, payload=b""):
    return padded("/x") + padded("," + tags) + payload


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
ARGUMENTS = st.one_of(
    st.integers(-(2**63), 2**63 - 1), st.floats(width=32, allow_nan=False), TEXTS, st.binary(min_size=1, max_size=9)
)


@given(TEXTS, st.lists(ARGUMENTS, max_size=6))
def test_what_is_written_is_read(name, args):
    assert decode(encode("/" + name, *args)) == OscMessage("/" + name, tuple(args))


@given(TEXTS, st.lists(ARGUMENTS | st.booleans() | st.none() | st.lists(st.integers(0, 9), min_size=1), max_size=6))
def test_what_python_osc_writes_is_read(name, args):
    builder = OscMessageBuilder("/" + name)
    for arg in args:
        builder.add_arg(arg)
    expected = tuple(tuple(arg) if isinstance(arg, list) else arg for arg in args)
    assert decode(builder.build().dgram) == OscMessage("/" + name, expected)


@pytest.mark.parametrize(
    ("tags", "payload", "args"),
    [
        ("", b"", ()),
        ("TFNI", b"", (True, False, None, IMPULSE)),
        ("S", padded("word"), ("word",)),
        ("c", struct.pack(">I", ord("é")), ("é",)),
        ("d", struct.pack(">d", 0.1), (0.1,)),
        ("t", struct.pack(">Q", 1), (1,)),
        ("r", b"\1\2\3\4", (0x01020304,)),
        ("m", b"\0\x90\x40\x7f", ((0, 0x90, 0x40, 0x7F),)),
        ("i[if]", struct.pack(">iif", 1, 2, 0.5), (1, (2, 0.5))),
    ],
)
def test_every_type_is_read(tags, payload, args):
    assert decode(message(tags, payload)) == OscMessage("/x", args)


def test_type_tags_may_be_left_out_where_nothing_follows():
    assert decode(padded("/x")) == OscMessage("/x")


def test_bundles_are_read_with_their_times():
    inner = OscBundleBuilder(1_700_000_000.5)
    inner.add_content(OscMessageBuilder("/inner").build())
    outer = OscBundleBuilder(0)  # python-osc's word for immediately
    outer.add_content(OscMessageBuilder("/outer").build())
    outer.add_content(inner.build())
    read = decode(outer.build().dgram)
    assert read.time is None
    assert read.elements[0] == OscMessage("/outer")
    assert read.elements[1].elements == (OscMessage("/inner"),)
    assert read.elements[1].time == pytest.approx(1_700_000_000.5, abs=1e-6)


BUNDLE = b"#bundle\0" + struct.pack(">Q", 1)


@pytest.mark.parametrize(
    ("packet", "fault"),
    [
        (b"", "starts with"),
        (b"riffsynth", "starts with"),
        (b"/x", "does not end"),
        (b"/\xff\0\0", "UTF-8"),
        (padded("/x") + padded("i"), "comma"),
        (message("i", b"\0"), "too early"),
        (message("s", b"abcd"), "does not end"),
        (message("b", struct.pack(">i", -1)), "-1 bytes"),
        (message("b", struct.pack(">i", 99)), "99 bytes"),
        (message("c", struct.pack(">I", 0xD800)), "no character"),
        (message("Q"), "no OSC type"),
        (message("["), "does not end"),
        (message("]"), "has not begun"),
        (message("[" * 60 + "]" * 60), "nested deeper"),
        (b"#bundle\0", "too early"),
        (BUNDLE + b"\0\0", "too early"),
        (BUNDLE + struct.pack(">i", -4), "-4 bytes"),  # python-osc never returns from this one
        (BUNDLE + struct.pack(">i", 0), "0 bytes"),
        (BUNDLE + struct.pack(">i", 64) + padded("/x"), "64 bytes"),
    ],
)
def test_a_broken_packet_is_refused_with_its_fault(packet, fault):
    with pytest.raises(OscError, match=fault):
        decode(packet)


def test_bundles_are_not_followed_without_end():
    packet = padded("/x")
    for _ in range(MAX_DEPTH + 1):
        packet = BUNDLE + struct.pack(">i", len(packet)) + packet
    with pytest.raises(OscError, match="nested deeper"):
        decode(packet)


def test_what_osc_cannot_carry_is_refused():
    for value in (object(), 2**64, "\ud800"):
        with pytest.raises(OscError, match="/x cannot carry"):
            encode("/x", value)


def test_booleans_are_written_as_ints_and_infinity_as_a_float():
    assert decode(encode("/x", True, math.inf)) == OscMessage("/x", (1, math.inf))


PIECES = st.sampled_from(
    [BUNDLE, padded("/riffsynth/alpha"), padded(",f"), b"\0\0\0\4", b"\xff\xff\xff\xfc", b",[", b"\0"]
)


@given(st.lists(PIECES | st.binary(max_size=8), max_size=12).map(b"".join))
def test_any_bytes_are_read_or_refused(packet):
    try:
        decoded = decode(packet)
    except OscError as error:
        assert str(error)
    else:
        assert isinstance(decoded, OscMessage | OscBundle)
