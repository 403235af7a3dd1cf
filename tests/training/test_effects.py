"""Effects close the loop and do what their names say."""

from __future__ import annotations

import numpy as np
import pytest

from training.compose import BEATS, compose
from training.effects import EFFECT_ROLES, EFFECT_WORDS, EFFECTS, WHOLE, distortion, echo, filter_sweep, pumping

RATE = 44100
TONE = (0.3 * np.sin(2 * np.pi * 440 * np.arange(4 * RATE) / RATE)).astype(np.float32)
"""Four seconds and whole periods: its end meets its beginning."""


def rng() -> np.random.Generator:
    return np.random.default_rng(3)


@pytest.mark.parametrize("name", EFFECTS)
def test_an_effect_leaves_no_step_at_the_seam(name: str) -> None:
    out = EFFECTS[name](TONE, RATE, BEATS, rng())
    assert out.shape == TONE.shape and out.dtype == np.float32
    steps = np.abs(np.diff(out))
    assert abs(out[0] - out[-1]) <= 1.05 * steps.max()


def test_an_echo_of_the_end_is_heard_at_the_beginning() -> None:
    click = np.zeros(4 * RATE, np.float32)
    click[-RATE // 50] = 1.0
    assert np.abs(echo(click, RATE, BEATS, rng())[: RATE // 2]).max() > 0.3


def test_pumping_ducks_the_beats() -> None:
    level = np.abs(pumping(TONE, RATE, BEATS, rng())).reshape(BEATS, -1)
    assert level[:, :500].mean() < 0.4 * level[:, -4000:-1000].mean()


def test_a_sweep_darkens_and_brightens() -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, 4 * RATE).astype(np.float32)
    treble = [np.abs(np.diff(part)).mean() for part in np.split(filter_sweep(noise, RATE, BEATS, rng()), 16)]
    assert max(treble) > 4 * min(treble)


def test_distortion_adds_overtones_at_the_same_loudness() -> None:
    out = distortion(TONE, RATE, BEATS, rng())
    spectrum = np.abs(np.fft.rfft(out))
    assert spectrum[3 * 440 * 4] > 0.1 * spectrum[440 * 4]
    assert np.sqrt((out**2).mean()) == pytest.approx(np.sqrt((TONE**2).mean()), rel=0.01)


def test_phrases_use_them_on_parts_that_sound() -> None:
    assert EFFECTS.keys() == EFFECT_WORDS.keys() == EFFECT_ROLES.keys() and set(WHOLE) <= set(EFFECTS)
    phrases = [compose(seed) for seed in range(300)]
    assert {p.effect for p in phrases} == {None, *EFFECTS}
    for phrase in phrases:
        assert set(phrase.affected) <= set(phrase.parts) and bool(phrase.affected) == (phrase.effect is not None)
        assert phrase.effect is None or "kick" not in phrase.kind
