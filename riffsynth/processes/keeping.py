"""What crosses the pipe between the keeper and control. Frozen values, each whole in itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Begin:
    """To control: perform; what the one before it gave to keep is empty for the first one."""

    doors: Path
    kept: dict[str, bytes]
    starts: int


@dataclass(frozen=True, slots=True)
class Stop:
    """To control: fade out and end."""


@dataclass(frozen=True, slots=True)
class Keep:
    """From control: to be given to the one that takes over, under a name; None is to be forgotten."""

    name: str
    data: bytes | None


@dataclass(frozen=True, slots=True)
class Alive:
    """From control, twice a second."""

    playing: bool
    """Its output is open."""
    pids: tuple[int, ...]
    """Its own processes."""
    recording: Path | None
    """What is written now."""


@dataclass(frozen=True, slots=True)
class Ended:
    """From control, last of all: the performance is over, or could not begin, for the reason given."""

    refusal: str = ""
