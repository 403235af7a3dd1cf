"""The measurement that judges recordings: beats are found where they were put, whatever the synthesis makes of them."""

from __future__ import annotations

import numpy as np
import pytest
from measuring.beats import BEATS, TEMPO, beats_clip, curve, lag_s, reference, rendering

RATE = 44100


@pytest.mark.slow
def test_beats_are_found_to_two_milliseconds() -> None:
    clip = beats_clip()
    wanted = reference(clip, RATE, TEMPO)
    beat_samples = 60 / TEMPO * RATE
    for seed, late, moved_s in ((100, 77, 0.0), (101, 333, 0.004), (102, 1201, -0.0123)):
        heard = curve(rendering(clip, RATE, TEMPO, seed, late), RATE)
        lags = [
            lag_s(heard, late + (1 + beat) * beat_samples - moved_s * RATE, wanted, beat, TEMPO, RATE)
            for beat in range(BEATS)
        ]
        off = np.abs(np.array(lags) - moved_s)
        assert off[1:].max() < 0.002
        assert off[0] < 0.005  # out of silence the phases have nothing to go on from
        assert abs(np.median(lags) - moved_s) < 0.001
