"""Lets programs find the instrument by themselves: `_oscjson._tcp` and `_osc._udp` over zeroconf, where it is there."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from riffsynth.web.access import is_loopback
from riffsynth.web.messages import PageConfig

if TYPE_CHECKING:
    from zeroconf.asyncio import AsyncZeroconf


@asynccontextmanager
async def announced(config: PageConfig, port: int) -> AsyncIterator[None]:
    """Announces both services meanwhile; only on this machine where only this machine reaches them.

    Does nothing without the `zeroconf` library (`pip install riffsynth[discovery]`) or a network to announce on.
    """
    zeroconf = await _announce(config, port)
    try:
        yield
    finally:
        if zeroconf:
            await zeroconf.async_unregister_all_services()
            await zeroconf.async_close()


async def _announce(config: PageConfig, port: int) -> AsyncZeroconf | None:
    try:
        from zeroconf import Error, InterfaceChoice
        from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf
    except ImportError:
        return None
    here = f"riffsynth-{socket.gethostname().split('.')[0]}.local."
    try:
        zeroconf = AsyncZeroconf(interfaces=["127.0.0.1"] if is_loopback(config.host) else InterfaceChoice.Default)
        for kind, host, at in (("_oscjson._tcp", config.host, port), ("_osc._udp", config.osc_host, config.osc_port)):
            name = f"riffsynth {at}.{kind}.local."
            info = AsyncServiceInfo(f"{kind}.local.", name, at, parsed_addresses=[_reached_at(host)], server=here)
            await zeroconf.async_register_service(info, allow_name_change=True)
    except (OSError, Error):
        return None
    return zeroconf


def _reached_at(host: str) -> str:
    """The address under which others reach a server that listens on `host`."""
    if host not in ("0.0.0.0", "::"):
        return "127.0.0.1" if host == "localhost" else host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # nothing is sent: the system only says which address it would use
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
