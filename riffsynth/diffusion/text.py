"""From a prompt to the embeddings that a U-Net attends to: weighted, of any length, remembered."""

from __future__ import annotations

import math
from collections import OrderedDict
from typing import Any

import torch
from torch import Tensor

from riffsynth.diffusion.compiled import fast_text
from riffsynth.diffusion.weighting import parse_weights

CACHED_PROMPTS = 256
MAX_CHUNKS = 16
"""Windows of text that are read of one prompt: about a thousand words. What follows them is dropped."""
_UNBOUNDED = 100_000


class TextEncoder:
    """Embeds prompts with a CLIPTextModel or a BertModel.

    Each chunk is what Stable Diffusion makes of a prompt: begin token, words, end token, padding up to the window,
    no attention mask (unless the encoder's config says `use_attention_mask`), last hidden state.
    """

    def __init__(self, tokenizer: Any, encoder: Any) -> None:
        self._tokenizer = tokenizer
        self._encoder = encoder
        self._call = fast_text(encoder)
        limits = (tokenizer.model_max_length, getattr(encoder.config, "max_position_embeddings", _UNBOUNDED))
        self.window = int(min(*limits, _UNBOUNDED))
        """Tokens in one chunk, begin and end included."""
        self._begin = _first_id(tokenizer.bos_token_id, tokenizer.cls_token_id)
        self._end = _first_id(tokenizer.eos_token_id, tokenizer.sep_token_id)
        self._pad = _first_id(tokenizer.pad_token_id, self._end)
        self._cache: OrderedDict[str, Tensor] = OrderedDict()

    def embed(self, prompt: str) -> Tensor:
        """(1, chunks * window, width) embeddings, one chunk unless the prompt is longer than a window."""
        if prompt in self._cache:
            self._cache.move_to_end(prompt)
            return self._cache[prompt]
        embeddings = self._embed(prompt)
        self._cache[prompt] = embeddings
        if len(self._cache) > CACHED_PROMPTS:
            self._cache.popitem(last=False)
        return embeddings

    def forget(self) -> None:
        """The encoder's weights have changed: nothing that was remembered holds."""
        self._cache.clear()

    def _embed(self, prompt: str) -> Tensor:
        tokens, weights = self._tokens(prompt)
        room = self.window - 2
        chunks = min(MAX_CHUNKS, max(1, math.ceil(len(tokens) / room)))
        ids = torch.full((chunks, self.window), self._pad, dtype=torch.long)
        weight = torch.ones(chunks, self.window)
        for i in range(chunks):
            part = tokens[i * room : (i + 1) * room]
            ids[i, : len(part) + 2] = torch.tensor([self._begin, *part, self._end])
            weight[i, 1 : len(part) + 1] = torch.tensor(weights[i * room : (i + 1) * room])
        device = self._encoder.device
        if getattr(self._encoder.config, "use_attention_mask", False):
            used = torch.tensor([min(room, len(tokens) - i * room) + 2 for i in range(chunks)])
            mask = (torch.arange(self.window) < used[:, None]).long().to(device)
            embeddings = self._encoder(ids.to(device), attention_mask=mask).last_hidden_state
        else:
            embeddings = self._call(ids.to(device))
        embeddings = embeddings.reshape(1, chunks * self.window, -1)
        if any(w != 1.0 for w in weights):
            embeddings = weigh(embeddings, weight.reshape(1, -1).to(embeddings), self._keeps_mean)
        return embeddings

    @property
    def _keeps_mean(self) -> bool:
        return self._encoder.config.model_type.startswith("clip")

    def _tokens(self, prompt: str) -> tuple[list[int], list[float]]:
        tokens: list[int] = []
        weights: list[float] = []
        prompt = prompt.encode("utf-8", "replace").decode()  # half a character, as JSON can hold, stops tokenizers
        for text, weight in parse_weights(prompt):
            ids = self._tokenizer(text, add_special_tokens=False, truncation=False, verbose=False).input_ids
            tokens += ids
            weights += [weight] * len(ids)
        return tokens, weights


def weigh(embeddings: Tensor, weights: Tensor, keep_mean: bool) -> Tensor:
    """(1, tokens, width) embeddings times (1, tokens) weights, brought back to the level they had.

    Riffusion restores the mean of CLIP's embeddings; BERT's are centred on zero by their layer norm, so there the
    root mean square is restored.
    """
    weighted = embeddings * weights[..., None]

    def level(x: Tensor) -> Tensor:
        return x.float().mean() if keep_mean else x.float().square().mean().sqrt()

    before, after = level(embeddings), level(weighted)
    if after.abs() < 1e-6:
        return weighted
    return weighted * (before / after).to(weighted.dtype)


def match_lengths(*embeddings: Tensor) -> list[Tensor]:
    """Embeddings (1, tokens, width) repeated chunk by chunk to the tokens of the longest.

    Whole repetitions of keys and values leave an attention's answer as it was; padding with empty text would not.
    """
    tokens = max(e.shape[1] for e in embeddings)
    return [e.repeat(1, math.ceil(tokens / e.shape[1]), 1)[:, :tokens] for e in embeddings]


def _first_id(*ids: int | None) -> int:
    return next((i for i in ids if i is not None), 0)
