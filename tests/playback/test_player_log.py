"""The player's log as a file: every message survives, a crash costs its last record, other files are refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from riffsynth.playback import messages as m
from riffsynth.playback.log import LogError, PlayerLog, read_log, replay, replay_to_wav
from riffsynth.spectrogram.clip import Score
from riffsynth.timing.timeline import Timeline

MESSAGES = [
    m.SetTimeline(Timeline(1.1, 2.2, 3.3, False)),
    m.SetPlayback(m.PlaybackState(alpha=1 / 3, mute=True, meter=7, pitch=-0.1)),
    m.ForgetScores((1, 2, 3)),
    m.Enter(m.Deck(4, ((0.0, 1), (0.7, 9))), 12.5, 0.1),
    m.Record(Path("somewhere/a.wav")),
    m.Record(None),
    m.Silence(),
    m.Finish(),
]


def written(path: Path) -> Path:
    log = PlayerLog(path, 44100, 5, 123.456789012345)
    for index, message in enumerate(MESSAGES):
        log.message(index, message)
    log.message(8, m.AddScore(3, Score(np.arange(12, dtype=np.float16).reshape(3, 4), 8.0)))
    log.close(40)
    return path


def test_every_message_is_read_as_it_was_written(tmp_path: Path) -> None:
    records = list(read_log(written(tmp_path / "a.log")))
    assert records[0][0] == {"is": "start", "rate": 44100, "seed": 5, "time": 123.456789012345}
    assert [message for _, message in records[1:9]] == MESSAGES
    added = records[9][1]
    assert added.key == 3
    assert added.score.beats == 8.0
    assert added.score.magnitudes.dtype == np.float16
    assert np.array_equal(added.score.magnitudes, np.arange(12).reshape(3, 4))
    assert records[10][0] == {"is": "mark", "block": 40}


def test_a_log_cut_off_anywhere_is_read_up_to_there(tmp_path: Path) -> None:
    whole = written(tmp_path / "a.log").read_bytes()
    counts = []
    for size in range(len(whole) - 1, 30, -7):
        (tmp_path / "cut.log").write_bytes(whole[:size])
        counts.append(len(list(read_log(tmp_path / "cut.log"))))
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == 10
    assert counts[-1] == 0


def test_replay_is_as_long_as_what_was_sent(tmp_path: Path) -> None:
    assert sum(piece.size for piece in replay(written(tmp_path / "a.log"))) == 40 * 128


@pytest.mark.parametrize("content", [b"", b"RIFF....WAVE", b"\x00" * 200])
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.log").write_bytes(content)
    with pytest.raises(LogError, match=r"a\.log"):
        replay_to_wav(tmp_path / "a.log", tmp_path / "out.wav")
    assert not (tmp_path / "out.wav").exists()
