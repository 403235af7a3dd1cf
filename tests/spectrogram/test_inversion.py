import numpy as np
import pytest

from riffsynth.spectrogram.analysis import analyse_loop
from riffsynth.spectrogram.clip import Clip
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.spectrogram.inversion import MelInverter, score_of
from riffsynth.spectrogram.spec import EMBEDDED, RIFFUSION

GRID = SynthesisGrid.for_rate(44100)


@pytest.mark.parametrize("spec", [EMBEDDED, RIFFUSION])
def test_silence_stays_silence(spec):
    mel = np.zeros((spec.bands, spec.columns), np.float32)
    assert not MelInverter(spec, GRID).invert(mel).any()


@pytest.mark.parametrize("spec", [EMBEDDED, RIFFUSION])
def test_a_score_is_in_the_units_of_the_grid(spec):
    time = np.arange(4 * 44100) / 44100
    mel = analyse_loop(np.sin(2 * np.pi * 880 * time).astype(np.float32), 44100, spec)
    score = score_of(Clip(mel, spec), GRID)
    assert score.magnitudes.dtype == np.float16
    assert score.magnitudes.shape == (spec.columns, GRID.bins)
    assert score.beats == spec.beats
    column = score.magnitudes[100].astype(np.float32)
    assert GRID.frequencies[column.argmax()] == pytest.approx(880, abs=22)
    assert column.max() == pytest.approx(1.0, abs=0.2)
