"""The screen of `play`, read as text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from riffsynth.status.screen import Fault, Screen, page
from riffsynth.timing.status import ClockStatus

SCREEN = Screen(
    preset="Night bus",
    clock=ClockStatus("dj:out", "locked", 124.0, -0.4, 0.9),
    beat=9.3,
    meter=4,
    playing=True,
    prompts=("dub bass", ""),
    alpha=0.25,
    model="the embedded model on cpu",
    clips=14,
    work="step 3 of 8",
    work_fraction=0.375,
    loudness_db=-18.0,
    peak=0.5,
    output="JACK, 44100 Hz, 31 ms",
    core_fraction=0.12,
    underruns=0,
    recording="take.wav",
    reached="OSC on 127.0.0.1:9000",
)


def drawn(screen=SCREEN, events=(), faults=(), width=80, height=24):
    return page(screen, events, faults, width, height).plain.splitlines()


def line(label, lines):
    return next(text for text in lines if text.startswith(label))


def test_everything_that_a_performer_looks_for_is_there():
    lines = drawn()
    assert lines[0].startswith("riffsynth  Night bus") and lines[0].endswith("playing  3.2  124.0 bpm")
    assert "dj:out locked  error -0.4 ms, jitter 0.9 ms  ○●○○" in line("clock", lines)
    assert line("A ", lines).endswith("dub bass") and line("B ", lines).endswith("(no prompt)")
    assert line("alpha", lines).endswith("B  0.25")
    assert line("clip", lines).endswith("step 3 of 8")
    assert "the embedded model on cpu" in line("model", lines)
    assert line("level", lines).endswith("-18 dB, peak -6")
    assert "JACK, 44100 Hz, 31 ms, 12 % of a core, 0 underruns" in line("player", lines)
    assert "take.wav" in line("recording", lines)
    assert "OSC on 127.0.0.1:9000" in lines[-1]


@pytest.mark.parametrize("alpha", [0.0, 0.5, 1.0])
def test_the_fader_stands_where_alpha_is(alpha):
    fader = line("alpha", drawn(replace(SCREEN, alpha=alpha))).split("A ", 1)[1].split(" B")[0]
    assert fader.index("●") == round(alpha * (len(fader) - 1))


def test_the_bar_of_the_clip_and_the_meter_grow_with_their_values():
    done = [line("clip", drawn(replace(SCREEN, work_fraction=part))).count("━") for part in (0.0, 0.5, 1.0)]
    loud = [line("level", drawn(replace(SCREEN, loudness_db=db))).count("█") for db in (-90.0, -30.0, 0.0)]
    assert done[0] == loud[0] == 0
    assert 2 * done[1] == done[2] and 2 * loud[1] == loud[2]


def test_a_stopped_song_shows_no_beat_and_a_problem_is_told():
    clock = ClockStatus("", "waiting", 120.0, problem="no MIDI clock has come yet")
    lines = drawn(replace(SCREEN, playing=False, clock=clock))
    assert "stopped" in lines[0]
    assert "no clock waiting  ○○○○  no MIDI clock has come yet" in line("clock", lines)


def test_the_last_events_fill_the_room_that_faults_leave():
    events = [(f"12:00:{second:02}", f"event {second}") for second in range(50)]
    faults = [Fault("12:01:00", "the worker ended", 3), Fault("12:02:00", "disk full")]
    lines = drawn(events=events, faults=faults)
    assert len(lines) <= 24
    assert [text for text in lines if "event" in text][-1] == "12:00:49  event 49"
    assert "12:01:00  the worker ended (3 times)" in lines and "12:02:00  disk full" in lines


@pytest.mark.parametrize(("width", "height"), [(20, 5), (40, 12), (80, 24), (300, 90)])
def test_it_fits_terminals_of_every_size(width, height):
    events = [("12:00:00", "a long event " * 40)] * 200
    long = replace(SCREEN, prompts=("drums " * 100, "bass " * 100))
    lines = drawn(long, events, [Fault("12:00:00", "a long fault " * 40)] * 10, width, height)
    assert len(lines) <= height
    assert max(map(len, lines)) <= width


def test_a_prompt_cannot_take_the_terminal_over():
    lines = drawn(replace(SCREEN, prompts=("bass\x1b[2J\x07\r\nline", "\x9b2J")))
    assert line("A ", lines).endswith("bass [2J   line")
    assert not any(ord(letter) < 32 or 127 <= ord(letter) < 160 for text in lines for letter in text)
