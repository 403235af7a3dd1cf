"""Programs find the instrument by zeroconf."""

from __future__ import annotations

import asyncio

import pytest

from riffsynth.web.announcing import announced
from riffsynth.web.messages import PageConfig

FIND_TIMEOUT_MS = 5000.0


def test_oscquery_and_osc_are_found_on_this_machine_while_they_are_announced():
    zeroconf = pytest.importorskip("zeroconf")
    from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

    kinds = {"_oscjson._tcp.local.": 19080, "_osc._udp.local.": 19000}

    async def scene():
        added = asyncio.Queue()

        def changed(zeroconf, service_type, name, state_change):
            if state_change is ServiceStateChange.Added and "riffsynth 190" in name:
                added.put_nowait((service_type, name))

        async with announced(PageConfig(osc_port=19000), 19080):
            browsing = AsyncZeroconf(interfaces=["127.0.0.1"])
            browser = AsyncServiceBrowser(browsing.zeroconf, list(kinds), handlers=[changed])
            found = {}
            while len(found) < 2:
                kind, name = await asyncio.wait_for(added.get(), 10)
                info = AsyncServiceInfo(kind, name)
                assert await info.async_request(browsing.zeroconf, FIND_TIMEOUT_MS)
                found[kind] = (info.port, info.parsed_addresses())
            await browser.async_cancel()
            await browsing.async_close()
        return found

    ServiceStateChange = zeroconf.ServiceStateChange
    assert asyncio.run(scene()) == {kind: (port, ["127.0.0.1"]) for kind, port in kinds.items()}
