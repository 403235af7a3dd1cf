"""Sound for files is made at the rate that its clip needs, and is the same sound as at the full rate."""

from __future__ import annotations

import numpy as np
import pytest

from riffsynth.spectrogram import rendering
from riffsynth.spectrogram.analysis import analyse_loop
from riffsynth.spectrogram.clip import Clip
from riffsynth.spectrogram.spec import EMBEDDED, RIFFUSION
from tests.spectrogram.test_refinement import RATE, SAMPLES, SPEC, distance_db, music


@pytest.mark.parametrize(("rate", "enough"), [(44100, 22050), (48000, 24000), (96000, 24000), (22050, 22050)])
def test_riffusions_clips_need_little_more_than_20_khz(rate: int, enough: int) -> None:
    assert rendering.sufficient_rate(RIFFUSION, rate) == enough


def test_clips_that_reach_higher_keep_their_rate() -> None:
    assert rendering.sufficient_rate(EMBEDDED, 44100) == 44100


def test_half_the_rate_is_the_same_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    clip = Clip(analyse_loop(music(), RATE, SPEC), SPEC)
    odd = SAMPLES + 1
    half = rendering.rendered((clip,), odd, RATE)
    monkeypatch.setattr(rendering, "HEADROOM", 10.0)
    full = rendering.rendered((clip,), odd, RATE)
    assert half.shape == full.shape == (odd, 1) and half.dtype == np.float32
    assert half.std() == pytest.approx(full.std(), rel=0.02)
    gain = float(np.sqrt((clip.mel**2).mean() / (analyse_loop(full[:SAMPLES, 0], RATE, SPEC) ** 2).mean()))
    distances = [distance_db(gain * sound[:SAMPLES, 0], clip) for sound in (half, full)]
    assert distances[0] < distances[1] + 0.2
    bend = np.abs(np.diff(np.concatenate([half, half])[:, 0], 2))
    assert bend[odd - 30 : odd + 30].max() < bend[: odd - 30].max(), "the loop has a seam"
