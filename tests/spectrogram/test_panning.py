"""Channels out of one sound: what a channel has of it, and nothing of its phases changed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from riffsynth.spectrogram.clip import Clip
from riffsynth.spectrogram.panning import mixed, panned
from riffsynth.spectrogram.spec import RIFFUSION

RATE = 44100
SPEC = RIFFUSION.with_columns(64)
SOUND = np.random.default_rng(3).normal(0, 0.1, round(0.64 * RATE)).astype(np.float32)
BOTH = Clip(np.full((SPEC.bands, SPEC.columns), 0.01, np.float32), SPEC)


def part(of: np.ndarray) -> np.ndarray:
    return panned(SOUND, replace(BOTH, mel=BOTH.mel * of.astype(np.float32)), BOTH, RATE)


@pytest.mark.parametrize("share", [1.0, 0.25])
def test_a_share_of_everything_is_the_same_sound_softer_and_has_no_seam(share: float) -> None:
    assert np.allclose(part(np.full(BOTH.mel.shape, share)), share * SOUND, atol=1e-5)


def test_columns_and_bands_are_shared_apart() -> None:
    first_half = part(np.broadcast_to(np.arange(SPEC.columns) < 32, BOTH.mel.shape))
    quarter = SOUND.size // 4
    assert np.allclose(first_half[quarter - 500 : quarter + 500], SOUND[quarter - 500 : quarter + 500], atol=1e-3)
    assert np.abs(first_half[3 * quarter - 500 : 3 * quarter + 500]).max() < 1e-3
    low = part(np.broadcast_to(np.arange(SPEC.bands)[:, None] < 256, BOTH.mel.shape))
    power = np.square(np.abs(np.fft.rfft(low)))
    edge = round(0.64 * 2500)  # the 256th of 512 bands lies at 2.5 kHz
    assert power[: edge // 2].sum() > 1e4 * power[2 * edge : round(0.64 * 10000)].sum()


def test_channels_are_mixed_by_power() -> None:
    left, right = (replace(BOTH, mel=BOTH.mel * np.float32(level)) for level in (3.0, 4.0))
    assert np.allclose(mixed([left, right]).mel, 0.01 * np.sqrt(12.5))
    assert mixed([left]) is left
