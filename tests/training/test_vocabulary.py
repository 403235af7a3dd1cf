"""Words that no caption holds: who their neighbours are, and which token stands for a phrase."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel, BertTokenizer

from training.paths import MODEL
from training.sentences import likeness
from training.text import HIDDEN, MAX_TOKENS
from training.vocabulary import MEANT, PHRASES, caption_words, meanings, moved, stand_ins

AXES = {"jazz": 0, "bop": 0, "flute": 1, "blown": 1, "techno": 2, "tax": 3}


class Ear:
    """A sentence model that knows a few words, each on an axis of its own; every other text has its own."""

    def __call__(self, texts: Sequence[str]) -> Tensor:
        found = torch.zeros(len(texts), 1000)
        for row, said in enumerate(texts):
            axes = {axis for word, axis in AXES.items() if word in said} or {10 + zlib.crc32(said.encode()) % 990}
            found[row, list(axes)] = len(axes) ** -0.5
        return found


@pytest.fixture(scope="module")
def tokenizer() -> BertTokenizer:
    return BertTokenizer.from_pretrained(MODEL / "tokenizer")


@pytest.fixture
def model() -> Any:
    """The parts of a denoiser that hear words, untrained."""
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=40_000,
        hidden_size=HIDDEN,
        num_hidden_layers=1,
        num_attention_heads=4,
        intermediate_size=HIDDEN,
        max_position_embeddings=MAX_TOKENS,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        initializer_range=0.3,
    )
    pool = nn.Linear(HIDDEN, 16)
    encoder = BertModel(config, add_pooling_layer=False).eval().requires_grad_(False)
    unet = SimpleNamespace(add_embedding=lambda hidden: pool(hidden[:, :4].mean(1)))
    pool.requires_grad_(False)
    return SimpleNamespace(text_encoder=encoder, unet=unet)


def test_a_word_is_like_what_the_dictionary_says_of_it() -> None:
    phrases = ["jazz", "flute", "techno"]
    plain = likeness(Ear(), ["shawm", "bop"], phrases, {})  # type: ignore[arg-type]
    assert plain[1].argmax() == 0
    assert plain[0].max() < 0.5
    told = likeness(Ear(), ["shawm", "bop"], phrases, {"shawm": ("a tax", "blown"), "flute": ("blown",)})  # type: ignore[arg-type]
    assert told[0].argmax() == 1
    assert torch.equal(told[1], plain[1])


def test_a_phrase_means_what_its_music_means_and_a_style_what_is_said_here() -> None:
    found = meanings({"folk": ("people",), "folk music": ("songs of the people",), "shawm": ("an oboe",)})
    assert found["folk"] == ["people", "songs of the people"]
    assert found["shawm"] == ("an oboe",)
    assert MEANT.keys() <= found.keys()
    assert MEANT.keys() <= set(PHRASES)


def test_a_word_takes_the_place_of_its_neighbours_or_none() -> None:
    embeddings = torch.arange(float(len(PHRASES)))[:, None].expand(-1, HIDDEN)
    found = moved(Ear(), {}, {"gabber": {"techno"}}, ["bop", "report", "gabber"], embeddings)  # type: ignore[arg-type]
    assert found.keys() == {"bop", "gabber"}
    jazz = [index for index, phrase in enumerate(PHRASES) if "jazz" in phrase]
    assert min(jazz) <= float(found["bop"][0]) <= max(jazz)
    assert float(found["gabber"][0]) == pytest.approx(PHRASES.index("techno"), abs=0.01)


def test_a_token_stands_for_itself_and_one_is_found_for_two(model: Any, tokenizer: BertTokenizer) -> None:
    table = model.text_encoder.get_input_embeddings().weight
    flute, *_ = tokenizer("flute", add_special_tokens=False)["input_ids"]
    alone = stand_ins(model, tokenizer, ["flute", "jazz"], steps=6)
    assert torch.allclose(alone[0], table[flute], atol=0.05)

    def off(embedding: Tensor) -> float:
        """How far a token is from "slide trombone" where it says "drums, ..."."""
        said = tokenizer("drums, slide trombone", padding="max_length", max_length=MAX_TOKENS)["input_ids"]
        place = 3
        cut = [*said[: place + 1], *said[place + 2 :], tokenizer.pad_token_id]
        assert tokenizer.convert_ids_to_tokens(said)[place : place + 2] == ["slide", "trombone"]
        embedded = table[cut].clone()
        embedded[place] = embedding
        wanted = model.text_encoder(input_ids=torch.tensor([said])).last_hidden_state
        mine = model.text_encoder(inputs_embeds=embedded[None]).last_hidden_state
        return float((model.unet.add_embedding(wanted) - model.unet.add_embedding(mine)).norm())

    pair = tokenizer("slide trombone", add_special_tokens=False)["input_ids"]
    found = stand_ins(model, tokenizer, ["slide trombone", "jazz"])
    assert off(found[0]) < 0.7 * off(table[pair].mean(0))


def test_the_shipped_tokenizer_cuts_captions_as_they_were_trained(tokenizer: BertTokenizer) -> None:
    words = (MODEL / "tokenizer" / "vocab.txt").read_text().split("\n")
    plain = {word for word in words[:30522]}  # MiniLM's own
    for word in sorted(caption_words(400)):
        pieces = tokenizer.tokenize(word)
        assert set(pieces) <= plain, word
