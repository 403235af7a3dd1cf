"""What `play` says: plain lines into files and pipes, a screen on a terminal, and never a wait for either."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time

import pytest
from test_screen import SCREEN

from riffsynth.status.terminal import KEPT_FAULTS, LAST_LINES_S, WAITING_LINES, Terminal


@pytest.fixture
def pipe():
    reading, writing = os.pipe()
    yield reading, writing
    for descriptor in (reading, writing):
        os.close(descriptor)


def said(reading: int) -> list[str]:
    text = b""
    while select.select([reading], [], [], 0.3)[0]:
        text += os.read(reading, 65536)
    return text.decode().splitlines()


def test_a_pipe_gets_plain_lines(pipe):
    reading, writing = pipe
    terminal = Terminal(descriptor=writing)
    terminal.line("playing on [null] at 44100 Hz")
    terminal.clock("internal locked", "internal locked 120.0 bpm")
    terminal.clock("internal locked", "internal locked 121.0 bpm")
    terminal.clock("dj:out holdover", "dj:out holdover 120.0 bpm")
    terminal.progress("loading the model", 0.5)
    terminal.progress("loading the model", 0.5)
    terminal.warn("a\x1b[2J fault")
    assert not terminal.due()
    terminal.close()
    assert said(reading) == [
        "riffsynth: playing on [null] at 44100 Hz",
        "riffsynth: clock: internal locked 120.0 bpm",
        "riffsynth: clock: dj:out holdover 120.0 bpm",
        "riffsynth: loading the model",
        "riffsynth: a [2J fault",
    ]


def test_quiet_says_warnings_alone_and_none_over_and_over(pipe):
    reading, writing = pipe
    moments = iter((0.0, 0.2, 0.9, 1.1))
    terminal = Terminal(quiet=True, now=lambda: next(moments), descriptor=writing)
    terminal.line("a line")
    terminal.progress("loading", 0.5)
    for _ in range(4):
        terminal.warn("a fault")
    terminal.close()
    assert said(reading) == ["riffsynth: a fault"] * 2


def test_a_pipe_that_nobody_reads_holds_nothing_up(pipe):
    _, writing = pipe
    terminal = Terminal(descriptor=writing)
    start = time.monotonic()
    for number in range(3 * WAITING_LINES):
        terminal.line(f"line {number} {'x' * 200}")
    assert time.monotonic() - start < 5
    time.sleep(0.3)
    start = time.monotonic()
    terminal.close()
    assert time.monotonic() - start < LAST_LINES_S + 5


def test_a_reader_that_went_away_ends_the_thread_alone(capfd):
    reading, writing = os.pipe()
    os.close(reading)
    terminal = Terminal(descriptor=writing)
    terminal.line("nobody hears")
    terminal.close()
    terminal.line("still nobody")
    os.close(writing)
    assert capfd.readouterr().err == ""


def test_a_terminal_gets_the_screen_and_is_given_back_with_the_faults(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    ours, theirs = pty.openpty()
    terminal = Terminal(descriptor=theirs)
    assert terminal.due()
    terminal.show(SCREEN)
    assert not terminal.due()
    time.sleep(0.3)
    terminal.line("learned alpha")
    terminal.warn("the worker ended")
    time.sleep(0.3)
    terminal.close()
    text = "\n".join(said(ours))
    assert text.rfind("\x1b[?25h") > text.rfind("\x1b[?25l")  # the cursor is back
    on, off = text.index("\x1b[?1049h"), text.index("\x1b[?1049l")
    drawn, after = text[on:off], text[off:]
    assert "Night bus" in drawn and "learned alpha" in drawn and "the worker ended" in drawn
    assert "riffsynth: the worker ended" in after and "learned" not in after
    os.close(ours)
    os.close(theirs)


def test_of_many_different_faults_the_latest_are_kept(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    ours, theirs = pty.openpty()
    terminal = Terminal(descriptor=theirs)
    terminal.show(SCREEN)
    for number in range(3 * KEPT_FAULTS):
        terminal.warn(f"fault {number}.")
        if number % 50 == 49:
            time.sleep(0.2)  # a terminal that nobody reads says nothing
            if select.select([ours], [], [], 0.0)[0]:
                os.read(ours, 1_000_000)
    terminal.close()
    text = "\n".join(said(ours))
    after = text[text.index("\x1b[?1049l") :]
    assert [number for number in range(3 * KEPT_FAULTS) if f"fault {number}." in after] == list(
        range(2 * KEPT_FAULTS, 3 * KEPT_FAULTS)
    )
    os.close(ours)
    os.close(theirs)


def test_a_dumb_terminal_gets_lines(monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    ours, theirs = pty.openpty()
    terminal = Terminal(descriptor=theirs)
    assert not terminal.due()
    terminal.line("playing")
    terminal.close()
    assert said(ours) == ["riffsynth: playing"]
    os.close(ours)
    os.close(theirs)


def test_a_terminal_without_a_screen_gets_a_bar_and_keeps_its_last_word(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    ours, theirs = pty.openpty()
    terminal = Terminal(descriptor=theirs)
    terminal.progress("a clip", 0.5)
    time.sleep(0.3)
    terminal.progress("3 clips made", 1.0)
    terminal.close()
    text = "\n".join(said(ours))
    assert "━" in text and "a clip" in text[: text.index("3 clips made")]
    assert text.index("riffsynth: 3 clips made") > text.rindex("━")
    os.close(ours)
    os.close(theirs)


def test_what_is_said_last_is_said_though_nobody_closes_the_terminal():
    code = "from riffsynth.status.terminal import Terminal; Terminal().line('the last word')"
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert finished.stderr == "riffsynth: the last word\n"
