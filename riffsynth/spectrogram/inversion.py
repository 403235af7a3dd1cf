"""From mel magnitudes to the synthesis grid.

What the mel bands measured is explained by sines of some power density: each shows the lobe of the spec's window in
the spec's bands, and will show the lobe of the grid's window on the grid. Powers of neighbours add up, so that tones
and noise both keep their level although windows differ. The density is found by multiplicative updates (Lee and
Seung 2001, with the bands' ratios carried straight back to the density) and sparse matrices.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_diag, csr_matrix, vstack

from riffsynth.spectrogram.clip import Clip, Score
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.spectrogram.mel import band_centres, band_edges, triangles
from riffsynth.spectrogram.spec import SpectrogramSpec

ITERATIONS = 10
_MARGIN_BINS = 5.0
"""Density this far beyond the frequencies that are shown takes its share of what the bands hold."""
FINE_BELOW_HZ = 500.0
"""Below, bands are as narrow as bins and can tell where between two bins a partial lies: a density on the bins alone
would make it two sines that beat. There are few such bins, so that patience costs little."""
FINE_ITERATIONS = 30
FINE_POINTS_PER_BIN = 4
TREBLE_SHARPNESS = 14.0
FINE_SHARPNESS = 10.0
"""How far the start leans to peaks (1 not at all). Where bands are wider than lobes, many densities explain the same
bands: a tone, or a plateau that sounds 4 dB softer. Updates stay near their start, so the start must take sides:
a band that stands out is a tone, bands like their neighbours are noise. Measured on sines, noise and music."""
CONTRAST_FLOOR = 0.01
"""Part of what its neighbours hold that a band is taken to hold at least, where contrasts are judged."""
ABSOLUTE_FLOOR = 1e-5
_MEAN_REACH_BANDS = 3
_TREBLE_LOSS_DB, _LOSS_FROM_HZ, _LOSS_TO_HZ = 0.7, 1500.0, 8000.0
"""Tones and noise both come out a little soft in the treble, where bands are wide; this brings them back together."""
TINY = np.float32(1e-12)


def lobe_power(offsets_hz: NDArray[np.float64], window_s: float) -> NDArray[np.float64]:
    """The power 0..1 that a sine `offsets_hz` away leaves in a Hann window's main lobe (any shape); 0 beyond it."""
    x = np.abs(offsets_hz) * window_s
    rim = np.abs(x - 1.0) < 1e-9
    lobe = np.where(rim, 0.5, np.sinc(x) / np.where(rim, 1.0, 1.0 - x**2))
    return np.where(x < 2.0, lobe**2, 0.0)


class MelInverter:
    """Inverts mel magnitudes of one spec onto one grid; building it takes tens of milliseconds, so keep it."""

    def __init__(self, spec: SpectrogramSpec, grid: SynthesisGrid) -> None:
        self.spec, self.grid = spec, grid
        self.parts: list[tuple[slice, LobeInverter]] = []
        for resolution, place in zip(grid.resolutions, grid.slices, strict=True):
            middle = place.start + int(np.searchsorted(grid.frequencies[place], FINE_BELOW_HZ))
            for part in (slice(place.start, middle), slice(middle, place.stop)):
                if part.stop > part.start:
                    window_s = resolution.n_fft / grid.sample_rate
                    self.parts.append((part, LobeInverter(spec, grid.frequencies[part], window_s)))

    def invert(self, mel: NDArray[np.float32]) -> NDArray[np.float32]:
        """(columns, grid.bins) float32 magnitudes, 1.0 a full-scale sine, from (bands, columns) in the spec's units."""
        out = np.zeros((mel.shape[1], self.grid.bins), np.float32)
        for place, part in self.parts:
            out[:, place] = part.invert(mel).T
        return out


@lru_cache(maxsize=8)
def _inverter(spec: SpectrogramSpec, grid: SynthesisGrid) -> MelInverter:
    return MelInverter(spec, grid)


def score_of(clip: Clip, grid: SynthesisGrid) -> Score:
    """The clip on the session's grid, ready to be played. Inverters are kept for the next clip of the same spec."""
    magnitudes = _inverter(clip.spec, grid).invert(clip.mel)
    return Score(np.minimum(magnitudes, np.finfo(np.float16).max).astype(np.float16), clip.beats)


class LobeInverter:
    """From mel magnitudes of `spec` to what a Hann window of `window_s` seconds shows at some frequencies.

    `at_hz` (frequencies,) ascend evenly; where all lie below FINE_BELOW_HZ they are treated with more care. What is
    shown sounds `semitones` higher than what was measured.
    """

    def __init__(
        self, spec: SpectrogramSpec, at_hz: NDArray[np.float64], window_s: float, semitones: float = 0.0
    ) -> None:
        ratio = 2.0 ** (semitones / 12.0)
        fine = bool(at_hz[-1] < FINE_BELOW_HZ)
        longest_s = max(window.window_s for window in spec.windows)
        finer = FINE_POINTS_PER_BIN if fine else max(1, int(np.ceil(longest_s / window_s)))
        spacing = 1.0 / (window_s * finer)
        low = max(spec.f_min, at_hz[0] / ratio - _MARGIN_BINS / window_s)
        high = min(spec.f_max, at_hz[-1] / ratio + _MARGIN_BINS / window_s)
        points = np.arange(int(np.ceil(low / spacing)), int(high / spacing) + 1, dtype=np.float64) * spacing

        reach = triangles(spec, points, min_half_width_hz=spacing)
        seen = np.diff(reach.indptr) > 0
        centres = band_centres(spec)
        limits = [0.0, *(window.below_hz for window in spec.windows[:-1]), np.inf]
        lobes, bands, rows = [], [], []
        for window, lower, upper in zip(spec.windows, limits[:-1], limits[1:], strict=True):
            own = np.flatnonzero(seen & (centres >= lower) & (centres < upper))
            if own.size == 0:
                continue
            if fine:  # measured at the very frequencies of the analysis, where triangles have a sample or two a side
                step = 1.0 / (spec.padding * window.window_s)
                measured = np.arange(int(high / step) + 1 + spec.padding, dtype=np.float64) * step
                filters = triangles(spec, measured, min_half_width_hz=step)[own] * (step * window.window_s / 2.0)
            else:
                measured = points
                filters = _with_area(reach[own], spec, own, window.window_s)
            used = np.unique(filters.indices)
            lobes.append(_lobes(measured[used], points, window.window_s))
            bands.append(filters[:, used])
            rows.append(own)
        self.iterations = FINE_ITERATIONS if fine else ITERATIONS
        self.rows = np.concatenate(rows) if rows else np.zeros(0, np.intp)
        self.size = at_hz.size
        if not rows:
            return
        self.lobes = csr_matrix(vstack(lobes), dtype=np.float32)
        self.bands = csr_matrix(block_diag(bands), dtype=np.float32)
        self.back = _averages(reach[self.rows].T.tocsr())
        self.near, self.start = _start(points, centres[self.rows], FINE_SHARPNESS if fine else TREBLE_SHARPNESS)
        self.shown = _lobes(at_hz, points * ratio, window_s)
        octaves = np.log2(np.maximum(at_hz, 1.0) / _LOSS_FROM_HZ) / np.log2(_LOSS_TO_HZ / _LOSS_FROM_HZ)
        self.gain = (10 ** (_TREBLE_LOSS_DB / 20 * np.clip(octaves, 0.0, 1.0))).astype(np.float32)[:, None]

    def invert(self, mel: NDArray[np.float32]) -> NDArray[np.float32]:
        """(frequencies, columns) float32 magnitudes, 1.0 a full-scale sine, from (bands, columns)."""
        # Scaled to 1, so that powers of quiet clips stay in single precision's range.
        loudest = np.float32(mel.max(initial=0.0))
        if self.rows.size == 0 or loudest <= 0:
            return np.zeros((self.size, mel.shape[1]), np.float32)
        wanted = np.asarray(mel[self.rows], np.float32) / loudest
        floor = self.near @ wanted
        floor *= np.float32(CONTRAST_FLOOR)
        floor += np.float32(ABSOLUTE_FLOOR)
        # Held in the range whose squares single precision can still tell from nothing.
        density = np.exp(np.clip(self.start @ np.log(wanted + floor), -50.0, 80.0))
        for _ in range(self.iterations):
            estimate = self.bands @ np.sqrt(self.lobes @ density)
            np.maximum(estimate, TINY, out=estimate)
            ratio = self.back @ (wanted / estimate)
            ratio *= ratio
            density *= ratio
        return np.sqrt(self.shown @ density) * (self.gain * loudest)


def _with_area(filters: csr_matrix, spec: SpectrogramSpec, bands: NDArray[np.intp], window_s: float) -> csr_matrix:
    """Sampled triangles (bands, points) in the units of the spec: scaled to the area that the analysis gives them."""
    edges = band_edges(spec)
    narrowest = 1.0 / (spec.padding * window_s)
    low, centre, high = edges[bands], edges[bands + 1], edges[bands + 2]
    area = (np.maximum(high, centre + narrowest) - np.minimum(low, centre - narrowest)) / 2.0
    scale = area * window_s / 2.0 / np.maximum(np.asarray(filters.sum(axis=1)).ravel(), TINY)
    return csr_matrix(filters.multiply(scale[:, None]))


def _averages(weights: csr_matrix) -> csr_matrix:
    """Each row scaled to a sum of 1."""
    sums = np.asarray(weights.sum(axis=1)).ravel()
    return csr_matrix(weights.multiply(1.0 / np.maximum(sums, TINY)[:, None]), dtype=np.float32)


def _lobes(at_hz: NDArray[np.float64], points_hz: NDArray[np.float64], window_s: float) -> csr_matrix:
    """(at, points): the power at `at_hz` of sines at `points_hz`, both ascending."""
    first = np.searchsorted(points_hz, at_hz - 2.0 / window_s)
    last = np.searchsorted(points_hz, at_hz + 2.0 / window_s)
    counts = last - first
    rows = np.repeat(np.arange(at_hz.size), counts)
    columns = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(first, counts)
    weights = lobe_power(at_hz[rows] - points_hz[columns], window_s).astype(np.float32)
    return csr_matrix((weights, (rows, columns)), shape=(at_hz.size, points_hz.size))


def _start(
    points_hz: NDArray[np.float64], centres_hz: NDArray[np.float64], sharpness: float
) -> tuple[csr_matrix, csr_matrix]:
    """What sums a band's neighbours (bands, bands), and what makes log density (points, bands) of log magnitudes.

    Between bands the logarithm runs along a cubic (Catmull and Rom 1974), so that a peak may lie between centres;
    its distance from the mean around is stretched by `sharpness`.
    """
    bands = centres_hz.size
    position = np.interp(points_hz, centres_hz, np.arange(bands))
    below = np.clip(np.floor(position).astype(int), 0, max(0, bands - 2))
    t = position - below
    cubic = np.stack([-t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, t**3 - t**2], 1) / 2
    reach = np.arange(-_MEAN_REACH_BANDS, _MEAN_REACH_BANDS + 1)
    mean = np.maximum(0.0, 1.0 - np.abs(below[:, None] + reach - position[:, None]) / _MEAN_REACH_BANDS)
    mean /= mean.sum(axis=1, keepdims=True)

    def spread(weights: NDArray[np.float64], first: NDArray[np.int64], offsets: NDArray[np.int64]) -> csr_matrix:
        columns = np.clip(first[:, None] + offsets, 0, bands - 1).ravel()
        rows = np.repeat(np.arange(first.size), offsets.size)
        return csr_matrix((weights.ravel(), (rows, columns)), shape=(first.size, bands))

    start = 2 * sharpness * spread(cubic, below, np.arange(-1, 3)) - 2 * (sharpness - 1) * spread(mean, below, reach)
    near = spread(np.ones((bands, reach.size)), np.arange(bands), reach)
    return csr_matrix(near, dtype=np.float32), csr_matrix(start, dtype=np.float32)
