"""`riffsynth convert`: images to sound and back, by file and by folder, with Riffusion's tags."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from riffsynth.cli import main
from riffsynth.spectrogram.analysis import analyse_loop
from riffsynth.spectrogram.clip import Clip
from riffsynth.spectrogram.image import read_channels, read_image, write_image
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
    soundfile.write(tmp_path / "tone.wav", tone() / 10, RATE, subtype="FLOAT")
    assert main(["convert", str(tmp_path / "tone.wav"), "-o", str(tmp_path / f"made{ending}"), "--quiet"]) == 0
    with Image.open(tmp_path / f"made{ending}") as made:
        assert made.size == (128, 512) and made.mode == "RGB"
        tags = dict(made.getexif())
    assert {key: tags[key] for key in TAGS} == TAGS
    assert tags[11080] == pytest.approx(30e6)
    clip = read_image(tmp_path / f"made{ending}")
    assert clip.spec == SPEC if ending == ".png" else clip.spec.columns == 128
    measured = analyse_loop(tone() / 10, RATE, SPEC)
    difference = (clip.mel / SPEC.full_scale) ** 0.25 - (measured / SPEC.full_scale) ** 0.25
    assert np.abs(difference).mean() < (0.003 if ending == ".png" else 0.03)


def test_loud_sound_is_not_cut_and_its_tag_says_how_loud_it_is(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "tone.wav", tone(), RATE, subtype="FLOAT")
    loudest = analyse_loop(tone(), RATE, SPEC).max()
    assert loudest > 1.5 * SPEC.full_scale
    for ending in (".png", ".jpg"):
        made = tmp_path / f"made{ending}"
        assert main(["convert", str(tmp_path / "tone.wav"), "-o", str(made), "--quiet"]) == 0
        with Image.open(made) as image:
            assert dict(image.getexif())[11080] == pytest.approx(30e6 * loudest / SPEC.full_scale, rel=1e-3)
        assert read_image(made).mel.max() == pytest.approx(loudest, rel=0.05)


def test_a_loop_is_fitted_to_eight_beats(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "pad.wav", np.tile(tone(), 2), RATE)
    assert main(["convert", str(tmp_path / "pad.wav"), "--loop", "--quiet"]) == 0
    assert replace(read_image(tmp_path / "pad.png").spec, full_scale=RIFFUSION.full_scale) == RIFFUSION


def two_tones() -> np.ndarray:
    """A low one on the left, a high one on the right, half as loud; as a loop both go round."""
    time = np.arange(round(1.28 * RATE)) / RATE
    return np.stack([0.3 * np.sin(2 * np.pi * 437.5 * time), 0.15 * np.sin(2 * np.pi * 875 * time)], axis=1)


@pytest.mark.parametrize("ending", [".png", ".jpg"])
def test_stereo_sound_becomes_an_image_as_riffusion_paints_it_and_stereo_sound_again(
    tmp_path: Path, ending: str
) -> None:
    soundfile.write(tmp_path / "two.wav", two_tones(), RATE, subtype="FLOAT")
    picture, again = tmp_path / f"two{ending}", tmp_path / "again.wav"
    assert main(["convert", str(tmp_path / "two.wav"), "-o", str(picture), "--stereo", "--quiet"]) == 0
    with Image.open(picture) as made:
        assert made.size == (128, 512) and made.mode == "RGB"
        assert dict(made.getexif())[11005] == 1
        red, green, blue = np.asarray(made).astype(float).transpose(2, 0, 1)
    assert red.mean() < 1 and red.max() < 8
    rows = [(255 - colour).mean(axis=1).argmax() for colour in (green, blue)]
    assert rows[1] < rows[0], "the right channel is the higher one"
    assert main(["convert", str(picture), "-o", str(again), "--quiet"]) == 0
    sound, rate = soundfile.read(again)
    assert rate == RATE and sound.shape == two_tones().shape
    assert [pitch(channel) for channel in sound.T] == pytest.approx([437.5, 875], abs=1)
    left, right = sound.std(axis=0)
    assert 20 * np.log10(left / right) == pytest.approx(6.0, abs=0.5)
    heard, expected = (analyse_loop(two_tones()[:, 1].astype(np.float32), RATE, SPEC), read_channels(picture)[1].mel)
    assert np.abs((heard / SPEC.full_scale) ** 0.25 - (expected / SPEC.full_scale) ** 0.25).mean() < 0.03


@pytest.mark.parametrize("repeats", [1, pytest.param(18, marks=pytest.mark.slow)])
def test_what_is_in_the_middle_stays_there(tmp_path: Path, repeats: int) -> None:
    """Also in an image too wide to be refined: apart, left and right would have nothing in common (0.1 for music)."""
    noise = np.random.default_rng(0).normal(0, 0.05, (2, tone().size)) * np.exp(
        -20 * (np.arange(tone().size) / RATE % 0.32)
    )
    both = np.tile(tone() + noise[0], repeats)[:, None] * [1.0, 0.7]
    both[:, 1] += np.tile(0.3 * noise[1], repeats)
    soundfile.write(tmp_path / "both.wav", both, RATE)
    assert main(["convert", str(tmp_path / "both.wav"), "--stereo", "--quiet"]) == 0
    assert main(["convert", str(tmp_path / "both.png"), "-o", str(tmp_path / "again.wav"), "--quiet"]) == 0
    sound, _ = soundfile.read(tmp_path / "again.wav")
    assert np.corrcoef(sound.T)[0, 1] > 0.95
    assert 20 * np.log10(np.divide(*sound.std(axis=0))) == pytest.approx(20 * np.log10(1 / 0.7), abs=0.3)


def test_an_image_of_riffusions_with_its_stereo_tag_is_stereo_whatever_its_colours_are(tmp_path: Path) -> None:
    """Its red is empty; here it is not, as after an editor, and the tag still says what the others are."""
    pixels = np.full((512, 64, 3), 255, np.uint8)
    pixels[400, :, 1] = pixels[300, :, 2] = 0
    exif = Image.Exif()
    exif.update({**TAGS, 11005: 1, 11080: 30e6})
    Image.fromarray(pixels).save(tmp_path / "stereo.png", exif=exif)
    left, right = read_channels(tmp_path / "stereo.png")
    assert [np.flatnonzero(clip.mel[:, 0] > 0.01).tolist() for clip in (left, right)] == [[111], [211]]
    assert main(["convert", str(tmp_path / "stereo.png"), "--quiet"]) == 0
    assert soundfile.read(tmp_path / "stereo.wav")[0].shape == (round(0.64 * RATE), 2)


def test_a_stereo_loop_is_fitted_as_one_and_mono_sound_is_on_both_sides(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "pad.wav", np.tile(two_tones(), (2, 1)), RATE)
    soundfile.write(tmp_path / "mono.wav", tone(), RATE)
    assert main(["convert", str(tmp_path / "pad.wav"), "--loop", "--stereo", "--quiet"]) == 0
    left, right = read_channels(tmp_path / "pad.png")
    assert left.spec == right.spec == replace(RIFFUSION, full_scale=left.spec.full_scale)
    assert left.mel.mean(axis=1).argmax() < right.mel.mean(axis=1).argmax()
    assert main(["convert", str(tmp_path / "mono.wav"), "--stereo", "--quiet"]) == 0
    left, right = read_channels(tmp_path / "mono.png")
    assert np.array_equal(left.mel, right.mel)
    assert np.allclose(read_image(tmp_path / "mono.png").mel, left.mel, rtol=1e-5)


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
