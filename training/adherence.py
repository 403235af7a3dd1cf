"""Whether a model plays what it is asked for, as the listener hears it: sections of training.evaluate."""

from __future__ import annotations

import torch

from riffsynth.spectrogram.spec import EMBEDDED
from training import prompts
from training.classifier import scores
from training.data import load_clips
from training.listener import FAMILY_OF_LEAD, PARTS, accuracy, truths
from training.measures import (
    beat_figures,
)
from training.paths import HELD_OUT_KEYS
from training.studio import Studio

KICK_SEEDS = 64
KICK_STEPS = (1, 2, 4, 8)
SILENT = 0.1
"""The highest image value below which a clip counts as silence."""


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


def odd(studio: Studio) -> dict[str, float]:
    """Prompts with nothing known in them, long ones, other scripts: how many give a sound."""
    images = studio.make(list(prompts.ODD), list(range(len(prompts.ODD))))
    return {"asked": float(len(images)), "sounds": float((images.amax((1, 2)) > SILENT).sum())}
