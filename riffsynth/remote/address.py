"""Where another machine's clips are asked for."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from riffsynth.errors import RiffsynthError


def checked_address(address: str) -> SplitResult:
    """The parts of http://host:port. Raises RiffsynthError for what is no such address."""
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port is not False
    except ValueError:
        usable = False
    if not usable:
        raise RiffsynthError(f"--workers is an address such as http://host:3013, found {address}")
    return parts
