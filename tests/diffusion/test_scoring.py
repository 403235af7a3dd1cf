"""What a GPU would compute, computed where there is none: the same scores, and calls that cannot be captured."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from riffsynth.diffusion.generator import Generator
from riffsynth.diffusion.graphs import Graphed
from riffsynth.diffusion.host import to_host
from riffsynth.diffusion.model import Defaults
from riffsynth.diffusion.request import ClipRequest, End
from riffsynth.diffusion.scoring import DeviceInverter, DeviceScorer, scorer
from riffsynth.diffusion.warming import warm_up_requests
from riffsynth.spectrogram.analysis import from_image
from riffsynth.spectrogram.clip import Clip
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.spectrogram.inversion import MelInverter
from riffsynth.spectrogram.loudness import playable
from riffsynth.spectrogram.spec import EMBEDDED, RIFFUSION

GRID = SynthesisGrid.for_rate(44100)
CPU = torch.device("cpu")
FEW = 64
"""Numbers that may leave a device beside pictures: a schedule of timesteps lies on the host anyway."""


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
    found = DeviceScorer(spec, GRID, CPU).magnitudes(torch.tensor(clip.mel)).numpy()
    assert found.dtype == np.float16
    assert np.abs(found.astype(np.float32) - expected).max() <= 2e-3 * expected.max()


def test_on_a_cpu_there_is_nothing_to_gain() -> None:
    assert scorer(CPU, EMBEDDED, GRID) is None


def test_tensors_come_to_the_host_whole_and_in_one_piece() -> None:
    mel, score = torch.rand(2, 3, 5), torch.rand(2, 5, 7).half()
    here = to_host(mel, score.transpose(1, 2))
    assert [array.dtype for array in here] == [np.float32, np.float16]
    assert np.array_equal(here[0], mel.numpy()) and np.array_equal(here[1], score.numpy().transpose(0, 2, 1))


@pytest.mark.parametrize("kind", ["riffusion", "embedded"])
def test_clip_and_score_reach_the_host_in_one_copy(
    kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted as a device would see them: whatever leaves torch, but for a few numbers."""
    model = request.getfixturevalue(kind).model
    generator = Generator(model, scorer=DeviceScorer(model.spec, GRID, CPU))
    ends = [End("piano", seed=seed, guidance=3.0) for seed in range(2)]
    asked = [ClipRequest(number, end, end, steps=2) for number, end in enumerate(ends)]
    generator.make_all(asked)
    copied: list[int] = []

    def counting(whole: Callable) -> Callable:
        def counted(tensor, *arguments, **options):
            if tensor.numel() > FEW:
                copied.append(tensor.numel())
            return whole(tensor, *arguments, **options)

        return counted

    for way in ("numpy", "tolist", "__array__"):
        monkeypatch.setattr(torch.Tensor, way, counting(getattr(torch.Tensor, way)))
    made = generator.make_all(asked)
    monkeypatch.undo()
    assert len(copied) == 1
    for each in made:
        expected = playable(each.clip, GRID).magnitudes.astype(np.float32)
        assert each.score is not None and each.score.beats == each.clip.beats
        assert np.abs(each.score.magnitudes.astype(np.float32) - expected).max() <= 2e-3 * expected.max()


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
    assert figures["copies_to_host_of_a_clip"] == 0
    assert figures["ratio_to_riffusion"] > 0 and figures["unet_bf16_error_db"] < -20
    held = figures["held"]
    assert held.keys() == gpu.AT_MOST.keys() | gpu.AT_LEAST.keys()
    not_taken = {name for name, met in held.items() if met is None}
    assert not_taken == {"four_steps_p99_ms", "clip_fp16_error_db"}  # too few; CUDA only
    if not torch.cuda.is_available():
        assert gpu.run() == {"not_measured": "this machine has no CUDA GPU"}


@pytest.mark.parametrize(("device", "guidances"), [("cpu", [7.0, 7.0]), ("cuda", [1.0, 7.0, 7.0])])
def test_a_gpu_is_warmed_up_for_both_sizes_of_batch_and_its_own_last(device: str, guidances: list[float]) -> None:
    model = SimpleNamespace(device=torch.device(device), defaults=Defaults())
    assert [request.guidance for request in warm_up_requests(model)] == guidances
