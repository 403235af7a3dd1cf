"""From a clip to a score where the model runs: on a GPU the inversion of mel bands is done there."""

from __future__ import annotations

import numpy as np
import torch
from scipy.sparse import csr_matrix
from torch import Tensor

from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.spectrogram.inversion import ABSOLUTE_FLOOR, CONTRAST_FLOOR, TINY, LobeInverter, MelInverter
from riffsynth.spectrogram.loudness import (
    HANN_POWER,
    MOST_GAIN_DB,
    REFERENCE_DB,
    SILENCE,
    bin_weights,
)
from riffsynth.spectrogram.spec import SpectrogramSpec


def scorer(device: torch.device, spec: SpectrogramSpec, grid: SynthesisGrid) -> DeviceScorer | None:
    """What makes scores of clips of `spec` where they are painted, if that is a GPU; else `playable` is as fast."""
    return DeviceScorer(spec, grid, device) if device.type == "cuda" else None


class DeviceScorer:
    """`playable` on a device, for clips of one spec."""

    def __init__(self, spec: SpectrogramSpec, grid: SynthesisGrid, device: torch.device) -> None:
        self._inverter = DeviceInverter(MelInverter(spec, grid), device)
        self._weights = torch.from_numpy((bin_weights(grid) / HANN_POWER).astype(np.float32)).to(device)

    @torch.inference_mode()
    def magnitudes(self, mel: Tensor) -> Tensor:
        """(columns, grid.bins) float16 on the device, as a Score has them, from (bands, columns) there."""
        magnitudes = self._inverter.invert(mel)
        loudness = 10 * torch.log10(torch.square(magnitudes).mean(0) @ self._weights + SILENCE)
        gain = 10 ** ((REFERENCE_DB - loudness).clamp(max=MOST_GAIN_DB) / 20)
        return (magnitudes * gain).half()


class DeviceInverter:
    """A MelInverter whose matrices lie on a device: the same updates, the same answer up to rounding."""

    def __init__(self, inverter: MelInverter, device: torch.device) -> None:
        self._bins = inverter.grid.bins
        self._device = device
        self._parts = [(place, _DevicePart(part, device)) for place, part in inverter.parts]

    @torch.inference_mode()
    def invert(self, mel: Tensor) -> Tensor:
        """(columns, grid.bins) float32 on the device, from (bands, columns) in the spec's units."""
        mel = mel.to(self._device, torch.float32)
        out = torch.zeros(mel.shape[1], self._bins, device=self._device)
        for place, part in self._parts:
            out[:, place] = part.invert(mel).T
        return out


class _DevicePart:
    """A LobeInverter on a device."""

    def __init__(self, part: LobeInverter, device: torch.device) -> None:
        def sparse(matrix: csr_matrix) -> Tensor:
            matrix = matrix.astype(np.float32)
            return torch.sparse_csr_tensor(
                torch.from_numpy(matrix.indptr.astype(np.int64)),
                torch.from_numpy(matrix.indices.astype(np.int64)),
                torch.from_numpy(matrix.data),
                matrix.shape,
                device=device,
                check_invariants=False,
            )

        self._size, self._iterations = part.size, part.iterations
        self._rows = torch.from_numpy(part.rows.astype(np.int64)).to(device)
        if part.rows.size == 0:
            return
        self._bands, self._lobes, self._back = sparse(part.bands), sparse(part.lobes), sparse(part.back)
        self._near, self._start, self._shown = sparse(part.near), sparse(part.start), sparse(part.shown)
        self._gain = torch.from_numpy(part.gain).to(device)

    def invert(self, mel: Tensor) -> Tensor:
        """(frequencies, columns); see LobeInverter.invert, step by step."""
        loudest = mel.max()
        if self._rows.numel() == 0:
            return torch.zeros(self._size, mel.shape[1], device=mel.device)
        wanted = mel[self._rows] / loudest.clamp(min=float(TINY))
        floor = CONTRAST_FLOOR * (self._near @ wanted) + ABSOLUTE_FLOOR
        density = torch.exp(torch.clamp(self._start @ torch.log(wanted + floor), -50.0, 80.0))
        for _ in range(self._iterations):
            estimate = (self._bands @ torch.sqrt(self._lobes @ density)).clamp(min=float(TINY))
            density = density * torch.square(self._back @ (wanted / estimate))
        return torch.sqrt(self._shown @ density) * (self._gain * loudest)
