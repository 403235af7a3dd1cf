import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from riffsynth.diffusion.request import ClipRequest, End
from riffsynth.spectrogram.clip import Clip, ClipError
from riffsynth.spectrogram.image import read_image, write_image
from riffsynth.spectrogram.spec import EMBEDDED, RIFFUSION

SEEDS = Path(__file__).resolve().parents[2].parent / "shared" / "riffusion-seeds"
SMALL = replace(EMBEDDED, bands=24, columns=32)


def random_clip(spec, request=None):
    values = np.random.default_rng(1).random((spec.bands, spec.columns)).astype(np.float32)
    return Clip(values**4 * np.float32(spec.full_scale), spec, request)


def png_bytes(tmp_path):
    path = tmp_path / "whole.png"
    write_image(random_clip(SMALL), path)
    return path.read_bytes()


@pytest.mark.parametrize("spec", [EMBEDDED, RIFFUSION])
def test_a_clip_comes_back_with_its_settings(tmp_path, spec):
    request = ClipRequest(7, End("dub “küche” bass", "vocals", 3, 0.5, 4.5), End("acid"), 0.25, 12)
    clip = random_clip(spec, request)
    write_image(clip, tmp_path / "clip.png")
    found = read_image(tmp_path / "clip.png")
    assert found.spec == spec
    assert found.request == request
    step = 1 / 255
    difference = (found.mel / spec.full_scale) ** spec.power - (clip.mel / spec.full_scale) ** spec.power
    assert np.abs(difference).max() <= 0.51 * step


def test_low_frequencies_lie_at_the_bottom_and_loud_is_dark(tmp_path):
    mel = np.zeros((SMALL.bands, SMALL.columns), np.float32)
    mel[0] = SMALL.full_scale
    write_image(Clip(mel, SMALL), tmp_path / "clip.png")
    pixels = np.asarray(Image.open(tmp_path / "clip.png"))
    assert (pixels[-1] == 0).all() and (pixels[:-1] == 255).all()


@pytest.mark.parametrize("width", [256, 512, 1000])
def test_images_without_settings_are_riffusions_of_any_width(tmp_path, width):
    pixels = np.random.default_rng(0).integers(0, 255, (512, width, 1), np.uint8).repeat(3, axis=2)
    Image.fromarray(pixels).save(tmp_path / "clip.png")
    clip = read_image(tmp_path / "clip.png")
    assert clip.spec == RIFFUSION.with_columns(width)
    assert clip.beats == pytest.approx(8 * width / 512)


def test_stereo_is_mixed_by_power(tmp_path):
    pixels = np.zeros((512, 64, 3), np.uint8)
    pixels[..., 2] = 255  # left loud everywhere, right silent
    Image.fromarray(pixels).save(tmp_path / "clip.jpg", quality=95)
    mel = read_image(tmp_path / "clip.jpg").mel / RIFFUSION.full_scale
    assert mel.mean() == pytest.approx(np.sqrt(0.5), rel=0.1)


def test_exif_tags_set_the_measure(tmp_path):
    exif = Image.Exif()
    tags = {11000: 48000, 11010: 5, 11020: 50, 11030: 100, 11040: 256, 11050: 10, 11060: 20000, 11070: 0.5, 11080: 60e6}
    exif.update(tags)
    Image.new("RGB", (128, 256)).save(tmp_path / "clip.png", exif=exif)
    spec = read_image(tmp_path / "clip.png").spec
    assert (spec.sample_rate, spec.bands, spec.columns, spec.f_min, spec.f_max) == (48000, 256, 128, 10, 20000)
    assert (spec.windows[0].window_s, spec.padding, spec.power) == (0.05, 2, 0.5)
    assert spec.seconds_per_column == 0.005
    same_sine = (48000 * 0.05 * 2) / (44100 * 0.1 * 4)
    assert spec.full_scale == pytest.approx(RIFFUSION.full_scale * 2 / same_sine, rel=1e-6)


@pytest.mark.parametrize("size", [(512, 511), (1, 1), (20000, 512)])
def test_other_sizes_are_refused_in_one_line_that_names_the_file(tmp_path, size):
    Image.new("L", size).save(tmp_path / "other.png")
    with pytest.raises(ClipError, match=r"other\.png: .*pixels") as caught:
        read_image(tmp_path / "other.png")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["missing.png", "."])
def test_no_file_is_a_clip_error(tmp_path, name):
    with pytest.raises(ClipError):
        read_image(tmp_path / name)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.binary(max_size=300), prefix=st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a"])
)
def test_random_bytes_raise_nothing_but_clip_errors(tmp_path, content, prefix):
    path = tmp_path / "random.png"
    path.write_bytes(prefix + content)
    with pytest.raises(ClipError):
        read_image(path)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_images_are_read_or_refused(tmp_path, data):
    content = bytearray(png_bytes(tmp_path))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "damaged.png"
    path.write_bytes(bytes(content[: data.draw(st.integers(0, len(content)))]))
    try:
        assert read_image(path).mel.shape[0] > 0
    except ClipError as error:
        assert "damaged.png" in str(error)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", '{"spec": 3, "request": null}', '{"spec": {"windows": []}, "request": null}']
)
def test_bent_settings_are_refused(tmp_path, text):
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_itxt("riffsynth", text)
    image = io.BytesIO()
    Image.new("L", (8, 8)).save(image, "PNG", pnginfo=info)
    (tmp_path / "bent.png").write_bytes(image.getvalue())
    with pytest.raises(ClipError, match=r"bent\.png"):
        read_image(tmp_path / "bent.png")


@pytest.mark.skipif(not SEEDS.is_dir(), reason="Riffusion's seed images are not beside the project")
@pytest.mark.parametrize("name", ["og_beat", "agile", "vibes"])
def test_riffusions_seed_images_are_eight_beats(name):
    clip = read_image(SEEDS / f"{name}.png")
    assert clip.spec == RIFFUSION
    assert clip.beats == 8
    assert 0.01 < clip.mel.max() <= RIFFUSION.full_scale
