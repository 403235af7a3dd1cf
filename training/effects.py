"""Effects that a producer would use, on closed loops: what they do at the end goes on at the beginning."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import scipy.fft
from numpy.typing import NDArray

Audio = NDArray[np.float32]

SWEEP_FROM_HZ, SWEEP_TO_HZ = 250.0, 9000.0
SWEEP_FRAME, SWEEP_HOP = 2048, 512
SWEEP_ORDER = 4
ECHO_BEATS = (0.5, 0.75)
ECHO_FEEDBACK, ECHO_LEVEL = 0.5, 0.6
DRIVE = (4.0, 12.0)
"""How far over its RMS a distorted sound is driven into the curve."""
PUMP_DEPTH, PUMP_RECOVERY_BEATS, PUMP_ATTACK_BEATS = 0.85, 0.3, 0.02


def filter_sweep(audio: Audio, sample_rate: int, beats: float, rng: np.random.Generator) -> Audio:
    """A low-pass that opens and closes once or twice in the loop (samples,)."""
    frames = -(-audio.size // SWEEP_HOP)
    starts = np.round(np.arange(frames) * audio.size / frames).astype(int)
    window = np.hanning(SWEEP_FRAME + 1)[:-1]
    index = (starts[:, None] + np.arange(SWEEP_FRAME) - SWEEP_FRAME // 2) % audio.size
    turns = int(rng.integers(1, 3))
    openness = 0.5 - 0.5 * np.cos(2.0 * np.pi * (turns * starts / audio.size + rng.random()))
    cutoff = SWEEP_FROM_HZ * (SWEEP_TO_HZ / SWEEP_FROM_HZ) ** openness
    frequencies = np.fft.rfftfreq(SWEEP_FRAME, 1.0 / sample_rate)
    gain = 1.0 / (1.0 + (frequencies / cutoff[:, None]) ** SWEEP_ORDER)
    filtered = scipy.fft.irfft(scipy.fft.rfft(audio[index] * window, axis=1) * gain, SWEEP_FRAME, axis=1)
    out, weight = np.zeros(audio.size), np.zeros(audio.size)
    np.add.at(out, index, filtered * window)
    np.add.at(weight, index, np.broadcast_to(window**2, index.shape))
    return (out / weight).astype(np.float32)


def echo(audio: Audio, sample_rate: int, beats: float, rng: np.random.Generator) -> Audio:
    """A tape's repeats, half or three quarters of a beat apart; those of the end are heard at the beginning."""
    delay = rng.choice(ECHO_BEATS) * audio.size / beats
    turn = np.exp(-2j * np.pi * np.arange(audio.size // 2 + 1) * delay / audio.size)
    repeats = scipy.fft.rfft(audio) * turn / (1.0 - ECHO_FEEDBACK * turn)
    return (audio + ECHO_LEVEL * scipy.fft.irfft(repeats, audio.size)).astype(np.float32)


def distortion(audio: Audio, sample_rate: int, beats: float, rng: np.random.Generator) -> Audio:
    """Driven into a soft curve, and as loud as before."""
    rms = float(np.sqrt((audio**2).mean())) + 1e-9
    driven = np.tanh(audio / rms * rng.uniform(*DRIVE) / 2.0)
    return (driven * (rms / np.sqrt((driven**2).mean() + 1e-12))).astype(np.float32)


def pumping(audio: Audio, sample_rate: int, beats: float, rng: np.random.Generator) -> Audio:
    """Ducked on every beat as by a kick in a compressor's side chain."""
    phase = np.arange(audio.size) * beats / audio.size % 1.0
    ducked = np.maximum(np.exp(-phase / PUMP_RECOVERY_BEATS), (phase - 1.0) / PUMP_ATTACK_BEATS + 1.0)
    return (audio * (1.0 - PUMP_DEPTH * ducked)).astype(np.float32)


EFFECTS: dict[str, Callable[[Audio, int, float, np.random.Generator], Audio]] = {
    "filter sweep": filter_sweep,
    "echo": echo,
    "distortion": distortion,
    "pumping": pumping,
}
"""Each takes a loop (samples,), its rate, its beats and a generator for its settings."""
EFFECT_WORDS: dict[str, tuple[str, ...]] = {
    "filter sweep": ("filter sweep", "sweeping filter", "low-pass filter sweep", "filtered", "filter opening"),
    "echo": ("with echo", "with delay", "tape echo", "dub delay", "echoing"),
    "distortion": ("distorted", "distortion", "saturated", "fuzz", "overdriven", "gritty"),
    "pumping": ("pumping", "side-chain pumping", "sidechain compression", "ducking", "side-chained"),
}
EFFECT_ROLES: dict[str, tuple[str, ...]] = {
    "filter sweep": ("bass", "keys", "lead", "pad", "drums"),
    "echo": ("lead", "keys", "drums"),
    "distortion": ("keys", "bass", "lead", "drums"),
    "pumping": ("bass", "keys", "lead", "pad"),
}
"""What an effect may be put on."""
WHOLE = ("filter sweep", "pumping")
"""These take all of their parts that sound, the others the first in their list."""
