"""Measure a model folder: `python -m training.evaluate` puts its figures into docs/model.md.

What a listener trained on rendered clips hears in clips made from balanced prompts, where the onsets of "four on the
floor kick" lie, and how long a clip takes. `--figures-only` prints the figures and writes nothing.
"""

from __future__ import annotations

import argparse
import itertools
import subprocess
import time
from datetime import date
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL, FlowMatchEulerDiscreteScheduler, UNet2DConditionModel
from torch import Tensor
from transformers import BertModel, BertTokenizer

from riffsynth.diffusion.circular import make_circular
from training.autoencoder import measure
from training.classifier import PARTS, Listener, listen, targets
from training.data import load_clips
from training.onsets import beats_off, onsets
from training.paths import CLASSIFIER, HELD_OUT, MODEL, PICTURES
from training.sample import GUIDANCE, STEPS, Parts, generate

REPORT = Path(__file__).parent.parent / "docs" / "model.md"
FIGURES_BEGIN, FIGURES_END = "<!-- figures: written by training.evaluate -->", "<!-- end of figures -->"

ON_THE_BEAT = 1 / 16
"""Beats from the nearest beat within which an onset counts as on it."""
KICK_SEEDS = 64
KICK_PROMPT = "four on the floor kick"
PROMPTS_A_SUBSET = 8
BATCH = 16

WORDS: dict[str, tuple[str, ...]] = {
    "drums": ("drums", "drum beat", "rock drums"),
    "bass": ("bass", "electric bass", "synth bass"),
    "keys": ("piano", "electric piano", "organ"),
    "lead": ("trumpet", "synth lead", "flute", "violin"),
}
ABSENT: dict[str, tuple[str, ...]] = {
    "drums": ("no drums", "without drums"),
    "bass": ("no bass", "without bass"),
    "keys": ("no keys", "no chords"),
    "lead": ("no melody", "no lead"),
}
FOLDER_PARTS = {"unet": UNet2DConditionModel, "vae": AutoencoderKL}


def load(folder: Path) -> Parts:
    """The parts of a model folder in single precision, circular along time."""
    unet, vae = (make_circular(c.from_pretrained(folder / n).float().eval()) for n, c in FOLDER_PARTS.items())
    encoder = BertModel.from_pretrained(folder / "text_encoder", add_pooling_layer=False).float().eval()
    scheduler = FlowMatchEulerDiscreteScheduler.from_pretrained(folder / "scheduler")
    return Parts(unet, vae, encoder, BertTokenizer.from_pretrained(folder / "tokenizer"), scheduler)


def balanced_prompts(seed: int = 0) -> tuple[list[str], Tensor, list[frozenset[str]]]:
    """Prompts that name every subset of PARTS equally often, what they ask for (n, 4), and what they ask away."""
    rng = np.random.default_rng(seed)
    prompts, wanted, refused = [], [], []
    for size in range(1, len(PARTS) + 1):
        for subset in itertools.combinations(PARTS, size):
            for turn in range(PROMPTS_A_SUBSET):
                missing = [part for part in PARTS if part not in subset]
                named = missing if turn % 2 else []
                order = [WORDS[part][rng.integers(len(WORDS[part]))] for part in rng.permutation(subset)]
                prompts.append(", ".join(order + [ABSENT[part][rng.integers(2)] for part in named]))
                wanted.append([part in subset for part in PARTS])
                refused.append(frozenset(named))
    return prompts, torch.tensor(wanted), refused


def make(parts: Parts, prompts: list[str], seeds: list[int], steps: int, guidance: float) -> Tensor:
    """Image values (n, bands, columns), in batches."""
    ranges = range(0, len(prompts), BATCH)
    made = [generate(parts, prompts[i : i + BATCH], seeds[i : i + BATCH], steps, guidance) for i in ranges]
    return torch.cat(made)


def adherence(listener: Listener, parts: Parts, steps: int, guidance: float) -> dict[str, float]:
    """How often each part is heard when named and silent when not."""
    prompts, wanted, refused = balanced_prompts()
    heard, _ = listen(listener, make(parts, prompts, list(range(len(prompts))), steps, guidance))
    figures = {}
    for index, part in enumerate(PARTS):
        asked, present = wanted[:, index], heard[:, index]
        away = torch.tensor([part in names for names in refused])
        figures[f"{part} named, heard"] = float(present[asked].float().mean())
        figures[f"{part} not named, silent"] = float((~present[~asked & ~away]).float().mean())
        figures[f"no {part}, silent"] = float((~present[away]).float().mean())
    return figures


def real_accuracy(listener: Listener, limit: int = 1000) -> dict[str, float]:
    """The same listener on clips of held-out seeds: the ceiling of the figures."""
    images, clips = load_clips(HELD_OUT, limit)
    presence, kicks = targets(clips)
    heard, kick = listen(listener, images[:, 0].float() / 255.0)
    figures = {f"real {p}": float((heard[:, i] == presence[:, i].bool()).float().mean()) for i, p in enumerate(PARTS)}
    return figures | {"real kick pattern": float((kick == kicks).float().mean())}


def kick_figures(listener: Listener, parts: Parts, steps: int, guidance: float) -> dict[str, float]:
    """Onsets of KICK_PROMPT over KICK_SEEDS seeds: how many a clip has and how many are on the beats."""
    images = make(parts, [KICK_PROMPT] * KICK_SEEDS, list(range(KICK_SEEDS)), steps, guidance)
    found = [beats_off(onsets(image.numpy()), 32) for image in images]
    off = np.concatenate(found)
    _, kick = listen(listener, images)
    return {
        "kick onsets on the beat": float((np.abs(off) <= ON_THE_BEAT).mean()),
        "kick onsets a clip": float(np.mean([len(f) for f in found])),
        "kick clips with 8 onsets": float(np.mean([len(f) == 8 for f in found])),
        "kick heard as four on the floor": float((kick == 1).float().mean()),
    }


def milliseconds(parts: Parts, steps: int, guidance: float, turns: int = 7) -> float:
    """The median time of one clip, text to image, after two warm turns."""
    times = []
    for turn in range(turns + 2):
        start = time.perf_counter()
        generate(parts, ["piano, drums"], [turn], steps, guidance)
        times.append(1000.0 * (time.perf_counter() - start))
    return float(np.median(times[2:]))


def picture(parts: Parts, prompts: list[str], path: Path, steps: int, guidance: float) -> None:
    """A sheet of clips, four in a row, low frequencies at the bottom."""
    from PIL import Image

    images = make(parts, prompts, [7] * len(prompts), steps, guidance).numpy()[:, ::-1]
    rows = [np.hstack(list(images[i : i + 4])) for i in range(0, len(images) // 4 * 4, 4)]
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray((255 * np.vstack(rows)).astype(np.uint8)).save(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--guidance", type=float, default=GUIDANCE)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--picture", nargs="*", help="only draw clips of these prompts")
    parser.add_argument("--figures-only", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    parts = load(options.model)
    if options.picture:
        picture(parts, options.picture, PICTURES / "sheet.png", options.steps, options.guidance)
        return
    listener = Listener().eval()
    listener.load_state_dict(torch.load(CLASSIFIER / "classifier.pt"))
    figures = kick_figures(listener, parts, options.steps, options.guidance)
    figures |= adherence(listener, parts, options.steps, options.guidance)
    figures |= {f"ms a clip at {steps} steps": milliseconds(parts, steps, options.guidance) for steps in (4, 6, 8)}
    figures |= real_accuracy(listener)
    figures |= {f"autoencoder: {k}": v for k, v in measure(parts.vae, load_clips(HELD_OUT, 200)[0]).items()}
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    head = f"Measured {date.today()} at commit {commit}: {options.steps} steps, guidance {options.guidance:g}."
    table = f"{head}\n\n| figure | value |\n|---|---|\n" + "".join(f"| {k} | {v:.3g} |\n" for k, v in figures.items())
    print(table)
    if not options.figures_only:
        report(table)


def report(table: str) -> None:
    """Put the table between its two marks in docs/model.md."""
    text = REPORT.read_text()
    before, rest = text.split(FIGURES_BEGIN)
    _, after = rest.split(FIGURES_END)
    REPORT.write_text(f"{before}{FIGURES_BEGIN}\n{table}{FIGURES_END}{after}")


if __name__ == "__main__":
    main()
