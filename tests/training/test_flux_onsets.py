"""Onset finding in images, and distances from the beat."""

from __future__ import annotations

import numpy as np

from training.onsets import beats_off, onsets


def strokes(columns: list[int], decay: float = 0.8) -> np.ndarray:
    image = np.zeros((192, 256), np.float32)
    for column in columns:
        tail = decay ** np.arange(256)
        image = np.maximum(image, np.roll(tail, column)[None] * (np.roll(tail, column) > 0.01))
    return image.astype(np.float32)


def test_strokes_are_found_across_the_seam() -> None:
    assert onsets(strokes([0, 40, 250])).tolist() == [0, 40, 250]


def test_silence_and_a_steady_tone_have_none() -> None:
    assert onsets(np.zeros((192, 256), np.float32)).size == 0
    assert onsets(np.full((192, 256), 0.5, np.float32)).size == 0


def test_distance_from_the_nearest_beat() -> None:
    assert beats_off(np.array([0, 33, 62, 255]), 32).tolist() == [0.0, 1 / 32, -2 / 32, -1 / 32]
