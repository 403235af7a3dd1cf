"""What `play` says at a terminal, and where there is none."""

from __future__ import annotations

import io
import sys

import pytest

from riffsynth.terminal import Terminal


def test_without_a_terminal_the_clock_is_a_line_for_each_new_state(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal()
    for state, line in (("a locked", "a locked 120.0 bpm"), ("a locked", "a locked 120.1 bpm"), ("a holdover", "lost")):
        terminal.clock(state, line)
    terminal.close()
    assert capsys.readouterr().err.splitlines() == [
        "riffsynth: clock: a locked 120.0 bpm",
        "riffsynth: clock: lost",
    ]


def test_on_a_terminal_it_is_the_last_line_and_the_cursor_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    terminal.clock("a locked", "a locked 120.0 bpm")
    terminal.progress("loading", 0.5)
    terminal.clock("a locked", "unseen while the bar is there")
    terminal.progress("loading", 1.0)
    terminal.clock("a locked", "a locked 121.0 bpm")
    terminal.close()
    shown = screen.getvalue()
    assert "121.0 bpm" in shown
    assert "unseen" not in shown
    assert shown.rfind("\x1b[?25h") > shown.rfind("\x1b[?25l")
