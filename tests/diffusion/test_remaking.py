"""A sound of any length, clip by clip: as long as it was, continuous, and near to what it was as strength says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from small_models import SMALL

from riffsynth.cli import main
from riffsynth.diffusion.generator import Generator
from riffsynth.diffusion.model_error import ModelError
from riffsynth.diffusion.remaking import remade
from riffsynth.diffusion.request import ClipRequest, End
from riffsynth.spectrogram.analysis import from_image

END = End("piano", seed=1, strength=0.5, guidance=3.0)
REQUEST = ClipRequest(0, END, replace(END, prompt="drums"), steps=4)


def source(columns: int) -> np.ndarray:
    return from_image(np.random.default_rng(2).random((SMALL.bands, columns), np.float32), SMALL)


@pytest.mark.parametrize("columns", [1, 31, 64, 200])
def test_it_is_as_long_as_it_was(riffusion: Generator, columns: int) -> None:
    told: list[tuple[int, int]] = []
    made = np.concatenate(
        list(remade(riffusion, source(columns), REQUEST, on_clip=lambda *done: told.append(done))), axis=1
    )
    assert made.shape == (SMALL.bands, columns) and np.isfinite(made).all()
    assert told[-1] == (len(told), len(told)) and len(told) == -(-columns // 32)


def test_each_clip_continues_the_last(riffusion: Generator, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[ClipRequest] = []
    answers: list[np.ndarray] = []
    generate = riffusion.generate

    def listening(request: ClipRequest) -> object:
        asked.append(request)
        clip = generate(request)
        answers.append(clip.mel)
        return clip

    monkeypatch.setattr(riffusion, "generate", listening)
    list(remade(riffusion, source(100), REQUEST, walk=True))
    assert [request.repaint for request in asked] == [(0.0, 1.0), (0.25, 1.0), (0.25, 1.0), (0.25, 1.0)]
    for before, request in zip(answers, asked[1:], strict=False):
        assert np.array_equal(request.init.mel[:, :16], before[:, 32:48])  # what was heard last is kept
    assert [request.a.seed for request in asked] == [1, 2, 3, 4]
    assert [request.alpha for request in asked] == pytest.approx([0, 1 / 3, 2 / 3, 1])


def test_a_model_of_other_bands_is_refused(riffusion: Generator) -> None:
    with pytest.raises(ModelError, match="8 bands"):
        list(remade(riffusion, np.ones((8, 64), np.float32), REQUEST))


def test_the_command_writes_as_much_sound_as_it_was_given(riffusion_folder: Path, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    soundfile.write(tmp_path / "song.wav", 0.1 * rng.normal(size=round(1.7 * 22050)), 22050)
    arguments = ["remake", str(tmp_path / "song.wav"), "-o", str(tmp_path / "new.wav"), "--prompt", "drums"]
    more = ["--strength", "0.4", "--steps", "3", "--model", str(riffusion_folder), "--device", "cpu", "--quiet"]
    assert main([*arguments, *more]) == 0
    sound, rate = soundfile.read(tmp_path / "new.wav")
    assert sound.size / rate == pytest.approx(1.7, abs=0.02) and 0.01 < np.abs(sound).max() <= 1
