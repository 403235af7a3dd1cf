"""`riffsynth convert`: images to sound and back, by file and by folder, with Riffusion's tags."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from riffsynth.cli import main
from riffsynth.spectrogram.analysis import analyse_loop
from riffsynth.spectrogram.clip import Clip
from riffsynth.spectrogram.image import read_image, write_image
from riffsynth.spectrogram.spec import RIFFUSION

RATE = 44100
SPEC = RIFFUSION.with_columns(128)  # two beats, 1.28 s
TAGS = {11000: 44100, 11005: 0, 11010: 10, 11020: 100, 11030: 400, 11040: 512, 11050: 0, 11060: 10000, 11070: 0.25}


def tone() -> np.ndarray:
    return (0.3 * np.sin(2 * np.pi * 437.5 * np.arange(round(1.28 * RATE)) / RATE)).astype(np.float32)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    write_image(Clip(analyse_loop(tone(), RATE, SPEC), SPEC), tmp_path / "tone.png")
    return tmp_path / "tone.png"


def pitch(sound: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(sound.size), 8 * sound.size))
    return float(spectrum.argmax() * RATE / (8 * sound.size))


@pytest.mark.parametrize("ending", [".wav", ".flac", ".ogg", ".mp3"])
def test_an_image_becomes_sound(image: Path, ending: str) -> None:
    assert main(["convert", str(image), "--to", ending, "--quiet"]) == 0
    sound, rate = soundfile.read(image.with_suffix(ending))
    assert rate == RATE and sound.ndim == 1
    if ending == ".wav":
        assert sound.size == round(1.28 * RATE)  # to the sample, as long as the image
    assert pitch(sound) == pytest.approx(437.5, abs=1)


def test_tempo_sets_the_length_and_not_the_pitch(image: Path, tmp_path: Path) -> None:
    assert main(["convert", str(image), "-o", str(tmp_path / "fast.wav"), "--tempo", "150", "--quiet"]) == 0
    sound, _ = soundfile.read(tmp_path / "fast.wav")
    assert sound.size == round(2 * 60 / 150 * RATE) and pitch(sound) == pytest.approx(437.5, abs=2)


def test_the_same_seed_makes_the_same_bytes_and_the_loop_has_no_seam(image: Path, tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        assert main(["convert", str(image), "-o", str(tmp_path / f"{name}.wav"), "--seed", str(seed), "--quiet"]) == 0
    a, b, c = ((tmp_path / f"{name}.wav").read_bytes() for name in "abc")
    assert a == b and a != c
    sound, _ = soundfile.read(tmp_path / "a.wav")
    twice = np.concatenate([sound, sound])
    bend = np.abs(np.diff(twice, 2))
    assert bend[sound.size - 50 : sound.size + 50].max() < 1.5 * bend[: sound.size - 50].max()


@pytest.mark.parametrize("ending", [".png", ".jpg"])
def test_sound_becomes_an_image_with_riffusions_tags(tmp_path: Path, ending: str) -> None:
    soundfile.write(tmp_path / "tone.wav", tone(), RATE, subtype="FLOAT")
    assert main(["convert", str(tmp_path / "tone.wav"), "-o", str(tmp_path / f"made{ending}"), "--quiet"]) == 0
    with Image.open(tmp_path / f"made{ending}") as made:
        assert made.size == (128, 512) and made.mode == "RGB"
        tags = dict(made.getexif())
    assert {key: tags[key] for key in TAGS} == TAGS
    assert tags[11080] == pytest.approx(30e6)
    clip = read_image(tmp_path / f"made{ending}")
    assert clip.spec == SPEC if ending == ".png" else clip.spec.columns == 128
    difference = (clip.mel / SPEC.full_scale) ** 0.25 - (analyse_loop(tone(), RATE, SPEC) / SPEC.full_scale) ** 0.25
    assert np.abs(difference).mean() < (0.003 if ending == ".png" else 0.03)


def test_a_loop_is_fitted_to_eight_beats(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "pad.wav", np.tile(tone(), 2), RATE)
    assert main(["convert", str(tmp_path / "pad.wav"), "--loop", "--quiet"]) == 0
    assert read_image(tmp_path / "pad.png").spec == RIFFUSION


def test_a_folder_keeps_its_shape_and_one_bad_file_stops_no_other(image: Path, tmp_path: Path, capfd) -> None:
    source = tmp_path / "in"
    (source / "deep").mkdir(parents=True)
    (source / "a.png").write_bytes(image.read_bytes())
    (source / "bad.png").write_bytes(b"no image")
    (source / "notes.txt").write_text("no clip")
    soundfile.write(source / "deep" / "b.wav", tone(), RATE)
    assert main(["convert", str(source), "-o", str(tmp_path / "out")]) == 2
    told = capfd.readouterr().err
    assert "bad.png: not an image" in told and "2 of 3 files converted" in told
    made = sorted(str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*.*"))
    assert made == ["a.wav", "deep/b.png"]


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["gone.png"], "no such file"),
        (["tone.png", "tone.png", "-o", "one.wav"], "2 files cannot become one"),
        (["tone.png", "-o", "tone.png"], "written over by itself"),
        (["."], "no image and no sound"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_line(
    image: Path, tmp_path: Path, monkeypatch, capfd, arguments: list[str], hint: str
) -> None:
    monkeypatch.chdir(tmp_path)
    if arguments == ["."]:
        image.unlink()
    assert main(["convert", "--quiet", *arguments]) == 2
    assert hint in capfd.readouterr().err
