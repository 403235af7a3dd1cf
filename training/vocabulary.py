"""Words that no caption holds get the places of their neighbours: `python -m training.vocabulary`.

Which words of music stand near a style or an instrument is told by a sentence model, a dictionary and a tree of genres
(`sentences.py`, `wordnet.py`, `genres.py`); where that style or instrument lies for the text encoder is found by
looking for the one token that it takes for the whole phrase (as textual inversion does for a picture: Gal et al. 2022).
A word becomes the mean of its nearest phrases: a row of the token table that was unused gets a meaning, and words that
the tokenizer cut in pieces get rows of their own. Rows of words that captions hold, unless hardly ever, stay as they
are, and so does all that was trained.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from transformers import BertModel, BertTokenizer

from training import genres, text, wordnet
from training.captions import caption
from training.compose import compose
from training.denoiser import Denoiser
from training.export import make_readable
from training.instruments import BY_NAME
from training.paths import MODEL
from training.sentences import SentenceModel, likeness
from training.styles import STYLES

PHRASES = tuple(
    dict.fromkeys(
        word for words in (*(s.words for s in STYLES), *(i.words for i in BY_NAME.values())) for word in words
    )
)
"""What styles and instruments are called in captions."""
MEANT: dict[str, str] = {
    "house": "electronic dance music with a steady beat",
    "techno": "fast, repetitive electronic dance music",
    "latin": "dance music of Latin America",
    "drum and bass": "very fast electronic dance music with broken beats and deep bass",
    "ambient": "calm, atmospheric, electronic music without a beat",
    "synth pop": "pop music of the 1980s played on synthesizers",
    "afrobeat": "West African dance music with horns and percussion",
    "dub": "slow electronic reggae with echo and heavy bass",
    "synthwave": "electronic music that sounds like films of the 1980s",
}
"""Styles that WordNet (of 2006) lacks, or knows little of."""
CAPTIONS = 12_000
"""So many are looked through for the words that captions hold."""
HELD = 0.003
"""The share of captions from which a word counts as held: "at a rave" is too rare to be learned."""
WORD = re.compile(r"[a-z]{3,}")
NEAREST = 4
TEMPERATURE = 0.03
"""Of the weights that a word's NEAREST phrases have by their likeness."""
LIKE_ENOUGH, LIKE_ENOUGH_ALONE = 0.25, 0.5
"""Likeness from which a word is moved: a word of music by dictionary or tree, or any other of the tokenizer's."""
KIN = 0.5
"""By so much a genre is more like those that it belongs to."""
TEMPLATES = ("{}", "{} solo", "{}, drums, bass", "{} music", "{} melody", "drums, {}")
"""What a stand-in has to be understood in."""
STEPS, RATE = 150, 0.03


def caption_words(count: int = CAPTIONS) -> Counter[str]:
    """In how many of many captions each word is."""
    rng = np.random.default_rng(0)
    texts = (caption(compose(seed // 4).describe(), rng) for seed in range(count))
    return Counter(word for said in texts for word in set(words_of(said)))


def words_of(said: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", said.lower())


def stand_ins(model: Denoiser, tokenizer: BertTokenizer, phrases: Sequence[str], steps: int = STEPS) -> Tensor:
    """For each phrase the one token's embedding (n, HIDDEN) that the model takes for it, in any of TEMPLATES.

    As near as possible are what joins the time embedding and the mean of all hidden states, both in their own variance.
    """
    table = model.text_encoder.get_input_embeddings().weight.detach()
    said = [table[text.tokens(tokenizer, [template.format(p) for p in phrases])] for template in TEMPLATES]
    with torch.no_grad():
        wanted = [_understood(model, embedded) for embedded in said]
    found = torch.stack([table[tokenizer(p, add_special_tokens=False)["input_ids"]].mean(0) for p in phrases])
    found.requires_grad_()
    optimizer = torch.optim.Adam([found], lr=RATE)
    for step in range(steps):
        turn = step % len(TEMPLATES)
        before, after = (tokenizer(part, add_special_tokens=False)["input_ids"] for part in TEMPLATES[turn].split("{}"))
        ids = [tokenizer.cls_token_id, *before, tokenizer.pad_token_id, *after, tokenizer.sep_token_id]
        ids += [tokenizer.pad_token_id] * (text.MAX_TOKENS - len(ids))
        place = 1 + len(before)
        embedded = table[ids].expand(len(phrases), -1, -1)
        embedded = torch.cat([embedded[:, :place], found[:, None], embedded[:, place + 1 :]], 1)
        loss = torch.stack(
            [
                functional.mse_loss(mine, theirs) / theirs.var(0).mean()
                for mine, theirs in zip(_understood(model, embedded), wanted[turn], strict=True)
            ]
        ).sum()
        optimizer.param_groups[0]["lr"] = RATE * (1.0 - step / steps)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return found.detach()


def _understood(model: Denoiser, embedded: Tensor) -> tuple[Tensor, Tensor]:
    """What the U-Net gets of embedded words (n, MAX_TOKENS, HIDDEN): pooled text, and the mean of all hidden states."""
    hidden = model.text_encoder(inputs_embeds=embedded).last_hidden_state
    return model.unet.add_embedding(hidden), hidden.mean(1)


def meanings(glosses: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """A dictionary's glosses, for PHRASES also those of "folk music" for "folk", and MEANT."""
    found = dict(glosses)
    for phrase in PHRASES:
        more = [*glosses.get(f"{phrase} music", ()), *([MEANT[phrase]] if phrase in MEANT else [])]
        if more:
            found[phrase] = [*glosses.get(phrase, ()), *more]
    return found


def moved(
    model: SentenceModel,
    glosses: Mapping[str, Sequence[str]],
    kin: Mapping[str, Collection[str]],
    words: Sequence[str],
    embeddings: Tensor,
) -> dict[str, Tensor]:
    """New embeddings (HIDDEN,) of those words that are near enough to PHRASES, whose own are (n, HIDDEN)."""
    related = torch.tensor([[phrase in kin.get(word, ()) for phrase in PHRASES] for word in words])
    alike, nearest = (likeness(model, words, PHRASES, glosses) + KIN * related).topk(NEAREST)
    shares = torch.softmax(alike / TEMPERATURE, 1)
    return {
        word: shares[row] @ embeddings[nearest[row]]
        for row, word in enumerate(words)
        if alike[row, 0] > (LIKE_ENOUGH if word in glosses or word in kin else LIKE_ENOUGH_ALONE)
    }


def extend(folder: Path, dictionary: Path = wordnet.FOLDER) -> int:
    """Write token table and tokenizer of a model folder anew; how many words were moved or added."""
    with tempfile.TemporaryDirectory() as plain:
        text.save_tokenizer(Path(plain))
        tokenizer = BertTokenizer.from_pretrained(plain)
    vocabulary = tokenizer.get_vocab()
    model = Denoiser.of(folder).eval().requires_grad_(False)
    held = caption_words()
    known = {w for w, count in held.items() if count >= HELD * CAPTIONS} | {w for p in PHRASES for w in words_of(p)}
    embeddings = stand_ins(model, tokenizer, PHRASES)
    glosses = meanings(wordnet.musical(wordnet.nouns(dictionary)))
    kin = genres.known_kin(PHRASES)
    unknown = [w for w in dict.fromkeys([*glosses, *kin, *vocabulary]) if WORD.fullmatch(w) and w not in known]
    words = moved(SentenceModel(), glosses, kin, unknown, embeddings)
    moved_rows = words.keys() & vocabulary.keys()

    table = model.text_encoder.get_input_embeddings().weight.clone()
    for word in moved_rows:
        table[vocabulary[word]] = words[word]
    # A new word must not cut a caption's word in other pieces than it was trained in.
    cut = (held.keys() | known) - vocabulary.keys()
    added = [w for w in words if w not in vocabulary and not any(k.startswith(w) for k in cut)]
    table = torch.cat([table, torch.stack([words[word] for word in added])])
    encoder: BertModel = model.text_encoder
    encoder.resize_token_embeddings(len(table), mean_resizing=False)
    encoder.get_input_embeddings().weight.copy_(table)
    encoder.half().save_pretrained(folder / "text_encoder")
    text.save_tokenizer(folder / "tokenizer", added)
    make_readable(folder)
    return len(moved_rows) + len(added)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--wordnet", type=Path, default=wordnet.FOLDER, help="the folder of data.noun")
    options = parser.parse_args()
    print(f"{extend(options.model, options.wordnet)} words that captions lack have neighbours now")


if __name__ == "__main__":
    main()
