"""`import riffsynth`: light, and clips that are written, read and shown. Clips from prompts: tests/diffusion."""

from __future__ import annotations

import base64
import io
import re
import subprocess
import sys

import numpy as np
import pytest
import soundfile
from made_clips import tone_clip
from PIL import Image

import riffsynth
from riffsynth.spectrogram.clip import Clip

HEAVY = ("torch", "diffusers", "transformers", "numpy", "scipy", "PIL", "rich")


def test_importing_the_package_imports_no_library():
    code = f"import sys, riffsynth; print([name for name in {HEAVY} if name in sys.modules])"
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert finished.stdout.strip() == "[]", finished.stderr


def test_reading_showing_and_saving_need_no_torch(tmp_path):
    code = (
        "import sys, riffsynth; clip = riffsynth.read(sys.argv[1]); clip._repr_html_(); clip.save(sys.argv[2]);"
        "print('torch' in sys.modules)"
    )
    picture = tone_clip(440.0).save(tmp_path / "a.png")
    finished = subprocess.run(
        [sys.executable, "-c", code, picture, tmp_path / "a.wav"], capture_output=True, text=True, timeout=60
    )
    assert finished.stdout.strip() == "False", finished.stderr


def test_everything_that_is_named_is_there():
    assert {"generate", "interpolate", "read", "load", "Clip", "End"} <= set(dir(riffsynth))
    for name in riffsynth._PUBLIC:
        assert getattr(riffsynth, name).__doc__
    with pytest.raises(AttributeError, match="sing"):
        _ = riffsynth.sing


@pytest.mark.parametrize(("suffix", "likeness"), [(".png", 0.999), (".wav", 0.95), (".FLAC", 0.95), (".ogg", 0.95)])
def test_a_saved_clip_reads_back(tmp_path, suffix, likeness):
    clip = tone_clip(440.0, ticks_a_beat=2)
    back = riffsynth.read(str(clip.save(tmp_path / f"clip{suffix}", tempo=90)))
    assert back.spec == clip.spec
    assert np.corrcoef(back.mel.ravel(), clip.mel.ravel())[0, 1] > likeness


def test_a_sound_file_has_the_tempo_and_rate_asked_for(tmp_path):
    samples, rate = soundfile.read(tone_clip(440.0).save(tmp_path / "clip.wav", tempo=90, rate=48000))
    assert (samples.size, rate) == (round(8 * 60 / 90 * 48000), 48000)


def test_an_ending_that_is_no_format_is_refused_with_those_that_are(tmp_path):
    with pytest.raises(riffsynth.RiffsynthError, match=r"\.png, \.wav"):
        tone_clip(440.0).save(tmp_path / "clip.doc")


def test_a_clip_shows_itself_as_picture_and_player():
    request = riffsynth.ClipRequest(1, riffsynth.End("drums & <bass>", seed=3), riffsynth.End("x"))
    clip = tone_clip(440.0)
    page = Clip(clip.mel, clip.spec, request)._repr_html_()
    assert "drums &amp; &lt;bass&gt;, seed 3" in page and "<bass>" not in page
    picture, sound = (base64.b64decode(data) for data in re.findall(r"base64,([^\"]+)", page))
    assert Image.open(io.BytesIO(picture)).size == (256, 192)
    samples, rate = soundfile.read(io.BytesIO(sound))
    assert samples.size == 4 * rate
    assert Image.open(io.BytesIO(clip._repr_png_())).size == (256, 192)
