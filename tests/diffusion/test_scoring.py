"""What a GPU would compute, computed where there is none: the same scores, and calls that cannot be captured."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from riffsynth.diffusion.graphs import Graphed
from riffsynth.diffusion.scoring import DeviceInverter, DeviceScorer, scorer
from riffsynth.spectrogram.analysis import from_image
from riffsynth.spectrogram.clip import Clip
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.spectrogram.inversion import MelInverter
from riffsynth.spectrogram.loudness import playable
from riffsynth.spectrogram.spec import EMBEDDED, RIFFUSION

GRID = SynthesisGrid.for_rate(44100)


@pytest.mark.parametrize("spec", [replace(EMBEDDED, columns=32), RIFFUSION.with_columns(32)])
def test_the_inversion_with_torch_is_the_one_with_numpy(spec) -> None:
    mel = from_image(np.random.default_rng(0).random((spec.bands, spec.columns), np.float32), spec)
    inverter = MelInverter(spec, GRID)
    expected = inverter.invert(mel)
    found = DeviceInverter(inverter, torch.device("cpu")).invert(torch.from_numpy(mel)).numpy()
    assert np.abs(found - expected).max() < 1e-3 * expected.max()
    silent = DeviceInverter(inverter, torch.device("cpu")).invert(torch.zeros(spec.bands, 4)).numpy()
    assert not silent.any()


@pytest.mark.parametrize("level", [0.0, 1e-3, 0.1, 3.0])
def test_a_score_made_on_a_device_is_the_one_that_is_made_here(level: float) -> None:
    spec = RIFFUSION.with_columns(32)
    mel = from_image(np.random.default_rng(1).random((spec.bands, spec.columns), np.float32), spec)
    clip = Clip(mel * np.float32(level), spec)
    expected = playable(clip, GRID).magnitudes.astype(np.float32)
    found = DeviceScorer(spec, GRID, torch.device("cpu")).score(clip)
    assert found.magnitudes.dtype == np.float16 and found.beats == clip.beats
    assert np.abs(found.magnitudes.astype(np.float32) - expected).max() <= 2e-3 * expected.max()


def test_on_a_cpu_it_is_what_the_player_always_got() -> None:
    spec = replace(EMBEDDED, columns=16)
    clip = Clip(np.full((spec.bands, 16), 0.01, np.float32), spec)
    made = scorer(torch.device("cpu"), spec, GRID)(clip)
    assert np.array_equal(made.magnitudes, playable(clip, GRID).magnitudes)


@pytest.mark.skipif(torch.cuda.is_available(), reason="here it can be captured")
def test_what_cannot_be_captured_runs_as_it_is() -> None:
    module = nn.Linear(3, 2)
    call = Graphed(module)
    x = torch.ones(1, 3)
    assert torch.equal(call(x), module(x)) and torch.equal(call(x), module(x))


@pytest.mark.slow
def test_the_gpu_benchmark_runs_through_with_small_weights() -> None:
    sys.path.append(str(Path(__file__).resolve().parents[2] / "benchmarks"))
    import gpu

    figures = gpu.run("cpu", small=True, runs=1)
    assert figures["ratio_to_riffusion"] > 0 and figures["unet_bf16_error_db"] < -20
    assert set(gpu.AT_MOST) - set(figures["held"]) == {"four_steps_p99_ms", "clip_fp16_error_db"}  # too few; CUDA only
    if not torch.cuda.is_available():
        assert gpu.run() == {"not_measured": "this machine has no CUDA GPU"}
