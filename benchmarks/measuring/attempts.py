"""A measurement of real processes, which a busy machine may spoil: once more, and then the reason why not."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

ATTEMPTS = 2


def attempted(name: str, measure: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The figures, or `failed` with the reason: one measurement that fails takes no other with it."""
    for left in reversed(range(ATTEMPTS)):
        try:
            return measure()
        except (RuntimeError, OSError, ValueError, LookupError, subprocess.SubprocessError) as error:
            reason = f"{type(error).__name__}: {error}"
            print(f"{name}: {reason}{'; once more' if left else ''}", file=sys.stderr)
    return {"failed": reason}
