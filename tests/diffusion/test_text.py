"""Prompts of every kind become embeddings."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from riffsynth.diffusion.generator import Generator
from riffsynth.diffusion.text import MAX_CHUNKS, TextEncoder, match_lengths, weigh
from riffsynth.diffusion.weighting import parse_weights


@pytest.fixture(params=["riffusion", "embedded"])
def encoder(request: pytest.FixtureRequest) -> TextEncoder:
    generator: Generator = request.getfixturevalue(request.param)
    return TextEncoder(generator.model.tokenizer, generator.model.text_encoder)


@torch.inference_mode()
@pytest.mark.parametrize(
    "prompt", ["", " ", "🥁🎹 dub", "no drums", "((", "\\(a\\)", "日本の太鼓", "\x00\n\t", "\ud800"]
)
def test_a_short_prompt_fills_one_window(encoder: TextEncoder, prompt: str) -> None:
    made = encoder.embed(prompt)
    assert made.shape[:2] == (1, encoder.window) and made.isfinite().all()


@torch.inference_mode()
def test_a_thousand_words_are_read_window_by_window(encoder: TextEncoder) -> None:
    words = ["piano"] * 999 + ["bass"]
    made = encoder.embed(" ".join(words))
    assert made.isfinite().all()
    assert made.shape[1] == MAX_CHUNKS * encoder.window
    few = ["piano"] * 25
    whole, other = encoder.embed(" ".join([*few, "bass"])), encoder.embed(" ".join([*few, "drums"]))
    assert whole.shape[1] > encoder.window
    assert not torch.allclose(whole, other)
    assert torch.allclose(whole[:, : encoder.window], other[:, : encoder.window], atol=1e-6)


@torch.inference_mode()
def test_a_prompt_is_embedded_as_its_own_library_would(riffusion: Generator, embedded: Generator) -> None:
    for model in (riffusion.model, embedded.model):
        encoder = TextEncoder(model.tokenizer, model.text_encoder)
        for prompt in ("", "a piano, no drums"):
            ids = model.tokenizer(
                prompt, padding="max_length", max_length=encoder.window, truncation=True, return_tensors="pt"
            ).input_ids
            assert torch.allclose(encoder.embed(prompt), model.text_encoder(ids).last_hidden_state, atol=1e-5)


@torch.inference_mode()
def test_weights_change_and_plain_weights_do_not(encoder: TextEncoder) -> None:
    plain = encoder.embed("a piano drums")
    assert torch.equal(encoder.embed("a (piano:1.0) drums"), plain)
    louder = encoder.embed("a (piano:1.5) drums")
    assert not torch.allclose(louder, plain, atol=1e-3)
    assert float(louder.norm() / plain.norm()) == pytest.approx(1.0, abs=0.3)


def test_weighing_keeps_the_level() -> None:
    embeddings = torch.randn(1, 6, 8) + 0.2
    weights = torch.tensor([[1.0, 1.0, 1.7, 1.0, 0.5, 1.0]])
    assert float(weigh(embeddings, weights, True).mean()) == pytest.approx(float(embeddings.mean()), rel=1e-4)
    assert float(weigh(embeddings, weights, False).norm()) == pytest.approx(float(embeddings.norm()), rel=1e-4)
    assert weigh(embeddings, torch.zeros(1, 6), True).isfinite().all()


def test_lengths_match_by_repetition() -> None:
    short, long = torch.randn(1, 4, 2), torch.randn(1, 8, 2)
    made = match_lengths(short, long)
    assert torch.equal(made[0], torch.cat([short, short], 1)) and torch.equal(made[1], long)


def test_prompts_are_remembered(encoder: TextEncoder) -> None:
    assert encoder.embed("piano") is encoder.embed("piano")


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("", [("", 1.0)]),
        ("piano", [("piano", 1.0)]),
        ("a (piano) b", [("a ", 1.0), ("piano", 1.1), (" b", 1.0)]),
        ("(piano:1.5)", [("piano", 1.5)]),
        ("(piano: .5 )", [("piano", 0.5)]),
        ("[piano]", [("piano", 1 / 1.1)]),
        ("((a) b)", [("a", 1.1**2), (" b", 1.1)]),
        ("(a [b] c:2)", [("a ", 2.0), ("b", 2 / 1.1), (" c", 2.0)]),
        ("\\(a\\) \\[b\\] \\\\", [("(a) [b] \\", 1.0)]),
        ("a) b]", [("a) b]", 1.0)]),
        ("(a", [("a", 1.1)]),
        ("12:30 (a:b)", [("12:30 ", 1.0), ("a:b", 1.1)]),
        ("()", [("", 1.0)]),
    ],
)
def test_the_syntax_of_weights(prompt: str, expected: list[tuple[str, float]]) -> None:
    made = parse_weights(prompt)
    assert [text for text, _ in made] == [text for text, _ in expected]
    assert [weight for _, weight in made] == pytest.approx([weight for _, weight in expected])


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab ()[]:\\1.5", max_size=40))
def test_no_prompt_is_an_error_and_no_word_is_lost(prompt: str) -> None:
    made = "".join(text for text, _ in parse_weights(prompt))
    assert [c for c in made if c in "ab"] == [c for c in prompt if c in "ab"]
