import numpy as np
import pytest

from riffsynth.spectrogram.analysis import analyse_loop
from riffsynth.spectrogram.clip import Clip
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.spectrogram.inversion import score_of
from riffsynth.spectrogram.loudness import MOST_GAIN_DB, REFERENCE_DB, loudness_db, playable
from riffsynth.spectrogram.spec import EMBEDDED

GRID = SynthesisGrid.for_rate(44100)
TIME_S = np.arange(2 * 44100) / 44100


def clip(sound):
    return Clip(analyse_loop(sound.astype(np.float32), 44100, EMBEDDED), EMBEDDED)


@pytest.mark.parametrize("frequency, weighting_db", [(330.0, 0.2), (1000.0, 0.8), (6000.0, 3.8)])
def test_a_sine_reads_its_level_and_the_weighting(frequency, weighting_db):
    loudness = loudness_db(score_of(clip(0.25 * np.sin(2 * np.pi * frequency * TIME_S)), GRID), GRID)
    assert loudness == pytest.approx(20 * np.log10(0.25) - 3.0 + weighting_db, abs=1.0)


@pytest.mark.parametrize("amplitude", [0.05, 0.2, 0.9])
def test_clips_of_any_level_come_to_one_loudness(amplitude):
    noise = np.random.default_rng(1).standard_normal(TIME_S.size) * 0.3
    sound = amplitude * (np.sin(2 * np.pi * 220 * TIME_S) + noise)
    assert loudness_db(playable(clip(sound), GRID), GRID) == pytest.approx(REFERENCE_DB, abs=0.1)


def test_silence_stays_silent_and_a_whisper_stays_quiet():
    assert not playable(clip(np.zeros(TIME_S.size)), GRID).magnitudes.any()
    whisper = clip(1e-4 * np.sin(2 * np.pi * 440 * TIME_S))
    gained = loudness_db(playable(whisper, GRID), GRID) - loudness_db(score_of(whisper, GRID), GRID)
    assert gained == pytest.approx(MOST_GAIN_DB, abs=0.5)
