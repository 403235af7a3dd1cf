"""Python, its libraries, and what the system grants: port, scheduling, clock rate, disk."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import socket
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from riffsynth.commands.checks.finding import Finding
from riffsynth.performance.options import DEFAULT_OSC_PORT

OLDEST_PYTHON, NEWEST_PYTHON = (3, 11), (3, 14)
LIBRARIES = (
    *("pythonosc", "mido", "diffusers", "transformers", "safetensors", "numpy", "scipy", "sounddevice", "rtmixer"),
    *("soundfile", "PIL", "yaml", "pydantic", "platformdirs", "rich", "aiohttp"),
)
"""What is imported while playing, beside torch and rtmidi, which have lines of their own."""
SLOW_GOVERNORS = ("powersave", "conservative", "ondemand")
CPU_FOLDER = Path("/sys/devices/system/cpu")
LEAST_CORES = 2
LEAST_DISK_BYTES = 2 * 2**30
RECORDING_BYTES_PER_HOUR = 2 * 3 * 44100 * 3600
"""Two channels of 24 bits."""


def python(version: tuple[int, int, int] = sys.version_info[:3]) -> Finding:
    """The interpreter's version."""
    found = f"{'.'.join(map(str, version))} ({sys.executable})"
    known = f"{OLDEST_PYTHON[0]}.{OLDEST_PYTHON[1]} to {NEWEST_PYTHON[0]}.{NEWEST_PYTHON[1]}"
    if version[:2] < OLDEST_PYTHON:
        return Finding(False, found, f"install Python {known} and set up again with PYTHON=python3.12")
    if version[:2] > NEWEST_PYTHON:
        return Finding(True, found, f"untested: if something fails, set up again with Python {known}")
    return Finding(True, found)


def libraries(find: Callable[[str], object] = importlib.util.find_spec) -> Finding:
    """Whether everything that the package needs is installed, without importing it."""
    missing = [name for name in LIBRARIES if find(name) is None]
    if missing:
        return Finding(
            False, f"missing: {', '.join(missing)}", "run `sh setup.sh play`, or pip install the package again"
        )
    return Finding(True, f"all {len(LIBRARIES)} are installed")


def osc_port(port: int = DEFAULT_OSC_PORT) -> Finding:
    """Whether `play` could listen where it does by default."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            return Finding(
                False,
                f"UDP port {port} cannot be used ({error.strerror})",
                "end the other program (another riffsynth?) or play with --osc-port",
            )
    return Finding(True, f"UDP port {port} is free")


def real_time(system: Any = os) -> Finding:
    """Whether the player would get real-time scheduling: tried, and given back."""
    from riffsynth.playback.process import REALTIME_PRIORITY

    if not hasattr(system, "sched_setscheduler"):
        return Finding(True, f"{platform.system()} gives its own sound threads priority")
    policy, parameters = system.sched_getscheduler(0), system.sched_getparam(0)
    try:
        system.sched_setscheduler(0, system.SCHED_FIFO, system.sched_param(REALTIME_PRIORITY))
    except OSError as error:
        return Finding(
            False,
            f"refused ({error.strerror}; RLIMIT_RTPRIO is {_rtprio_limit()})",
            "put `@audio - rtprio 95` into /etc/security/limits.d/audio.conf, join the group (sudo usermod -aG audio "
            "$USER) and log in again",
        )
    system.sched_setscheduler(0, policy, parameters)
    return Finding(True, f"SCHED_FIFO {REALTIME_PRIORITY} is granted")


def cpu(folder: Path = CPU_FOLDER, count: int | None = None) -> Finding:
    """Cores, and the governors that set their clock rates."""
    cores = count or os.cpu_count() or 1
    governors = Counter(path.read_text().strip() for path in folder.glob("cpu[0-9]*/cpufreq/scaling_governor"))
    told = ", ".join(sorted(governors)) or "not told by this system"
    found = f"{cores} core{'s' if cores > 1 else ''}, governor {told}"
    if any(name in SLOW_GOVERNORS for name in governors):
        return Finding(False, found, "while playing: sudo cpupower frequency-set -g performance")
    if cores < LEAST_CORES:
        return Finding(False, found, "player and model share it: expect few new clips; play with a larger --latency")
    return Finding(True, found)


def disk(folder: Path | None = None, usage: Callable[[Path], Any] = shutil.disk_usage) -> Finding:
    """Room for a recording where the command is run."""
    folder = folder or Path.cwd()
    free = usage(folder).free
    found = f"{free / 2**30:.1f} GiB free in {folder}, {free / RECORDING_BYTES_PER_HOUR:.0f} h of recording"
    if free < LEAST_DISK_BYTES:
        return Finding(False, found, "make room, or record to another disk with --record FILE")
    return Finding(True, found)


def _rtprio_limit() -> str:
    try:
        import resource
    except ImportError:
        return "unknown"
    limit: int | None = getattr(resource, "RLIMIT_RTPRIO", None)
    return "unknown" if limit is None else str(resource.getrlimit(limit)[0])
