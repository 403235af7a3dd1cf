"""all-MiniLM-L6-v2 (Reimers and Gurevych 2019; Apache-2.0): how alike two words are in music."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor
from torch.nn import functional
from transformers import BertModel, BertTokenizer

from training.loop import autocast
from training.text import minilm_folder

BATCH = 256
MAX_TOKENS = 48
PATTERN = "{} music"
"""What a word is said in, so that "house" is no building."""
GLOSS_WEIGHT = 2.0
"""What a dictionary says of a word counts as much as so many times the word itself."""


class SentenceModel:
    """Texts to unit vectors (n, 384): the mean of all tokens' outputs."""

    def __init__(self) -> None:
        self._tokenizer = BertTokenizer.from_pretrained(minilm_folder())
        self._network = BertModel.from_pretrained(minilm_folder(), add_pooling_layer=False).eval()

    @torch.no_grad()
    def __call__(self, texts: Sequence[str]) -> Tensor:
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))  # little padding
        found = torch.empty(len(texts), self._network.config.hidden_size)
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            batch = self._tokenizer(
                [texts[index] for index in chosen],
                padding=True,
                truncation=True,
                max_length=MAX_TOKENS,
                return_tensors="pt",
            )
            with autocast(torch.device("cpu")):
                hidden = self._network(**batch).last_hidden_state.float()
            mask = batch["attention_mask"][..., None]
            found[chosen] = functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=1)
        return found


def likeness(
    model: SentenceModel, words: Sequence[str], phrases: Sequence[str], glosses: Mapping[str, Sequence[str]]
) -> Tensor:
    """How alike words are to phrases, (words, phrases), -1..1; a word's best meaning of those in `glosses` counts."""
    texts = [PATTERN.format(phrase) for phrase in phrases]
    plain = model(texts)
    middle = plain.mean(0)
    plain = functional.normalize(plain - middle, dim=1)
    alike = functional.normalize(model([PATTERN.format(word) for word in words]) - middle, dim=1) @ plain.T

    told = [(index, f"{word}: {gloss}") for index, word in enumerate(words) for gloss in glosses.get(word, ())]
    known = [(index, f"{word}: {gloss}") for index, word in enumerate(phrases) for gloss in glosses.get(word, ())]
    if not told:
        return alike
    meant = model([text for _, text in told + known])
    meant = functional.normalize(meant - meant.mean(0), dim=1)
    mine, theirs = meant[: len(told)], meant[len(told) :]
    best: dict[int, Tensor] = {}
    for (index, _), vector in zip(told, mine, strict=True):
        scores = plain @ vector
        for (place, _), other in zip(known, theirs, strict=True):
            scores[place] = torch.maximum(scores[place], vector @ other)
        best[index] = torch.maximum(best[index], scores) if index in best else scores
    for index, scores in best.items():
        alike[index] = (alike[index] + GLOSS_WEIGHT * scores) / (1.0 + GLOSS_WEIGHT)
    return alike
