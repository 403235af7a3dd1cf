"""One clip out of left and right, and left and right out of its sound: with their own magnitudes and the same phases.

Two channels whose phases are reconstructed apart know nothing of each other: what was in the middle comes from
everywhere, and is lost where they are mixed to mono. A spectrogram holds levels only, so levels are all that places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from riffsynth.spectrogram.clip import Clip
from riffsynth.spectrogram.mel import band_centres

WINDOW_S = 0.1
OVERLAP = 4
_FRAMES_AT_ONCE = 512
"""A long file's spectra would not fit into memory."""
_TINY = np.float32(1e-9)


def mixed(channels: Sequence[Clip]) -> Clip:
    """Clips that sound together, measured alike, as one: by power. One alone comes back as it is."""
    if len(channels) == 1:
        return channels[0]
    return replace(channels[0], mel=np.sqrt(np.mean([clip.mel**2 for clip in channels], axis=0)))


def panned(sound: NDArray[np.float32], channel: Clip, both: Clip, sample_rate: int) -> NDArray[np.float32]:
    """(samples,) of `channel`, out of the closed loop `sound` (samples,) that was made of `both`, measured alike.

    What sounds is scaled, band by band and column by column, by what the channel has of it.
    """
    spec = both.spec
    size = OVERLAP * round(WINDOW_S * sample_rate / OVERLAP)
    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)).astype(np.float32)
    shares = (channel.mel / np.maximum(both.mel, _TINY)).T
    places = np.interp(np.arange(size // 2 + 1) * sample_rate / size, band_centres(spec), np.arange(spec.bands))
    below = places.astype(np.int64)
    above, part = np.minimum(below + 1, spec.bands - 1), (places - below).astype(np.float32)
    starts = np.arange(0, sound.size, size // OVERLAP)  # of frames, in a loop with its end before it
    columns = np.rint(starts * spec.columns / sound.size).astype(np.int64) % spec.columns
    offsets = np.arange(size) - size // 2
    scaled, weight = np.zeros_like(sound), np.zeros_like(sound)
    for first in range(0, starts.size, _FRAMES_AT_ONCE):
        some = slice(first, first + _FRAMES_AT_ONCE)
        at = (starts[some, None] + offsets) % sound.size
        spectra = scipy.fft.rfft(sound[at] * window, axis=1)
        share = shares[columns[some]]
        spectra *= share[:, below] * (1 - part) + share[:, above] * part
        np.add.at(scaled, at, scipy.fft.irfft(spectra, size, axis=1) * window)
        np.add.at(weight, at, np.broadcast_to(window**2, at.shape))
    scaled /= np.maximum(weight, _TINY)
    return scaled
