"""Whatever strangers send: no traceback, no stall, and no value out of its range."""

from __future__ import annotations

import asyncio
import json
import socket
import time

import aiohttp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riffsynth.control.osc_codec import encode
from riffsynth.parameters import PARAMETERS, coerce

SLOWEST_TURN_S = 1.0

paths = st.one_of(
    st.text(max_size=60),
    st.sampled_from(["/", "/riffsynth/alpha", "/live", "/takes/", "/recent.wav", "/page/", "/page/../server.py"]),
)
queries = st.one_of(st.just(""), st.text(max_size=30), st.sampled_from(["VALUE", "HOST_INFO", "seconds=nan", "view=x"]))
commands = st.one_of(
    st.text(max_size=80),
    st.fixed_dictionaries(
        {"COMMAND": st.one_of(st.sampled_from(["LISTEN", "IGNORE"]), st.text(max_size=8)), "DATA": st.text(max_size=40)}
    ).map(json.dumps),
    st.recursive(st.none() | st.floats() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=4)).map(
        json.dumps
    ),
    st.just('{"do":' + "[" * 5000),
    st.fixed_dictionaries(
        {
            "do": st.sampled_from(["queue", "next", "record", "stop"]),
            "waiting": st.none() | st.lists(st.dictionaries(st.sampled_from(["end", "text"]), st.text(max_size=3))),
            "bars": st.none() | st.integers() | st.floats(),
        }
    ).map(json.dumps),
)
packets = st.one_of(
    st.binary(max_size=200),
    st.tuples(
        st.sampled_from([parameter.osc_address for parameter in PARAMETERS.values() if parameter.name != "preset"]),
        st.one_of(st.floats(width=32), st.integers(-(2**31), 2**31 - 1), st.text(max_size=20)),
    ).map(lambda message: encode(*message)),
)
raw_requests = st.one_of(
    st.binary(max_size=400),
    st.tuples(paths, queries, st.binary(max_size=200)).map(
        lambda parts: (
            f"GET {parts[0]}?{parts[1]} HTTP/1.1\r\nHost: 127.0.0.1\r\n".encode("utf-8", "replace")
            + parts[2]
            + b"\r\n\r\n"
        )
    ),
)


def test_nothing_that_is_sent_breaks_the_page_or_holds_control_up(new_desk, capfd):
    desk = new_desk()
    lines = len(desk.said)

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(raw_requests, max_size=2), st.lists(commands, max_size=4), st.lists(packets, max_size=4))
    def fuzz(requests, texts, frames):
        for request in requests:
            with socket.create_connection(("127.0.0.1", desk.port), timeout=5) as stream:
                stream.sendall(request)
        asyncio.run(_frames(desk, texts, frames))
        before = time.perf_counter()
        values = desk.do(desk.store.snapshot)
        assert time.perf_counter() - before < SLOWEST_TURN_S
        for name, value in values.items():
            assert coerce(PARAMETERS[name], value) == value

    fuzz()
    assert len(desk.said) == lines, desk.said
    assert "Traceback" not in "".join(capfd.readouterr())


def test_a_socket_that_breaks_the_protocol_is_closed_and_the_next_one_served(new_desk, capfd):
    desk = new_desk()
    handshake = (
        "GET {} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )

    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(["/", "/live"]), st.binary(min_size=1, max_size=300))
    def fuzz(path, garbage):
        with socket.create_connection(("127.0.0.1", desk.port), timeout=5) as stream:
            stream.sendall(handshake.format(path).encode())
            assert b"101" in stream.recv(4096)
            stream.sendall(garbage)

    fuzz()
    asyncio.run(_frames(desk, [], []))
    assert desk.said == [desk.said[0]]
    assert "Traceback" not in "".join(capfd.readouterr())


async def _frames(desk, texts, frames):
    """Sends them over both sockets, and asks for a value and a node after."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(10)) as session:
        for path in ("", "live"):
            async with session.ws_connect(desk.url + path) as ws:
                for text in texts:
                    await ws.send_str(text.encode("utf-8", "replace").decode())
                for frame in frames:
                    await ws.send_bytes(frame)
        async with session.ws_connect(desk.url) as ws:
            await ws.send_bytes(encode("/riffsynth/sync", 5))
            assert (await asyncio.wait_for(ws.receive(), 10)).data == encode("/riffsynth/sync", 5)
        async with session.get(desk.url + "riffsynth/alpha") as response:
            assert response.status == 200
