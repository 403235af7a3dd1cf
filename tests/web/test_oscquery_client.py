"""OSCQuery as a client meets it: the page's real process, over HTTP and a WebSocket."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
from contextlib import asynccontextmanager

import aiohttp
from made_clips import tone_clip

from riffsynth.control.osc_codec import OscMessage, decode, encode, encode_as
from riffsynth.parameters import TABLE
from riffsynth.spectrogram.image import read_image

TIMEOUT_S = 10.0


class Client:
    """A WebSocket that speaks OSCQuery."""

    def __init__(self, ws):
        self.ws = ws

    async def command(self, name, data):
        await self.ws.send_json({"COMMAND": name, "DATA": data})

    async def send(self, address, *args):
        await self.ws.send_bytes(encode(address, *args))

    async def hear(self):
        """The next OSC message."""
        message = await asyncio.wait_for(self.ws.receive(), TIMEOUT_S)
        assert message.type is aiohttp.WSMsgType.BINARY, message
        return decode(message.data)

    async def sync(self):
        """What was said until everything sent before has been applied."""
        await self.send("/riffsynth/sync", 77)
        heard = []
        while (message := await self.hear()) != OscMessage("/riffsynth/sync", (77,)):
            heard.append(message)
        return heard


@asynccontextmanager
async def connected(desk):
    async with aiohttp.ClientSession() as session, session.ws_connect(desk.url) as ws:
        yield Client(ws)


async def get(desk, path):
    async with aiohttp.ClientSession() as session, session.get(desk.url.rstrip("/") + path) as response:
        return response.status, json.loads(await response.text()) if response.status == 200 else None


def test_a_client_walks_the_tree_and_reads_values(desk):
    async def scene():
        desk.set("tempo", 93.75)
        _, root = await get(desk, "/")
        assert set(root["CONTENTS"]["riffsynth"]["CONTENTS"]) >= {"a", "b", "alpha", "tempo", "norm"}
        for parameter in TABLE:
            status, node = await get(desk, parameter.osc_address)
            assert status == 200
            assert node["FULL_PATH"] == parameter.osc_address
        assert await get(desk, "/riffsynth/tempo?VALUE") == (200, {"VALUE": [93.75]})
        assert await get(desk, "/riffsynth/a/prompt?RANGE") == (204, None)
        assert await get(desk, "/riffsynth/tempo?NONSENSE") == (400, None)
        assert await get(desk, "/riffsynth/temp") == (404, None)

    asyncio.run(scene())


def test_host_info_says_where_osc_is_and_what_is_spoken(desk):
    status, info = asyncio.run(get(desk, "/?HOST_INFO"))
    assert status == 200
    assert info["OSC_PORT"] == desk.osc.server.port
    assert (info["WS_PORT"], info["OSC_TRANSPORT"]) == (desk.port, "UDP")
    assert info["EXTENSIONS"]["LISTEN"] is True
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as osc:
        osc.settimeout(TIMEOUT_S)
        osc.sendto(encode("/riffsynth/tempo"), (info["OSC_IP"], info["OSC_PORT"]))
        assert decode(osc.recv(1000)) == OscMessage("/riffsynth/tempo", (120.0,))


def test_a_listener_hears_what_others_change_in_the_type_that_the_tree_names(desk):
    async def scene():
        async with connected(desk) as client:
            for path in ("alpha", "norm/pitch", "mute", "a/prompt", "b/seed", "panic"):
                await client.command("LISTEN", f"/riffsynth/{path}")
            assert {m.address: m.args for m in await client.sync()} == {
                "/riffsynth/alpha": (0.0,),
                "/riffsynth/norm/pitch": (0.5,),
                "/riffsynth/mute": (False,),
                "/riffsynth/a/prompt": ("",),
                "/riffsynth/b/seed": (0,),
            }
            for name, value in (("alpha", 0.25), ("pitch", 12), ("mute", True), ("a.prompt", "dub"), ("panic", 1)):
                desk.set(name, value)
            desk.set("b.seed", 2**32 - 1)
            heard = [await client.hear() for _ in range(6)]
            assert {m.address: m.args[0] for m in heard if m.address != "/riffsynth/panic"} == {
                "/riffsynth/alpha": 0.25,
                "/riffsynth/norm/pitch": 0.75,
                "/riffsynth/mute": True,
                "/riffsynth/a/prompt": "dub",
                "/riffsynth/b/seed": 2**32 - 1,
            }

    asyncio.run(scene())


def test_what_a_client_sends_reaches_the_store_and_other_clients_but_is_not_echoed(desk):
    async def scene():
        async with connected(desk) as hand, connected(desk) as other:
            for client in (hand, other):
                await client.command("LISTEN", "/riffsynth/alpha")
                await client.sync()
            await hand.send("/riffsynth/alpha", 0.75)
            assert await other.hear() == OscMessage("/riffsynth/alpha", (0.75,))
            assert desk.get("alpha") == 0.75
            assert await hand.sync() == []
            await hand.send("/riffsynth/norm/tempo", 0.0)
            await hand.sync()
            assert desk.get("tempo") == 20.0

    asyncio.run(scene())


def test_ignore_ends_it(desk):
    async def scene():
        async with connected(desk) as client:
            await client.command("LISTEN", "/riffsynth/alpha")
            await client.sync()
            await client.command("IGNORE", "/riffsynth/alpha")
            await client.sync()
            desk.set("alpha", 0.5)
            await asyncio.sleep(0.2)
            assert await client.sync() == []

    asyncio.run(scene())


def test_the_clip_that_plays_is_an_image_that_is_read_again(desk, tmp_path):
    async def scene():
        async with aiohttp.ClientSession() as session:
            async with session.get(desk.url + "clip.png") as response:
                assert response.status == 404
            desk.clip = tone_clip(440.0)
            async with session.get(desk.url + "clip.png") as response:
                assert response.status == 200
                (tmp_path / "clip.png").write_bytes(await response.read())

    asyncio.run(scene())
    read = read_image(tmp_path / "clip.png")
    assert read.spec == desk.clip.spec
    assert abs(read.mel - desk.clip.mel).max() < 0.02 * desk.clip.mel.max()


def test_a_bang_presses_a_trigger(desk):
    async def scene():
        async with connected(desk) as hand, connected(desk) as other:
            await other.command("LISTEN", "/riffsynth/tap")
            await other.sync()
            await hand.ws.send_bytes(encode_as("/riffsynth/tap", "I", None))
            assert await hand.sync() == []
            assert (await other.hear()).address == "/riffsynth/tap"

    asyncio.run(scene())


def test_a_refused_value_is_answered_to_who_sent_it(desk):
    async def scene():
        async with connected(desk) as client:
            await client.send("/riffsynth/tempo", 5000.0)
            (error,) = await client.sync()
            assert error.address == "/riffsynth/error"
            assert "20..400" in error.args[0]
            assert desk.get("tempo") == 120.0

    asyncio.run(scene())


def test_a_fast_controller_is_told_at_30_hz_and_its_last_value_arrives(desk):
    async def scene():
        async with connected(desk) as client:
            await client.command("LISTEN", "/riffsynth/alpha")
            await client.sync()
            for step in range(1, 201):
                desk.set("alpha", step / 200)
                await asyncio.sleep(0.002)
            heard = []
            while not heard or heard[-1].args != (1.0,):
                heard.append(await client.hear())
            assert len(heard) < 60

    asyncio.run(scene())


def test_a_new_preset_is_told_as_a_changed_path_and_is_among_the_choices(new_desk, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    folder = tmp_path / "riffsynth" / "presets"
    folder.mkdir(parents=True)
    desk = new_desk()

    async def scene():
        async with connected(desk) as client:
            _, before = await get(desk, "/riffsynth/preset?RANGE")
            (folder / "quiet-hour.yaml").write_text("tempo: 80\n")
            message = await asyncio.wait_for(client.ws.receive(), TIMEOUT_S)
            assert message.json() == {"COMMAND": "PATH_CHANGED", "DATA": "/riffsynth/preset"}
            _, after = await get(desk, "/riffsynth/preset?RANGE")
            new = set(after["RANGE"][0]["VALS"]) - set(before["RANGE"][0]["VALS"])
            assert new == {"quiet-hour"}

    asyncio.run(scene())


def test_the_end_is_told_to_whoever_is_connected(new_desk):
    async def scene():
        desk = new_desk()
        async with aiohttp.ClientSession() as session:
            sockets = [await session.ws_connect(desk.url + path) for path in ("", "live")]
            reading = [asyncio.create_task(_to_the_end(ws)) for ws in sockets]
            await asyncio.to_thread(desk.close)
            assert await asyncio.gather(*reading) == 2 * [aiohttp.WSCloseCode.GOING_AWAY]

    asyncio.run(scene())


async def _to_the_end(ws):
    async for _ in ws:
        pass
    return ws.close_code


def test_a_page_that_is_killed_comes_back_on_its_port_with_the_values_of_now(new_desk):
    desk = new_desk()
    desk.set("tempo", 99)
    os.kill(desk.do(lambda: desk.page.pid), signal.SIGKILL)
    desk.set("alpha", 0.5)

    async def value():
        for _ in range(200):
            try:
                return await get(desk, "/riffsynth/alpha?VALUE"), await get(desk, "/riffsynth/tempo?VALUE")
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)
        raise AssertionError(desk.said)

    assert asyncio.run(value()) == ((200, {"VALUE": [0.5]}), (200, {"VALUE": [99.0]}))
