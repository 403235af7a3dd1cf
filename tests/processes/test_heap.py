"""Memory that processes give back."""

from __future__ import annotations

import subprocess
import sys

import pytest

from riffsynth.processes.heap import TRIM_S, Trimming

HOLES = """
from pathlib import Path
from riffsynth.processes.heap import Trimming, keep_flat

def resident_mb():
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_Dirty")) / 1024

keep_flat()
pieces = [b"x" * (100_000 + number) for number in range(200)]
del pieces[:-1]  # what lies behind the holes keeps the heap as large as it is
before = resident_mb()
Trimming().poll(0.0)
print(before - resident_mb())
"""


def test_it_acts_once_a_minute():
    acted = []
    trimming = Trimming(lambda: acted.append(1))
    for now in (5.0, 5.1, 5.0 + TRIM_S - 0.1, 5.0 + TRIM_S, 6.0 + TRIM_S):
        trimming.poll(now)
    assert len(acted) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")
def test_holes_below_what_is_kept_go_back_to_the_system():
    done = subprocess.run([sys.executable, "-c", HOLES], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) > 15  # of 20 MB
