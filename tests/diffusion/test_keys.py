"""A key that a prompt names: asked for at the model's home, and transposed from there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from riffsynth.diffusion.generator import Generator
from riffsynth.diffusion.keys import at_home
from riffsynth.diffusion.request import ClipRequest, End
from riffsynth.spectrogram.analysis import analyse_loop
from riffsynth.spectrogram.clip import Clip
from riffsynth.spectrogram.conversion import transposed

HOME = {"major": "C", "minor": "A", "dorian": "D", "mixolydian": "G"}


@pytest.mark.parametrize(
    ("prompt", "asked", "semitones"),
    [
        ("piano in F# minor, drums", "piano in A minor, drums", -3),
        ("piano in A minor", "piano in A minor", 0),
        ("slow cello, in B flat major", "slow cello, in C major", -2),
        ("bass in Am", "bass in A minor", 0),
        ("bass in F#m", "bass in A minor", -3),
        ("flute in a minor", "flute in A minor", 0),
        ("In C Minor: piano", "In A minor: piano", 3),
        ("Db Major", "C major", 1),
        ("organ in A Flat Maj", "organ in C major", -4),
        ("bb minor", "A minor", 1),
        ("in C♯ minor", "in A minor", 4),
        ("E dorian vamp", "D dorian vamp", 2),
        ("in the key of Eb", "in the key of C", 3),
        ("organ in E", "organ in C", 4),
        ("piano in C minor seventh", "piano in A minor seventh", 3),
        ("piano in D flat minor, then in C", "piano in A minor, then in C", 4),
    ],
)
def test_the_first_key_is_asked_for_at_home(prompt: str, asked: str, semitones: int) -> None:
    assert at_home(prompt, HOME) == (asked, semitones)


@pytest.mark.parametrize(
    "prompt",
    [
        "",
        "in a minor mood",
        "a minor key tune",
        "a major arrangement",
        "in big room",
        "flat drums",
        "E phrygian",
        "I am in",
    ],
)
def test_what_names_no_key_stays_as_it_is(prompt: str) -> None:
    assert at_home(prompt, HOME) == (prompt, 0)


def test_a_mode_without_a_home_is_the_models_business() -> None:
    assert at_home("piano in F# minor", {"major": "C"}) == ("piano in F# minor", 0)
    assert at_home("piano in F# minor", {}) == ("piano in F# minor", 0)


@pytest.fixture
def at_one_home(embedded: Generator) -> Generator:
    model = embedded.model
    return Generator(replace(model, defaults=replace(model.defaults, home=HOME)))


def request(prompt: str, other: str = "", alpha: float = 0.0, **more: object) -> ClipRequest:
    return ClipRequest(0, End(prompt, seed=3), End(other or prompt, seed=4), alpha, 3, **more)  # type: ignore[arg-type]


def test_a_clip_in_another_key_is_the_one_at_home_transposed(at_one_home: Generator) -> None:
    home, higher = (at_one_home.generate(request(f"piano in {tonic} minor")) for tonic in "AC")
    assert np.array_equal(higher.mel, transposed(home.mel, home.spec, 3))
    assert higher.request == request("piano in C minor")


def test_alpha_has_the_key_of_the_nearer_end(at_one_home: Generator) -> None:
    for alpha, shift in ((0.4, 3), (0.6, -2)):
        way = at_one_home.generate(request("piano in C minor", "bass in G minor", alpha))
        home = at_one_home.generate(request("piano in A minor", "bass in A minor", alpha))
        assert np.array_equal(way.mel, transposed(home.mel, home.spec, shift))


def test_an_init_clip_goes_home_first(at_one_home: Generator) -> None:
    """What is kept of it was painted at home, and is not measured a second time."""

    def continued(key: str) -> Clip:
        started = at_one_home.generate(request(f"piano in {key}"))
        return at_one_home.generate(request(f"bass in {key}", init=started, repaint=(0.5, 1.0)))

    home = continued("A minor")
    assert np.array_equal(continued("C minor").mel, transposed(home.mel, home.spec, 3))


def test_an_init_clip_of_another_key_is_brought_to_the_one_that_is_asked_for(at_one_home: Generator) -> None:
    canvas, spec = at_one_home._canvas, at_one_home.model.spec
    time = np.arange(4 * spec.sample_rate) / spec.sample_rate
    tones = (np.sin(2 * np.pi * 440 * 2 ** (key / 12) * time).astype(np.float32) for key in (0, 12))
    home, elsewhere = (Clip(analyse_loop(tone, spec.sample_rate, spec), spec) for tone in tones)
    painted, back, stayed = (canvas.encoded(clip, by) for clip, by in ((home, 0), (elsewhere, 12), (elsewhere, 0)))
    assert (painted - back).abs().mean() < 0.5 * (painted - stayed).abs().mean()
