"""What tests hear: loudness, onsets, partials and spectra of recorded sound (mono, float, 1.0 full scale)."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks, stft, welch

from riffsynth.spectrogram.loudness import k_weights

Sound = NDArray[np.floating]
_ONSET_HOP_S = 0.0025
_ONSET_WINDOW_S = 0.02
_CLOSEST_ONSETS_S = 0.1


def loudness_db(sound: Sound) -> float:
    """RMS in dB full scale."""
    return float(10 * np.log10(np.mean(np.square(sound, dtype=np.float64)) + 1e-20))


def k_weighted_db(sound: Sound, rate: int) -> float:
    """Loudness in dB full scale after ITU-R BS.1770's filters, ungated."""
    frequencies, power = welch(sound, rate, nperseg=8192, scaling="spectrum", window="boxcar")
    return float(10 * np.log10((power * k_weights(frequencies)).sum() + 1e-20))


def onset_times(sound: Sound, rate: int, threshold_db: float = 10.0) -> NDArray[np.float64]:
    """Seconds at which sounds begin: where power passes half of the peak that follows.

    A beginning is where the level rises by `threshold_db` within 50 ms. Half the power is a fair moment also for sound
    that comes through long windows, which smear an attack to both sides.
    """
    hop, size = round(_ONSET_HOP_S * rate), round(_ONSET_WINDOW_S * rate)
    power = np.convolve(np.square(sound, dtype=np.float64), np.hanning(size) / size, "same")[::hop]
    level = 10 * np.log10(power + 1e-8)
    span = round(0.05 / _ONSET_HOP_S)
    rise = level[span:] - level[:-span]
    rises, _ = find_peaks(rise, height=threshold_db, distance=round(_CLOSEST_ONSETS_S / _ONSET_HOP_S))
    return np.array([_half_power(power[start : start + 2 * span]) + start for start in rises]) * hop / rate


def _half_power(power: NDArray[np.float64]) -> float:
    """Where power first passes half of its greatest value, between samples."""
    half = power.max() / 2
    index = int(np.argmax(power >= half))
    if index == 0:
        return 0.0
    return index - float((power[index] - half) / (power[index] - power[index - 1]))


def partial_hz(sound: Sound, rate: int) -> float:
    """Frequency of the strongest partial, by a parabola through the peak of the whole stretch's spectrum in dB."""
    size = 4 * sound.size
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(sound.size), size))
    peak = int(spectrum[1:-1].argmax()) + 1
    left, centre, right = np.log(spectrum[peak - 1 : peak + 2] + 1e-20)
    return float((peak + (left - right) / (2 * (left - 2 * centre + right))) * rate / size)


def spectrum_db(sound: Sound, rate: int) -> NDArray[np.float64]:
    """Mean level in third octaves from 50 Hz to 12.8 kHz, loudest 0 dB."""
    frequencies, power = welch(sound, rate, nperseg=8192)
    edges = 50.0 * 2.0 ** (np.arange(26) / 3)
    bands = [power[(frequencies >= a) & (frequencies < b)].sum() for a, b in pairwise(edges)]
    level = 10 * np.log10(np.array(bands) + 1e-14)
    return np.maximum(level - level.max(), -60.0)


def flatness(sound: Sound, rate: int, low_hz: float, high_hz: float) -> float:
    """Spectral flatness (geometric over arithmetic mean of power) between two frequencies: 1 noise, 0 tones."""
    frequencies, power = welch(sound, rate, nperseg=2048)
    band = power[(frequencies >= low_hz) & (frequencies <= high_hz)] + 1e-20
    return float(np.exp(np.log(band).mean()) / band.mean())


def level_steps_db(sound: Sound, rate: int, window_s: float = 0.4) -> NDArray[np.float64]:
    """How much the short-time loudness moves from one window to the next half-overlapping one, in dB."""
    size = round(window_s * rate)
    _, _, spectrum = stft(sound, rate, "boxcar", nperseg=size, noverlap=size // 2, boundary=None)
    level = 10 * np.log10((np.abs(spectrum) ** 2).sum(axis=0) + 1e-12)
    return np.diff(level)
