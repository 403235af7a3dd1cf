"""Files become loops of whole beats: their tempo is found, and their first beat."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from riffsynth.files.clips import loop_file, read_clip
from riffsynth.spectrogram.clip import ClipError
from riffsynth.spectrogram.spec import EMBEDDED
from riffsynth.spectrogram.tempo import find_beats, fitted, named_tempo, onset_envelope

RATE = 22050


def drums(tempo: float, beats: float, start_s: float = 0.0, swing: bool = False) -> NDArray[np.float32]:
    """Kick on every beat, louder on the first of four; snare on the second and fourth; hats between."""
    rng = np.random.default_rng(1)
    beat = 60 / tempo * RATE
    sound = np.zeros(round(start_s * RATE + beats * beat))

    def hit(at_beat: float, part: NDArray[np.float64]) -> None:
        at = round(start_s * RATE + at_beat * beat)
        room = min(part.size, sound.size - at)
        sound[at : at + room] += part[:room]

    t = np.arange(RATE // 5) / RATE
    kick = np.sin(2 * np.pi * (50 * t + 3 * (1 - np.exp(-30 * t)))) * np.exp(-15 * t)
    snare, hat = rng.normal(0, 0.3, t.size) * np.exp(-25 * t), rng.normal(0, 0.1, t.size) * np.exp(-80 * t)
    for index in range(int(beats)):
        hit(index, (0.9 if index % 4 == 0 else 0.7) * kick)
        if index % 2:
            hit(index, snare)
        hit(index + (2 / 3 if swing else 0.5), hat)
    return sound.astype(np.float32)


@pytest.mark.parametrize("tempo", [80.0, 93.75, 120.0, 174.0])
@pytest.mark.parametrize("beats", [4, 8, 16])
def test_a_loop_is_known_by_its_length(tempo: float, beats: int) -> None:
    found = find_beats(drums(tempo, beats), RATE)
    assert found and found.whole in (beats // 2, beats, 2 * beats)  # 174 may well be counted as 87
    if tempo < 130:
        assert found.whole == beats
    eight = fitted(drums(tempo, beats)[:, None], RATE, 8)[:, 0]
    assert eight.size == pytest.approx(8 * 60 / found.tempo * RATE, abs=2)


@pytest.mark.parametrize("tempo", [87.0, 103.3, 128.0])
def test_a_song_gives_its_first_eight_beats(tempo: float) -> None:
    sound = drums(tempo, 57.3, start_s=0.61, swing=True)
    found = find_beats(sound, RATE)
    assert found and found.whole is None
    assert found.tempo == pytest.approx(tempo, rel=0.002)
    assert found.first_s == pytest.approx(0.61, abs=0.02)
    eight = fitted(sound[:, None], RATE, 8)[:, 0]
    assert eight.size == pytest.approx(8 * 60 / tempo * RATE, rel=0.002)
    rises = onset_envelope(eight, RATE)
    expected = np.arange(1, 8) * rises.size / 8
    near = [rises[round(at) - 6 : round(at) + 7].max() for at in expected]
    assert min(near) > 0.3 * rises.max()


def test_a_name_may_tell_the_tempo() -> None:
    assert named_tempo("Dub_140bpm_A") == 140
    assert named_tempo("amen 93.75 BPM") == 93.75
    assert named_tempo("1999 bpm") is None and named_tempo("bpm") is None
    found = find_beats(drums(87, 8), RATE, told=174.0)
    assert found and found.whole == 16


@pytest.mark.parametrize("sound", [np.zeros(3 * RATE), np.random.default_rng(0).normal(0, 0.1, 3 * RATE)])
def test_without_beats_a_sound_is_taken_as_a_whole(sound: NDArray) -> None:
    sound = sound.astype(np.float32)
    assert fitted(sound[:, None], RATE, 8).size == sound.size


def test_four_beats_are_played_twice(tmp_path) -> None:
    soundfile.write(tmp_path / "loop.wav", drums(120, 4), RATE)
    mel = read_clip(tmp_path / "loop.wav", EMBEDDED).mel
    assert np.abs(mel[:, :128] - mel[:, 128:]).max() < 0.05 * mel.max()


def test_a_folder_is_played_by_number(tmp_path) -> None:
    for name in ("b.wav", "a.flac", "notes.txt", "c.png"):
        (tmp_path / name).touch()
    assert [loop_file(tmp_path, number).name for number in range(4)] == ["a.flac", "b.wav", "c.png", "a.flac"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(ClipError, match="holds no sound"):
        loop_file(tmp_path / "empty", 0)
