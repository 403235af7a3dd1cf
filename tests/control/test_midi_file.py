"""MIDI files read as performances."""

from __future__ import annotations

from pathlib import Path

import mido
import pytest

from riffsynth.control.errors import ControlError
from riffsynth.control.midi_file import read_midi_file


def saved(path: Path, *tracks: list, kind: int = 1) -> Path:
    file = mido.MidiFile(type=kind, ticks_per_beat=480)
    file.tracks.extend(mido.MidiTrack(messages) for messages in tracks)
    file.save(str(path))
    return path


def test_tracks_are_merged_and_timed_by_the_tempo_map(tmp_path: Path) -> None:
    tempos = [
        mido.MetaMessage("time_signature", numerator=6, denominator=8),
        mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(60)),
        mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(120), time=4 * 480),
    ]
    notes = [
        mido.Message("control_change", control=1, value=9, time=480),
        mido.Message("note_on", note=64, time=5 * 480),
    ]
    performance = read_midi_file(saved(tmp_path / "song.mid", tempos, notes))
    assert [(played.time_s, played.message.type) for played in performance.played] == [
        (pytest.approx(1.0), "control_change"),
        (pytest.approx(5.0), "note_on"),
    ]
    assert (performance.name, performance.meter, performance.beats) == ("song", 3, 6.0)


def test_without_a_tempo_it_is_120(tmp_path: Path) -> None:
    performance = read_midi_file(saved(tmp_path / "a.mid", [mido.Message("note_on", time=480)], kind=0))
    assert performance.played[0].time_s == pytest.approx(0.5)
    assert performance.meter is None


@pytest.mark.parametrize("content", [b"", b"MThd", b"RIFF....WAVE", b"MThd\0\0\0\6\0\1\0\1\1\340MTrk\0\0\0\377abc"])
def test_what_is_no_midi_file_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.mid"
    path.write_bytes(content)
    with pytest.raises(ControlError, match=r"broken\.mid is no MIDI file"):
        read_midi_file(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"nothing\.mid"):
        read_midi_file(tmp_path / "nothing.mid")
