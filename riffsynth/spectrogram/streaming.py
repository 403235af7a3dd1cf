"""The synthesiser: hop by hop, from magnitudes at the playhead to sound.

Long windows keep bass notes apart and short ones keep drums sharp. Both resolutions overlap around the crossover, where
the short one follows the phases of the long one: two phase reconstructions on their own would beat against each other.
"""

from __future__ import annotations

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.spectrogram.rtisi import Rtisi, hann
from riffsynth.spectrogram.shimmer import Shimmer
from riffsynth.spectrogram.source import MagnitudeSource

ITERATIONS = 8
FEWEST_ITERATIONS = 2
DECIMATION = 16
"""The low resolution's phases are found at the rate divided by this; its sound is made at the full rate."""
LOW_LOOKAHEAD = 7
HIGH_LOOKAHEAD = 3


class StreamingSynthesizer:
    """Makes one hop of sound at each call; the same seed and the same rows make the same samples."""

    def __init__(self, grid: SynthesisGrid, seed: int = 0, iterations: int = ITERATIONS) -> None:
        self.grid = grid
        low, high = grid.resolutions
        self._iterations = iterations
        hop = grid.hop
        low_seed, high_seed, *shimmer_seeds = map(int, np.random.SeedSequence(seed).generate_state(4))
        self._low = Rtisi(low.n_fft // DECIMATION, hop // DECIMATION, low.last_bin, LOW_LOOKAHEAD, low_seed)
        self._high = Rtisi(high.n_fft, hop, high.last_bin, HIGH_LOOKAHEAD, high_seed)
        self._offsets = tuple(
            (resolution.n_fft / 2 + hop * np.arange(rtisi.frames)) / grid.sample_rate
            for resolution, rtisi in zip(grid.resolutions, (self._low, self._high), strict=True)
        )
        self._low_shimmer, self._high_shimmer = (
            Shimmer(n_fft, step, slice(r.first_bin, r.last_bin), rtisi.frames, hann(n_fft), shimmer_seed)
            for n_fft, step, r, rtisi, shimmer_seed in (
                (low.n_fft // DECIMATION, hop // DECIMATION, low, self._low, shimmer_seeds[0]),
                (high.n_fft, hop, high, self._high, shimmer_seeds[1]),
            )
        )
        self._low_share, self._high_share = (grid.shares[part].astype(np.float32) for part in grid.slices)
        self._low_share[0] = 0.0  # no DC
        self._low_window = hann(low.n_fft) * np.float32(DECIMATION / self._low.steady_weight)
        self._high_window = hann(high.n_fft) * np.float32(1 / self._high.steady_weight)
        self._low_spectrum = np.zeros(low.n_fft // 2 + 1, np.complex64)
        self._guide_bins = round(low.last_bin * high.n_fft / low.n_fft)
        self._guide_window = hann(high.n_fft // DECIMATION) * np.float32(DECIMATION)
        share = np.interp(
            np.arange(self._guide_bins) / high.n_fft,
            np.arange(low.first_bin, low.last_bin) / low.n_fft,
            self._low_share,
        )
        self._guide_share = share.astype(np.float32)
        self._high_magnitudes = np.zeros((self._high.frames, high.last_bin), np.float32)
        self._noise = np.zeros(high.last_bin, np.complex64)
        self._sound = np.zeros(low.n_fft, np.float32)

    def hop(self, source: MagnitudeSource, pace: float = 1.0) -> NDArray[np.float32]:
        """The next (grid.hop,) samples, mono, 1.0 full scale.

        They are used up `pace` times as fast as they would sound, where sound is transposed upwards. Fewer iterations
        for each then keep the cost of a second: two octaves up cost 1.6 times as much, not four, and are 5 dB worse.
        """
        iterations = max(FEWEST_ITERATIONS, round(self._iterations / max(1.0, pace)))
        low_rows, low_noise = self._low_shimmer.apply(source.rows(0, self._offsets[0]))
        high_rows, high_noise = self._high_shimmer.apply(source.rows(1, self._offsets[1]))
        low, high = self.grid.resolutions
        low_spectrum = self._low.commit(low_rows, iterations, noise=low_noise)
        guide = None if self._low.silent else self._guide()
        magnitudes = self._high_magnitudes
        np.multiply(high_rows, self._high_share, out=magnitudes[:, high.first_bin :])
        if high_noise is not None:
            self._noise[high.first_bin :] = high_noise * self._high_share
        high_spectrum = self._high.commit(magnitudes, iterations, guide, None if high_noise is None else self._noise)

        sound, hop = self._sound, self.grid.hop
        if low_spectrum.any():
            self._low_spectrum[: low.last_bin] = low_spectrum[: low.last_bin] * self._low_share
            sound += scipy.fft.irfft(self._low_spectrum, low.n_fft, workers=1) * self._low_window
        if high_spectrum.any():
            sound[: high.n_fft] += scipy.fft.irfft(high_spectrum, high.n_fft, workers=1) * self._high_window
        out = sound[:hop].copy()
        sound[:-hop] = sound[hop:]
        sound[-hop:] = 0
        return out

    def _guide(self) -> NDArray[np.complex64]:
        """What the low resolution sounds like through the high one's window: (frames, guide bins)."""
        size, hop = self._guide_window.size, self.grid.hop // DECIMATION
        frames = np.lib.stride_tricks.sliding_window_view(self._low.sum, size)[::hop][: self._high.frames]
        spectra = scipy.fft.rfft(frames * self._guide_window, axis=-1, workers=1)
        return spectra[:, : self._guide_bins] * self._guide_share
