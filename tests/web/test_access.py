"""Who may use the page."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from riffsynth.web.access import Access

LOCAL, OPENED = Access(), Access(token="5ec4e7")


@pytest.mark.parametrize(
    ("access", "host", "origin", "tokens", "allowed"),
    [
        (LOCAL, "127.0.0.1:9080", None, (), True),
        (LOCAL, "localhost:9080", "http://localhost:9080", (), True),
        (LOCAL, "[::1]:9080", "http://[::1]:9080", (), True),
        (LOCAL, "localhost:8000", "http://localhost:8000", (), True),  # through a tunnel
        (LOCAL, "127.0.0.1:9080", "http://evil.example", (), False),
        (LOCAL, "127.0.0.1:9080", "http://127.0.0.1:8080", (), False),  # another page of this machine
        (LOCAL, "127.0.0.1:9080", "https://127.0.0.1:9080", (), False),
        (LOCAL, "127.0.0.1:9080", "null", (), False),
        (LOCAL, "evil.example:9080", "http://evil.example:9080", (), False),  # a name that was bent to this machine
        (LOCAL, "127.0.0.1.evil.example", None, (), False),
        (LOCAL, None, None, (), False),
        (LOCAL, "", None, (), False),
        (OPENED, "10.0.0.5:9080", "http://10.0.0.5:9080", ("5ec4e7",), True),
        (OPENED, "10.0.0.5:9080", None, (None, "", "5ec4e7"), True),
        (OPENED, "10.0.0.5:9080", None, (None, "5ec4e8", ""), False),
        (OPENED, "127.0.0.1:9080", None, (), False),
        (OPENED, "10.0.0.5:9080", "http://evil.example", ("5ec4e7",), False),
    ],
)
def test_only_its_own_pages_and_whoever_knows_the_token(access, host, origin, tokens, allowed):
    refusal = access.refusal(host, origin, tokens)
    assert (refusal is None) == allowed, refusal


def test_a_foreign_page_reaches_neither_values_nor_sockets(desk):
    async def scene():
        foreign = {"Origin": "http://evil.example"}
        async with aiohttp.ClientSession() as session:
            for path in ("", "riffsynth/alpha", "recent.wav", "page/main.js"):
                async with session.get(desk.url + path, headers=foreign) as response:
                    assert response.status == 403
            for path in ("", "live"):
                with pytest.raises(aiohttp.WSServerHandshakeError):
                    await session.ws_connect(desk.url + path, headers=foreign)
            async with session.get(desk.url, headers={"Host": "evil.example"}) as response:
                assert response.status == 403

    asyncio.run(scene())


def test_an_opened_page_says_so_and_asks_for_its_token(new_desk):
    desk = new_desk("0.0.0.0")
    address, token = desk.url.split("?token=")
    assert any("open to the network" in line for line in desk.said)

    async def scene():
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
            async with session.get(address + "riffsynth/alpha") as response:
                assert response.status == 403
            async with session.get(address + f"riffsynth/alpha?token={token}") as response:
                assert response.status == 200
            bearer = {"Authorization": f"Bearer {token}"}
            async with session.get(address + "riffsynth/alpha", headers=bearer) as response:
                assert response.status == 200
            async with session.get(desk.url, headers={"Accept": "text/html"}) as response:  # a browser; gets a cookie
                assert response.status == 200
                assert "token" not in str(response.url)
            async with session.ws_connect(address, origin=address.rstrip("/")) as ws:
                await ws.send_json({"COMMAND": "LISTEN", "DATA": "/riffsynth/alpha"})
                assert (await ws.receive()).type is aiohttp.WSMsgType.BINARY

    asyncio.run(scene())
