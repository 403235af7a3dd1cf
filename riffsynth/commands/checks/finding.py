"""What a check of the doctor answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, and what to do about it where it is not as it should be."""

    ok: bool
    found: str
    mend: str = ""


Check = Callable[[], Finding]
