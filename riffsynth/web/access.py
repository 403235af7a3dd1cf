"""Who may use the page: only pages of its own origin may control, and whoever comes over the network needs the token.

A browser tells every page's origin truthfully, and programs that are no browsers send none: what this keeps out is a
foreign web page, open beside the instrument, that reaches for it (cross-site WebSockets, DNS rebinding).
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
COOKIE = "riffsynth-token"


def is_loopback(host: str) -> bool:
    """Does only this machine reach a server that listens on `host`?"""
    return host in LOOPBACK_NAMES or host.startswith("127.")


def new_token() -> str:
    """Short enough to be typed on a phone, too long to be guessed."""
    return secrets.token_hex(6)


@dataclass(frozen=True, slots=True)
class Access:
    """What the server asks of every request."""

    token: str | None = None

    def refusal(self, host: str | None, origin: str | None, tokens: tuple[str | None, ...] = ()) -> str | None:
        """Why a request with these headers is refused, in one sentence; None where it is not.

        `tokens` are those that the request carries, wherever it carries them.
        """
        if not host:
            return "a request must name its Host"
        if self.token is None and _name(host) not in LOOPBACK_NAMES:
            return f"this page is on localhost and 127.0.0.1, not on {host[:80]}"
        if origin is not None and origin != f"http://{host}":
            return "only pages of this server may use it"
        if self.token is not None and not any(_same(token, self.token) for token in tokens):
            return "open the address that riffsynth printed when it started: it ends with the token that is needed"
        return None


def _name(host: str) -> str:
    """The name in a Host header, without its port."""
    if host.startswith("["):
        return host[1:].split("]")[0]
    return host.rsplit(":", 1)[0].lower()


def _same(given: str | None, token: str) -> bool:
    return given is not None and hmac.compare_digest(given.encode("utf-8", "replace"), token.encode())
