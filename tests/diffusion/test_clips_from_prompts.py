"""`riffsynth.generate` and `interpolate`, with a small model that has the embedded model's shape."""

from __future__ import annotations

import numpy as np
import pytest

import riffsynth


@pytest.fixture
def small(embedded_folder):
    return {"model": embedded_folder, "device": "cpu", "steps": 2}


def test_a_prompt_gives_a_clip_and_a_seed_gives_another(small):
    clip = riffsynth.generate("funk bassline", seed=3, **small)
    assert clip.request.a == riffsynth.End(
        "funk bassline", "", 3, 0.4, riffsynth.load(**_which(small)).model.defaults.guidance
    )
    np.testing.assert_array_equal(clip.mel, riffsynth.generate("funk bassline", seed=3, **small).mel)
    assert not np.array_equal(clip.mel, riffsynth.generate("funk bassline", seed=4, **small).mel)


def test_strength_goes_from_the_init_clip_to_the_prompt(small, tmp_path):
    init = riffsynth.generate("piano", seed=1, **small)
    path = init.save(tmp_path / "init.png")
    distances = []
    for strength in (0.0, 0.5, 1.0):
        clip = riffsynth.generate("drums", init=path, strength=strength, **small)
        distances.append(np.abs(clip.mel - init.mel).mean())
    assert distances[0] < 1e-3 * init.mel.max()
    assert distances[0] < distances[1]
    np.testing.assert_array_equal(clip.mel, riffsynth.generate("drums", **small).mel)


def test_without_a_strength_the_models_own_is_taken(small):
    init = riffsynth.generate("piano", seed=1, **small)
    unsaid = riffsynth.generate("drums", init=init, **small)
    np.testing.assert_array_equal(unsaid.mel, riffsynth.generate("drums", init=init, strength=0.4, **small).mel)
    assert [clip.request.a.strength for clip in riffsynth.interpolate("a", "b", 2, init=init, **small)] == [0.4, 0.4]


def test_an_interpolation_starts_and_ends_at_its_prompts(small):
    clips = riffsynth.interpolate("piano", riffsynth.End("drums", seed=9), 3, **small)
    assert [clip.request.alpha for clip in clips] == [0.0, 0.5, 1.0]
    np.testing.assert_array_equal(clips[0].mel, riffsynth.generate("piano", **small).mel)
    np.testing.assert_array_equal(clips[2].mel, riffsynth.generate(riffsynth.End("drums", seed=9), **small).mel)
    assert not np.array_equal(clips[1].mel, clips[0].mel)


def test_a_model_stays_loaded(small):
    assert riffsynth.load(**_which(small)) is riffsynth.load(**_which(small))


def test_a_wrong_model_is_one_clear_error():
    with pytest.raises(riffsynth.RiffsynthError, match="no such folder"):
        riffsynth.generate("funk", model="no/such/folder/at-all")


def _which(small):
    return {name: small[name] for name in ("model", "device")}
