"""Rendered loops: closed, on the beat, one loudness. Needs the sound font and tinysoundfont."""

from __future__ import annotations

import numpy as np
import pytest

from riffsynth.spectrogram.analysis import analyse_loop, to_image
from riffsynth.spectrogram.spec import EMBEDDED
from training.compose import compose
from training.onsets import beats_off, onsets
from training.sound import FONT, PEAK_LIMIT, REFERENCE_RMS, SAMPLE_RATE, FontSynth

pytest.importorskip("tinysoundfont", reason="tinysoundfont is not installed")
if not FONT.exists():
    pytest.skip("the sound font is not installed", allow_module_level=True)


@pytest.fixture(scope="module")
def synth() -> FontSynth:
    return FontSynth()


def first_of(kind: str) -> int:
    return next(seed for seed in range(1000) if compose(seed).kind == kind)


def test_four_on_the_floor_is_heard_on_the_beats(synth: FontSynth) -> None:
    phrase = compose(first_of("four on the floor kick"))
    image = to_image(analyse_loop(synth.loop(phrase), SAMPLE_RATE, EMBEDDED), EMBEDDED)
    found = onsets(image)
    assert len(found) == 8
    assert np.abs(beats_off(found, EMBEDDED.columns_per_beat)).max() <= 1 / 16


@pytest.mark.parametrize("kind", ["pad", "bass", "mix"])
def test_a_loop_has_its_length_its_loudness_and_no_seam(synth: FontSynth, kind: str) -> None:
    phrase = compose(first_of(kind))
    audio = synth.loop(phrase)
    assert audio.size == round(phrase.seconds * SAMPLE_RATE)
    rms, peak = np.sqrt((audio**2).mean()), np.abs(audio).max()
    assert rms <= REFERENCE_RMS * 1.001 and peak <= PEAK_LIMIT * 1.001
    assert rms > 0.99 * REFERENCE_RMS or peak > 0.99 * PEAK_LIMIT
    steps = np.abs(np.diff(audio))
    assert abs(audio[0] - audio[-1]) <= steps.max()
