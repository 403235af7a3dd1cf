import numpy as np
import pytest
import soundfile

from riffsynth.files.clips import read_clip, read_sound
from riffsynth.spectrogram.analysis import analyse_loop
from riffsynth.spectrogram.clip import Clip, ClipError
from riffsynth.spectrogram.conversion import convert
from riffsynth.spectrogram.image import write_image
from riffsynth.spectrogram.mel import band_centres
from riffsynth.spectrogram.spec import EMBEDDED, RIFFUSION


def chord(rate, seconds=4.0):
    time = np.arange(int(rate * seconds)) / rate
    return sum(0.2 * np.sin(2 * np.pi * f * time) for f in (82.5, 440, 3000)).astype(np.float32)


@pytest.mark.parametrize("rate", [22050, 44100, 96000])
def test_a_sound_of_any_rate_is_one_loop(tmp_path, rate):
    sound = chord(rate)
    soundfile.write(tmp_path / "loop.wav", np.stack([sound, sound], axis=1), rate, subtype="FLOAT")
    clip = read_clip(tmp_path / "loop.wav", EMBEDDED)
    reference = analyse_loop(chord(44100), 44100, EMBEDDED)
    below = band_centres(EMBEDDED) < 10000
    assert np.abs(clip.mel - reference)[below].max() < 0.02


@pytest.mark.parametrize("content", [b"", b"RIFF", bytes(1000)])
def test_what_is_no_sound_is_refused_in_one_line(tmp_path, content):
    (tmp_path / "bad.wav").write_bytes(content)
    with pytest.raises(ClipError, match=r"bad\.wav: ") as caught:
        read_sound(tmp_path / "bad.wav", EMBEDDED)
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_a_click_are_refused(tmp_path):
    with pytest.raises(ClipError, match="no such file"):
        read_clip(tmp_path / "missing.wav", EMBEDDED)
    soundfile.write(tmp_path / "click.wav", np.zeros(10), 44100)
    with pytest.raises(ClipError, match="too short"):
        read_clip(tmp_path / "click.wav", EMBEDDED)


@pytest.mark.parametrize(("source", "target"), [(EMBEDDED, RIFFUSION), (RIFFUSION, EMBEDDED)])
def test_a_clip_of_another_model_is_measured_anew(source, target):
    """Peaks keep their bands and, within 2 dB, their levels."""
    found = convert(Clip(analyse_loop(chord(44100), 44100, source), source), target)
    wanted = analyse_loop(chord(44100), 44100, target)
    assert found.spec == target
    for frequency in (82.5, 440, 3000):
        around = np.abs(band_centres(target) - frequency) < 60
        got, expected = found.mel[around, 20], wanted[around, 20]
        assert abs(int(got.argmax()) - int(expected.argmax())) <= 1
        assert 20 * np.log10(got.sum() / expected.sum()) == pytest.approx(0, abs=2)


def test_time_goes_by_beats():
    """A hit in beat 3 stays in beat 3; a clip of another length is repeated or cut."""
    source = RIFFUSION.with_columns(256)  # four beats
    mel = np.full((512, 256), 1e-6, np.float32)
    mel[100:120, 128:136] = 0.01
    found = convert(Clip(mel, source), EMBEDDED).mel.sum(axis=0)
    hits = np.flatnonzero(found > 0.75 * found.max())
    assert set(hits) == {*range(64, 68), *range(192, 196)}


def test_an_image_is_read_in_the_wanted_measure(tmp_path):
    write_image(Clip(analyse_loop(chord(44100), 44100, RIFFUSION), RIFFUSION), tmp_path / "riff.png")
    assert read_clip(tmp_path / "riff.png", EMBEDDED).spec == EMBEDDED
