"""The session's log: what reached the instrument, in lines, and the recording made again from what it names."""

from __future__ import annotations

import json
from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile

from riffsynth import cli
from riffsynth.control.midi_devices import MidiReceived
from riffsynth.control.osc_codec import OscMessage
from riffsynth.control.store import Change
from riffsynth.diffusion.messages import Generate
from riffsynth.diffusion.request import ClipRequest, End
from riffsynth.performance.session_log import SessionLog
from riffsynth.playback import messages as m
from riffsynth.playback.log import PlayerLog
from riffsynth.rendering.recorded_session import SessionError, player_logs, read_session, render_session
from riffsynth.spectrogram.clip import Score
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.timing.midi_clock import ClockMessage

BEGAN = 100.0
RATE = 44100


def opened(path: Path | None) -> SessionLog:
    """Beat 8 when it begins, 120 beats a minute."""
    return SessionLog(path, BEGAN, lambda time: 8 + 2 * (time - BEGAN))


def player(path: Path, level: float) -> Path:
    """The log of a player that played a tone for half a second."""
    grid = SynthesisGrid.for_rate(RATE)
    magnitudes = np.zeros((8, grid.bins), np.float32)
    magnitudes[:, 40] = 0.2
    log = PlayerLog(path, RATE, 0, BEGAN)
    log.message(0, m.AddScore(1, Score(magnitudes, 8.0)))
    log.message(0, m.Enter(m.Deck(1, ((0.0, 1),)), 0.0, 0.0))
    log.message(0, m.SetPlayback(m.PlaybackState(level=level)))
    log.close(172)
    return path


def test_every_kind_of_event_is_a_line_with_its_time_and_beat(tmp_path):
    path = tmp_path / "take.jsonl"
    log = opened(path)
    log.player_starts(100.0, tmp_path / "take.player", None)
    log.osc(OscMessage("/riffsynth/alpha", (0.5, float("nan"), b"\x01")), ("127.0.0.1", 4711), 100.5)
    log.change(Change("alpha", 0.5, "osc:127.0.0.1:4711"), 100.501)
    log.midi(MidiReceived(mido.Message("control_change", control=7, value=64), "nano", 101.0))
    log.clock(ClockMessage("tick", 101.0))
    log.clock(ClockMessage("start", 101.5, source="drums"))
    log.to_worker(Generate(ClipRequest(3, End("dub"), End(), 0.25)), 102.0)
    log.from_player(m.Entered(4, 12.0), 102.0)
    log.from_player(m.Warned("late"), 102.0)
    log.close()
    lines = [json.loads(line, parse_constant=pytest.fail) for line in path.read_text().splitlines()]
    assert lines[0].pop("date").endswith("+00:00") and lines[0].pop("riffsynth")
    end = {"negative": "", "seed": 0, "strength": 1.0, "guidance": 5.0}
    sender = {"from": "127.0.0.1:4711"}
    assert lines == [
        {"time": 0, "beat": 8, "event": "session", "format": 1, "clock": BEGAN},
        {"time": 0, "beat": 8, "event": "player", "log": "take.player", "record": None},
        {"time": 0.5, "beat": 9, "event": "osc", "address": "/riffsynth/alpha", "args": [0.5, "nan", "01"]} | sender,
        {"time": 0.501, "beat": 9.002, "event": "change", "parameter": "alpha", "value": 0.5}
        | {"source": "osc:127.0.0.1:4711"},
        {"time": 1, "beat": 10, "event": "midi", "device": "nano", "bytes": "B0 07 40"},
        {"time": 1.5, "beat": 11, "event": "clock", "says": "start", "position": 0, "source": "drums"},
        {"time": 2, "beat": 12, "event": "request", "id": 3, "a": {"prompt": "dub"} | end, "b": {"prompt": ""} | end}
        | {"alpha": 0.25, "steps": 8, "init": False},
        {"time": 2, "beat": 12, "event": "entered", "deck": 4, "at_beat": 12},
        {"time": 2, "beat": 12, "event": "warning", "text": "late"},
    ]


def test_without_a_file_nothing_is_written_and_nothing_asked():
    log = SessionLog(None, BEGAN, lambda _time: pytest.fail("nobody needs a beat"))
    log.change(Change("alpha", 0.5, "osc"), 1.0)
    log.player_starts(0.0, None, None)
    log.close()
    assert log.failure is None


def test_a_session_renders_what_each_of_its_players_sent(tmp_path):
    session = tmp_path / "live" / "take.jsonl"
    session.parent.mkdir()
    log = opened(session)
    log.player_starts(100.0, player(tmp_path / "live" / "take.player", 0.0), None)
    log.player_starts(101.0, player(tmp_path / "live" / "take-2.player", -6.0), None)
    log.close()
    session.parent.rename(tmp_path / "moved")  # a folder that goes to another machine
    written = render_session(tmp_path / "moved" / "take.jsonl", tmp_path / "again.wav")
    assert [path.name for path in written] == ["again.wav", "again-2.wav"]
    first, second = (soundfile.read(path)[0] for path in written)
    assert first.size == second.size == 172 * 128
    assert np.abs(first).max() == pytest.approx(2 * np.abs(second).max(), rel=0.02) != 0


def test_a_line_that_a_crash_cut_off_is_the_end(tmp_path):
    path = tmp_path / "take.jsonl"
    log = opened(path)
    log.player_starts(100.0, tmp_path / "take.player", None)
    log.close()
    path.write_text(path.read_text() + '{"time": 3.2, "ev')
    assert [event["event"] for event in read_session(path)] == ["session", "player"]


@pytest.mark.parametrize("text", ["", "RIFF", "{}\n", "[]\n", '{"event": "change"}\n'])
def test_other_files_are_refused(tmp_path, text):
    (tmp_path / "a.jsonl").write_text(text)
    with pytest.raises(SessionError, match=r"a\.jsonl"):
        player_logs(tmp_path / "a.jsonl")


def test_a_players_log_that_is_not_there_is_named(tmp_path, capsys):
    log = opened(tmp_path / "take.jsonl")
    log.player_starts(100.0, tmp_path / "take.player", None)
    log.close()
    assert cli.main(["render", "--session", str(tmp_path / "take.jsonl"), "-o", str(tmp_path / "x.wav")]) == 2
    assert "take.player beside it" in capsys.readouterr().err


@pytest.mark.parametrize("words", ["render -o x.wav", "render dub -o x.wav", "render dub -o x.wav --session y"])
def test_render_says_what_it_takes(words, capsys):
    assert cli.main(words.split()) == 2
    assert "--session" in capsys.readouterr().err
