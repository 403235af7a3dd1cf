"""From a clip to a score where the model runs: on a GPU the inversion of mel bands is done there."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from scipy.sparse import csr_matrix
from torch import Tensor

from riffsynth.spectrogram.clip import Clip, Score
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.spectrogram.inversion import ABSOLUTE_FLOOR, CONTRAST_FLOOR, TINY, LobeInverter, MelInverter
from riffsynth.spectrogram.loudness import playable, reference_gain
from riffsynth.spectrogram.spec import SpectrogramSpec


def scorer(device: torch.device, spec: SpectrogramSpec, grid: SynthesisGrid) -> Callable[[Clip], Score]:
    """What brings clips of `spec` to the player's grid and the reference loudness, on `device` where that is a GPU."""
    if device.type != "cuda":
        return lambda clip: playable(clip, grid)
    inverter = DeviceInverter(MelInverter(spec, grid), device)

    def score(clip: Clip) -> Score:
        if clip.spec != spec:
            return playable(clip, grid)
        magnitudes = inverter.invert(torch.from_numpy(clip.mel)).half().cpu().numpy()
        plain = Score(magnitudes, clip.beats)
        gain = np.float32(reference_gain(plain, grid))
        return Score((magnitudes.astype(np.float32) * gain).astype(np.float16), clip.beats)

    return score


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
