"""What a service says to systemd (sd_notify(3)): that it is ready, that it is alive, that it stops."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Mapping

READY = "READY=1"
ALIVE = "WATCHDOG=1"
STOPPING = "STOPPING=1"


def notify(state: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Sends `state`, such as READY, to the socket that systemd named; False where there is none or nobody listens."""
    path = environment.get("NOTIFY_SOCKET", "")
    if not path.startswith(("/", "@")) or not hasattr(socket, "AF_UNIX"):
        return False
    address = "\0" + path[1:] if path.startswith("@") else path  # Linux's abstract names
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)  # the control loop waits for nobody
        sender.sendto(state.encode(), address)
        return True
    return False


class Watchdog:
    """Says ALIVE twice in each interval that systemd grants. A loop that hangs says nothing, and is started again."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._environment = environment
        self._interval_s = _interval_s(environment)
        self._next = 0.0

    def poll(self, now: float) -> None:
        """To be called often; `now` in seconds."""
        if self._interval_s is not None and now >= self._next:
            self._next = now + self._interval_s / 2
            notify(ALIVE, self._environment)


def _interval_s(environment: Mapping[str, str]) -> float | None:
    """None where no watchdog waits for this process."""
    microseconds = environment.get("WATCHDOG_USEC", "")
    watched = environment.get("WATCHDOG_PID", "") in ("", str(os.getpid()))
    return int(microseconds) / 1e6 if watched and microseconds.isdecimal() and int(microseconds) else None
