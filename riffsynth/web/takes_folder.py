"""Where a performance keeps the takes that are recorded on its page, until it ends."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from pathlib import Path

import platformdirs

FORGOTTEN_S = 24 * 3600.0
"""Where a system cannot be asked whether a process lives, folders this old are left over."""


def takes_folder(performance: int, parent: Path | None = None) -> Path | None:
    """The folder of the performance whose first process is `performance`; one that is started again finds its takes.

    What performances that were killed have left behind is removed. None where nothing can be written.
    """
    with contextlib.suppress(OSError):
        return _own(performance, parent or platformdirs.user_cache_path("riffsynth", appauthor=False) / "takes")
    return None


def _own(performance: int, parent: Path) -> Path:
    parent.mkdir(parents=True, exist_ok=True)
    for folder in parent.iterdir():
        if folder.name.isdigit() and int(folder.name) != performance and not _lives(int(folder.name), folder):
            shutil.rmtree(folder, ignore_errors=True)
    own = parent / str(performance)
    own.mkdir(exist_ok=True)
    return own


def _lives(process: int, folder: Path) -> bool:
    if os.name != "posix":
        return time.time() - folder.stat().st_mtime < FORGOTTEN_S
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
