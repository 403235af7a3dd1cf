"""Packets in a stream: the same ones whatever pieces the stream comes in."""

import itertools
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riffsynth.control.osc_codec import OscError, encode
from riffsynth.control.osc_stream import END, ESC, StreamFraming

PACKETS = st.lists(
    st.builds(
        encode,
        st.just("/riffsynth/a/prompt"),
        st.sampled_from([bytes([END, ESC, 0xDC, 0xDD]), bytes([ESC, ESC, END, END])])
        | st.binary(min_size=1, max_size=40),
    ),
    min_size=1,
    max_size=5,
)


def pieces(stream, cuts):
    edges = sorted({0, len(stream), *(cut % len(stream) for cut in cuts)})
    return [stream[start:end] for start, end in itertools.pairwise(edges)]


@given(PACKETS, st.lists(st.integers(0, 10_000)))
def test_slip_gives_the_packets_again(packets, cuts):
    stream = b"".join(map(StreamFraming().framed, packets))
    framing = StreamFraming()
    assert [packet for piece in pieces(stream, cuts) for packet in framing.packets(piece)] == packets


@given(PACKETS, st.lists(st.integers(0, 10_000)))
def test_sizes_give_the_packets_again_and_are_answered_with_sizes(packets, cuts):
    stream = b"".join(struct.pack(">i", len(packet)) + packet for packet in packets)
    framing = StreamFraming()
    assert [packet for piece in pieces(stream, cuts) for packet in framing.packets(piece)] == packets
    assert framing.framed(packets[0]) == stream[: 4 + len(packets[0])]


def test_slip_that_only_ends_its_packets_is_read():
    assert StreamFraming().packets(b"/a\0\0\xc0/b\0\0\xc0") == [b"/a\0\0", b"/b\0\0"]


@pytest.mark.parametrize("data", [b"\0\x7f\xff\xff", b"\0\1\0\1", b"/" * 200_000])
def test_a_stream_that_makes_no_sense_ends(data):
    with pytest.raises(OscError, match="at most"):
        StreamFraming().packets(data)


@given(st.lists(st.binary(max_size=30), max_size=10))
def test_any_bytes_are_packets_or_refused(data):
    framing = StreamFraming()
    try:
        for piece in data:
            framing.packets(piece)
    except OscError:
        pass
