"""What processes cost, read from Linux's /proc, and which of them a measurement has started."""

from __future__ import annotations

import os
from pathlib import Path

MARK = "RIFFSYNTH_MEASURED"
"""In the environment of everything that a measurement starts."""
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


def mark() -> None:
    """From now on, whatever this process starts is found by `started`."""
    os.environ[MARK] = str(os.getpid())


def started() -> dict[int, str]:
    """All that was started and is there, by number, with its command: whose children they are by now or not."""
    wanted = f"{MARK}={os.getpid()}".encode()
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (entry / "environ").read_bytes().split(b"\0"):
                found[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")[-160:]
        except OSError:
            continue
    return found


def own_mb(pid: int) -> float:
    """Memory that is nobody else's. Raises OSError for a process that is gone."""
    return _rolled_up(pid, ("Private_Clean", "Private_Dirty"))


def share_mb(pid: int) -> float:
    """Memory with its share of what several processes have in common. Raises OSError for a process that is gone."""
    return _rolled_up(pid, ("Pss:",))


def handles(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))


def threads(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/task"))


def spent_s(pid: int) -> float:
    """Processor time since its start. Raises OSError for a process that is gone."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _rolled_up(pid: int, names: tuple[str, ...]) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(names)) / 1024
