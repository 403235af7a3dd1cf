"""Takes outlive a page that is killed, and not the performance."""

from __future__ import annotations

import os
import subprocess
import sys

from riffsynth.web.takes_folder import takes_folder


def test_what_a_killed_performance_left_is_removed_and_what_others_keep_is_not(tmp_path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    for performance in (ended.pid, os.getppid()):
        left = tmp_path / str(performance)
        left.mkdir()
        (left / "take-01.wav").write_bytes(b"RIFF")
    (tmp_path / "notes.txt").write_text("not ours")
    own = takes_folder(os.getpid(), tmp_path)
    (own / "take-01.wav").write_bytes(b"RIFF")
    assert takes_folder(os.getpid(), tmp_path) == own
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [str(os.getppid()), str(os.getpid()), "notes.txt"]
    )
    assert (own / "take-01.wav").exists()


def test_where_nothing_can_be_written_the_page_finds_a_place_itself(tmp_path):
    (tmp_path / "file").write_text("")
    assert takes_folder(1, tmp_path / "file") is None
