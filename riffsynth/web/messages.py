"""What crosses the pipe between control and the page. Frozen values, each whole in itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from riffsynth.control.osc_feedback import Address, Reply
from riffsynth.control.osc_router import Received
from riffsynth.control.store import Change
from riffsynth.parameters import Value
from riffsynth.spectrogram.clip import Clip

# Control to page


@dataclass(frozen=True, slots=True)
class Values:
    """All values, for a page that has just started."""

    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Changes:
    """What has changed since the last message: the newest change of each parameter."""

    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """What the router answers to viewers, in order."""

    replies: tuple[Reply, ...]


@dataclass(frozen=True, slots=True)
class Status:
    """What `/riffsynth/status` would answer at `now` seconds of the clock."""

    status: Mapping[str, Any]
    now: float


@dataclass(frozen=True, slots=True, eq=False)
class Sounding:
    """The clip that plays, for whoever asked by `AskClip`; None where none does."""

    clip: Clip | None


@dataclass(frozen=True, slots=True)
class Beside:
    """What the page shows beside the values."""

    presets: tuple[str, ...] = ()
    """The set: what `preset` is set to for each of its places."""
    snapshots: Path | None = None
    """The folder of the open preset's snapshots."""
    clip_latency_s: Mapping[str, float] = field(default_factory=dict)
    """By parameter: what the last move of it took until the clip made for it was heard."""


ToPage = Sounding | Values | Changes | Answers | Status | Beside
"""And what passes between control and the player, as it is."""


# Page to control


@dataclass(frozen=True, slots=True)
class Sent:
    """OSC that a viewer has sent."""

    received: Received


@dataclass(frozen=True, slots=True)
class Left:
    """A viewer is gone."""

    viewer: Address


@dataclass(frozen=True, slots=True)
class Alive:
    """Each second, from the loop that serves."""


@dataclass(frozen=True, slots=True)
class Serving:
    """The page can be opened on this port."""

    port: int


@dataclass(frozen=True, slots=True)
class NotServing:
    """There will be no page; the sentence says why."""

    text: str


@dataclass(frozen=True, slots=True)
class Faulted:
    """A fault of ours in answering somebody; the page goes on."""

    text: str


@dataclass(frozen=True, slots=True)
class AskClip:
    """Somebody wants the clip that plays."""


FromPage = AskClip | Sent | Left | Serving | NotServing | Faulted


@dataclass(frozen=True, slots=True)
class PageConfig:
    """What a page is started with."""

    host: str = "127.0.0.1"
    port: int = 0
    """0 takes a free one."""
    token: str | None = None
    """What a client must know; None where only this machine reaches the page."""
    osc_host: str = "127.0.0.1"
    osc_port: int = 9000
    takes: Path | None = None
    """The folder that takes are kept in, which outlives a page that is killed; None makes one for this page."""


def url(config: PageConfig, port: int, **query: Any) -> str:
    """Where a browser on this machine opens the page."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(config.host, config.host)
    host = f"[{host}]" if ":" in host else host
    if config.token:
        query["token"] = config.token
    return f"http://{host}:{port}/" + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else "")
