"""How near a model's clips come to real ones, and what they cost: sections of training.evaluate."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time

import numpy as np
import torch

from riffsynth.diffusion.request import ClipRequest
from training import prompts
from training.adherence import parts
from training.autoencoder import measure
from training.captions import caption
from training.data import load_clips
from training.listener import FAMILY_OF_LEAD, PARTS, accuracy, presence
from training.measures import (
    frechet_distance,
    level_db,
    regular_grain,
    roughness_db,
    seam_ratio,
    spread,
)
from training.paths import HELD_OUT
from training.studio import Studio, synthesised

SYNTHESISED = 100
"""So many real clips and generated ones are heard through the synthesis."""
DIVERSE_GROUPS, DIVERSE_LEAST = 12, 8
STEP_COUNTS = (1, 2, 3, 4, 5, 6, 8)
SPEED_RUNS = 5
WORST_COUNTS = ("underruns_while_playing", "peak_memory_mb")


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
        "strongest regular grain, of real": regular_grain(made, own),
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
    """`riffsynth bench generation`, SPEED_RUNS times, on a machine that does nothing else.

    Each figure is the median of the runs, for a machine may be shared; of underruns and memory it is the worst.
    """
    command = [sys.executable, "-m", "riffsynth.cli", "bench", "generation", "--json"]
    runs = [
        json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        for _ in range(SPEED_RUNS)
    ]
    return {
        name: float((max if name in WORST_COUNTS else statistics.median)(run[name] for run in runs)) for name in runs[0]
    }


def size(studio: Studio) -> dict[str, float]:
    return {"MiB": sum(path.stat().st_size for path in studio.folder.rglob("*") if path.is_file()) / 2**20}
