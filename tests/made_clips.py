"""Clips that tests make: known tones at known moments."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from riffsynth.spectrogram.analysis import analyse_loop
from riffsynth.spectrogram.clip import Clip
from riffsynth.spectrogram.image import write_image
from riffsynth.spectrogram.spec import EMBEDDED


def tone_clip(frequency: float, ticks_a_beat: int = 0, tempo: float = 120.0, amplitude: float = 0.3) -> Clip:
    """A steady sine in Hz, or decaying bursts of it on the beat, as the embedded model would write it."""
    rate = EMBEDDED.sample_rate
    time_s = np.arange(round(EMBEDDED.beats * 60 / tempo * rate)) / rate
    sound = amplitude * np.sin(2 * np.pi * frequency * time_s)
    if ticks_a_beat:
        sound *= np.exp(-12 * ((time_s * tempo / 60 * ticks_a_beat) % 1.0))
    return Clip(analyse_loop(sound.astype(np.float32), rate, EMBEDDED), EMBEDDED)


def save(clip: Clip, folder: Path, name: str) -> Path:
    """The clip as an image file, as presets carry them."""
    path = folder / f"{name}.png"
    write_image(clip, path)
    return path
