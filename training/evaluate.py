"""Measure a model folder: `python -m training.evaluate` writes docs/model.md's figures and docs/model-pictures.png.

Another folder (`--model`) is measured and printed only.

Each section leaves its figures in runs/evaluation and is not measured again for the same weights, so that an
interrupted run goes on; `--only NAME ...` measures some of them. What is heard is heard by the frozen listener
(`listener.py`), in clips that the package's own generator makes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from riffsynth.diffusion.generator import Generator
from riffsynth.diffusion.loading import load_model
from riffsynth.diffusion.request import ClipRequest, End
from riffsynth.spectrogram.analysis import analyse_loop, from_image, to_image
from riffsynth.spectrogram.clip import Clip
from riffsynth.spectrogram.spec import EMBEDDED
from training import prompts, report, sheet
from training.autoencoder import measure
from training.captions import caption
from training.classifier import scores
from training.data import load_clips
from training.listener import FAMILY_OF_LEAD, PARTS, Listener, accuracy, presence, truths
from training.measures import (
    beat_figures,
    closeness,
    frechet_distance,
    level_db,
    rank_correlation,
    roughness_db,
    seam_ratio,
    share_of_steps,
    spread,
)
from training.paths import EVALUATION, HELD_OUT, HELD_OUT_KEYS, MODEL

BATCH = 16
KICK_SEEDS = 64
STEP_COUNTS = (1, 2, 3, 4, 5, 6, 8)
KICK_STEPS = (1, 2, 4, 8)
SYNTHESISED = 100
"""So many real clips and generated ones are heard through the synthesis."""
TEMPO = 120.0
DIVERSE_GROUPS, DIVERSE_LEAST = 12, 8
STRENGTH_PAIRS = 16
ALPHA_PAIRS, ALPHA_SEEDS = 50, 4
TENTHS = tuple(round(0.1 * n, 1) for n in range(11))
DEAD_ZONE = 0.3
SILENT = 0.1
"""The highest image value below which a clip counts as silence."""


class Studio:
    """The model, the listener and the real clips, each loaded when it is first asked for."""

    def __init__(self, folder: Path, steps: int | None, guidance: float | None) -> None:
        self.generator = Generator(load_model(folder))
        defaults = self.generator.model.defaults
        self.steps, self.guidance = steps or defaults.steps, guidance or defaults.guidance
        self.folder = folder

    @cached_property
    def listener(self) -> Listener:
        return Listener.load()

    @cached_property
    def _held_out(self) -> tuple[Tensor, list[dict[str, Any]]]:
        images, clips = load_clips(HELD_OUT)
        return images[:, 0].float() / 255.0, clips

    @property
    def real(self) -> Tensor:
        return self._held_out[0]

    @property
    def clips(self) -> list[dict[str, Any]]:
        return self._held_out[1]

    def end(self, prompt: str, seed: int, strength: float = 1.0) -> End:
        return End(prompt, seed=seed, strength=strength, guidance=self.guidance)

    def make(self, texts: list[str], seeds: list[int], steps: int | None = None) -> Tensor:
        """Images, one for each prompt and seed."""
        ends = [self.end(text, seed) for text, seed in zip(texts, seeds, strict=True)]
        return self.answer([ClipRequest(0, end, end, steps=steps or self.steps) for end in ends])

    def answer(self, requests: list[ClipRequest]) -> Tensor:
        """Images of requests that can share a batch."""
        parts = [requests[i : i + BATCH] for i in range(0, len(requests), BATCH)]
        made = [clip for part in parts for clip in self.generator.generate_all(part)]
        return torch.from_numpy(np.stack([to_image(clip.mel, clip.spec) for clip in made]))


def synthesised(images: Tensor) -> Tensor:
    """Images as they are seen again after a player has played them."""
    clips = [Clip(from_image(image.numpy(), EMBEDDED), EMBEDDED) for image in images]
    seen = [analyse_loop(clip.sound(TEMPO), EMBEDDED.sample_rate, EMBEDDED) for clip in clips]
    return torch.from_numpy(np.stack([to_image(mel, EMBEDDED) for mel in seen]))


def ceiling(studio: Studio) -> dict[str, float]:
    """The listener on real clips of held-out seeds: as good as a model could be."""
    figures = scores(studio.listener, studio.real, studio.clips)
    alone = torch.tensor([len(clip["parts"]) == 1 for clip in studio.clips])
    heard = studio.listener.hear(studio.real)
    for name, chosen in {"alone": alone, "in a mix": ~alone}.items():
        some = scores(studio.listener, studio.real[chosen], [studio.clips[i] for i in chosen.nonzero()[:, 0]])
        figures |= {f"lead {name}": some["lead"], f"lead family {name}": some["lead family"]}
    extreme = [i for i, c in enumerate(studio.clips) if "lead" in c["parts"] and c["density"] != "medium"]
    right = truths(studio.clips)["density"][extreme]
    figures["sparse or busy"] = accuracy(heard.classes["density"][extreme], right)
    images, clips = load_clips(HELD_OUT_KEYS)
    keyed = scores(studio.listener, images[:, 0].float() / 255.0, clips)
    return figures | {name: keyed[name] for name in ("tonic", "scale")}


def parts(studio: Studio, steps: int | None = None, each: int = 8) -> dict[str, float]:
    """How often each part is heard when named and silent when not, over balanced prompts."""
    asked = prompts.balanced(each)
    present = studio.listener.hear(studio.make(asked.prompts, list(range(len(asked.prompts))), steps)).present
    figures = {}
    for index, part in enumerate(PARTS):
        named = torch.tensor([part in wanted for wanted in asked.wanted])
        away = torch.tensor([part in refused for refused in asked.refused])
        heard = present[:, index]
        figures[f"{part} right"] = float((heard == named).float().mean())
        figures[f"{part} named, heard"] = float(heard[named].float().mean())
        figures[f"{part} not named, silent"] = float((~heard[~named & ~away]).float().mean())
        figures[f"no {part}, silent"] = float((~heard[away]).float().mean())
    return figures


def leads(studio: Studio) -> dict[str, float]:
    """The instrument and its family, alone and with drums and bass around it."""
    figures = {}
    for name, patterns in {
        "alone": ("{} alone", "{} solo"),
        "in a mix": ("{}, drums, bass", "{}, piano, electric bass"),
    }.items():
        asked = prompts.leads(patterns)
        heard = studio.listener.hear(studio.make(asked.prompts, asked.seeds))
        right = torch.tensor(asked.answers)
        figures[f"lead {name}"] = accuracy(heard.classes["lead"], right)
        figures[f"lead family {name}"] = accuracy(heard.family, FAMILY_OF_LEAD[right])
    return figures


def styles(studio: Studio) -> dict[str, float]:
    asked = prompts.styles()
    heard = studio.listener.hear(studio.make(asked.prompts, asked.seeds)).classes["style"]
    return {"style": accuracy(heard, torch.tensor(asked.answers))}


def density(studio: Studio) -> dict[str, float]:
    asked = prompts.densities()
    heard = studio.listener.hear(studio.make(asked.prompts, asked.seeds)).classes["density"]
    return {"density": accuracy(heard, torch.tensor(asked.answers))}


def key(studio: Studio) -> dict[str, float]:
    """The tonic, and the scale: a minor key's is its relative major's."""
    texts, tonics, scales = prompts.keys()
    heard = studio.listener.hear(studio.make(texts, list(range(len(texts)))))
    return {
        "tonic": accuracy(heard.tonic, torch.tensor(tonics)),
        "scale": accuracy(heard.scale, torch.tensor(scales)),
    }


def unseen(studio: Studio) -> dict[str, float]:
    """Words that no caption holds."""
    lead, style = prompts.unseen_leads(), prompts.unseen_styles()
    family = studio.listener.hear(studio.make(lead.prompts, lead.seeds)).family
    heard = studio.listener.hear(studio.make(style.prompts, style.seeds)).classes["style"]
    return {
        "lead family": accuracy(family, torch.tensor(lead.answers)),
        "style": accuracy(heard, torch.tensor(style.answers)),
    }


def kick(studio: Studio) -> dict[str, float]:
    """Where the onsets of the kick lie, by number of steps."""
    figures = {}
    for steps in KICK_STEPS:
        images = studio.make([prompts.KICK] * KICK_SEEDS, list(range(KICK_SEEDS)), steps)
        found = beat_figures(images, EMBEDDED.columns_per_beat)
        found["heard as four on the floor"] = float((studio.listener.hear(images).classes["kick"] == 1).float().mean())
        figures |= {f"{name}, {steps} steps": value for name, value in found.items()}
    return figures


def likeness(studio: Studio) -> dict[str, float]:
    """Clips of the captions of half of the real clips against those, and against the other half."""
    half = len(studio.clips) // 2
    words = np.random.default_rng(0)
    made = studio.make([caption(clip, words) for clip in studio.clips[:half]], list(range(half)))
    own, other = studio.real[:half], studio.real[half : 2 * half]
    features = [studio.listener.hear(images).features for images in (made, own, other)]
    heard, synth_made, synth_real = studio.listener, synthesised(made[:SYNTHESISED]), synthesised(own[:SYNTHESISED])
    clips = studio.clips[:SYNTHESISED]
    through = {
        name: (heard.hear(images).present == presence(clips)).float().mean(0)
        for name, images in {"generated": synth_made, "real": synth_real}.items()
    }
    return {
        "frechet, generated to real": frechet_distance(features[0], features[2]),
        "frechet, real to real": frechet_distance(features[1], features[2]),
        "diversity of all, generated": spread(features[0]),
        "diversity of all, real": spread(features[1]),
        "roughness, generated": roughness_db(made),
        "roughness, real": roughness_db(own),
        "roughness synthesised, generated": roughness_db(synth_made),
        "roughness synthesised, real": roughness_db(synth_real),
        "seam, generated": seam_ratio(made),
        "seam, real": seam_ratio(own),
        "spectrogram's limit in dB": float(
            ((level_db(synth_real) - level_db(own[:SYNTHESISED])) ** 2).mean((1, 2)).sqrt().mean()
        ),
        **{
            f"{part} synthesised, {name}": float(right[index])
            for name, right in through.items()
            for index, part in enumerate(PARTS)
        },
    }


def diversity(studio: Studio) -> dict[str, float]:
    """Over seeds, for single instruments, against as many real clips of the same."""
    groups: dict[str, list[int]] = {}
    for index, clip in enumerate(studio.clips):
        if len(clip["parts"]) == 1:
            groups.setdefault(clip["instruments"].get(clip["parts"][0], clip["kind"]), []).append(index)
    groups.pop("four on the floor kick", None)  # there is one
    groups = {name: indices for name, indices in groups.items() if len(indices) >= DIVERSE_LEAST}
    real, made = [], []
    for name in sorted(groups, key=lambda name: -len(groups[name]))[:DIVERSE_GROUPS]:
        indices = groups[name]
        images = studio.make([f"{name} alone"] * len(indices), list(range(len(indices))))
        made.append(spread(studio.listener.hear(images).features))
        real.append(spread(studio.listener.hear(studio.real[indices]).features))
    return {"over seeds, generated": float(np.mean(made)), "over seeds, real": float(np.mean(real))}


def remade(studio: Studio, pair: int, strengths: Sequence[float], apart: int = 5) -> NDArray[np.float64]:
    """The closeness to an init clip of what is made from it with other words, for each strength."""
    first, second = (prompts.PICTURED[(pair + n) % len(prompts.PICTURED)] for n in (0, apart))
    start = studio.end(first, pair)
    init = studio.generator.generate(ClipRequest(0, start, start, steps=studio.steps))
    ends = [studio.end(second, 100 + pair, value) for value in strengths]
    clips = [studio.generator.generate(ClipRequest(0, end, end, steps=studio.steps, init=init)) for end in ends]
    images = torch.from_numpy(np.stack([to_image(clip.mel, clip.spec) for clip in clips]))
    return closeness(images, torch.from_numpy(to_image(init.mel, init.spec)))


def strength(studio: Studio) -> dict[str, float]:
    """How the closeness to the init clip falls from strength 0 to 1."""
    curves = [remade(studio, pair, TENTHS) for pair in range(STRENGTH_PAIRS)]
    mean = np.mean(curves, axis=0)
    return {
        "rank correlation": float(np.mean([rank_correlation(TENTHS, curve) for curve in curves])),
        "rank correlation of the mean": rank_correlation(TENTHS, mean),
        "largest tenth": float(share_of_steps(mean).max()),
    }


def alpha(studio: Studio) -> dict[str, float]:
    """How clips go from one end to the other, in the mean of pairs of prompts and seeds."""
    words = [text for text in prompts.PICTURED if text]
    rng = np.random.default_rng(0)
    curves = []
    for _ in range(ALPHA_PAIRS):
        first, second = rng.choice(len(words), 2, replace=False)
        for seed in range(ALPHA_SEEDS):
            a, b = studio.end(words[first], seed), studio.end(words[second], seed + ALPHA_SEEDS)
            images = studio.answer([ClipRequest(0, a, b, alpha, studio.steps) for alpha in TENTHS])
            to_a, to_b = (-closeness(images, images[index]) for index in (0, -1))
            curves.append(to_a / (to_a + to_b))
    mean = np.mean(curves, axis=0)
    window = round(DEAD_ZONE * (len(TENTHS) - 1))
    return {
        "smallest tenth": float(share_of_steps(mean).min()),
        "largest tenth": float(share_of_steps(mean).max()),
        "least change in 0.3": float((mean[window:] - mean[:-window]).min()),
    }


def odd(studio: Studio) -> dict[str, float]:
    """Prompts with nothing known in them, long ones, other scripts: how many give a sound."""
    images = studio.make(list(prompts.ODD), list(range(len(prompts.ODD))))
    return {"asked": float(len(images)), "sounds": float((images.amax((1, 2)) > SILENT).sum())}


def autoencoder(studio: Studio) -> dict[str, float]:
    return measure(studio.generator.model.vae, load_clips(HELD_OUT, 200)[0])


def steps(studio: Studio) -> dict[str, float]:
    """What the number of steps costs and gains."""
    figures: dict[str, float] = {}
    for count in STEP_COUNTS:
        found = parts(studio, count, each=4)
        figures[f"parts right, {count} steps"] = float(np.mean([found[f"{part} right"] for part in PARTS]))
        figures |= {f"{p} named, heard, {count} steps": found[f"{p} named, heard"] for p in ("keys", "lead")}
        asked = prompts.leads(("{} alone",))
        images = studio.make(asked.prompts, asked.seeds, count)
        heard = studio.listener.hear(images)
        figures[f"lead family, {count} steps"] = accuracy(heard.family, FAMILY_OF_LEAD[torch.tensor(asked.answers)])
        figures[f"roughness, {count} steps"] = roughness_db(images)
        times = []
        for turn in range(6):
            end = studio.end("piano, drums", turn)
            started = time.perf_counter()
            studio.generator.generate(ClipRequest(0, end, end, steps=count))
            times.append(time.perf_counter() - started)
        figures[f"ms, {count} steps"] = 1000.0 * float(np.median(times[1:]))
    return figures


def speed(studio: Studio) -> dict[str, float]:
    """`riffsynth bench generation`, in a process of its own: only on a machine that does nothing else."""
    command = [sys.executable, "-m", "riffsynth.cli", "bench", "generation", "--json"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {name: float(value) for name, value in json.loads(said).items()}


def size(studio: Studio) -> dict[str, float]:
    return {"MiB": sum(path.stat().st_size for path in studio.folder.rglob("*") if path.is_file()) / 2**20}


SECTIONS: dict[str, Callable[[Studio], dict[str, float]]] = {
    section.__name__: section
    for section in (
        ceiling,
        size,
        autoencoder,
        parts,
        leads,
        styles,
        density,
        key,
        unseen,
        kick,
        likeness,
        diversity,
        strength,
        odd,
        steps,
        alpha,
        speed,
    )
}


def fingerprint(folder: Path) -> str:
    """Of the weights and their defaults: figures belong to these alone."""
    digest = hashlib.blake2b(digest_size=6)
    for path in sorted([*folder.rglob("*.safetensors"), folder / "riffsynth.json"]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--guidance", type=float)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", nargs="*", choices=list(SECTIONS), help="measure these and write no report")
    parser.add_argument("--again", action="store_true", help="also what was measured before")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    studio = Studio(options.model, options.steps, options.guidance)
    kept = EVALUATION / f"{fingerprint(options.model)}-{studio.steps}-{studio.guidance:g}"
    kept.mkdir(parents=True, exist_ok=True)
    for name in options.only or SECTIONS:
        file = kept / f"{name}.json"
        if file.exists() and not options.again:
            continue
        started = time.monotonic()
        file.write_text(json.dumps(SECTIONS[name](studio), indent=1) + "\n")
        print(f"{name}, {time.monotonic() - started:.0f} s: {file.read_text()}", flush=True)
    if options.only:
        return
    figures = {name: json.loads((kept / f"{name}.json").read_text()) for name in SECTIONS}
    tables = report.tables(figures, studio.steps, studio.guidance)
    print(tables)
    if options.model == MODEL:
        report.write(tables + sheet.LINK)
        sheet.write(studio)


if __name__ == "__main__":
    main()
