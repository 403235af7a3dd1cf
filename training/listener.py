"""The listener: small networks that hear what sounds in a mel image, to measure the model with.

`Ear` hears parts, instruments, style, density and the kick's pattern, `KeyEar` the key. Trained by
`training.classifier` on clips of other seeds than the model's, played by two sound fonts, then kept unchanged in
listener.safetensors beside this file: figures of all models are heard by the same ears.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional

from riffsynth.spectrogram.mel import band_centres
from riffsynth.spectrogram.spec import EMBEDDED
from training.compose import DENSITIES
from training.drums import GROOVE_BY_NAME, SELECTIONS
from training.harmony import MODES
from training.instruments import BASSES, FAMILY, KEYS, LEADS
from training.styles import STYLES

FILE = Path(__file__).with_name("listener.safetensors")
PARTS = ("drums", "bass", "keys", "lead")
KICKS = ("none", "four on the floor", "other")
FOUR = GROOVE_BY_NAME["four on the floor"].rows["kick"]
UNKNOWN = -100
"""A target that a clip does not have: a clip without a lead has no lead instrument."""

CLASSES: dict[str, tuple[str, ...]] = {
    "lead": tuple(i.name for i in LEADS),
    "keys": tuple(i.name for i in KEYS),
    "bass": tuple(i.name for i in BASSES),
    "style": tuple(style.name for style in STYLES),
    "density": DENSITIES,
    "kick": KICKS,
}
FAMILIES = tuple(sorted(set(FAMILY.values())))
TONICS = 12


class Ear(nn.Module):
    """Image values 0..1 (B, 192, 256) to logits: "parts" (B, 4) and one (B, classes) for each of CLASSES."""

    def __init__(self) -> None:
        super().__init__()
        widths, strides = (1, 24, 48, 96, 128), ((2, 2), (2, 2), (2, 2), (2, 1))
        layers: list[nn.Module] = [nn.AvgPool2d((1, 4))]
        for (before, after), stride in zip(itertools.pairwise(widths), strides, strict=True):
            layers += [nn.Conv2d(before, after, 3, stride, 1), nn.BatchNorm2d(after), nn.ReLU()]
        self.columns = nn.Sequential(*layers)
        self.squeeze = nn.Sequential(nn.Conv1d(widths[-1] * 12, 192, 1), nn.BatchNorm1d(192), nn.ReLU())
        self.rhythm = nn.Conv1d(192, 24, 1)
        sizes = {"parts": len(PARTS)} | {name: len(classes) for name, classes in CLASSES.items()}
        self.named = [name for name in sizes if name != "kick"]
        self.heads = nn.ModuleList([nn.Linear(384, sizes[name]) for name in self.named])
        self.kick = nn.Sequential(nn.Linear(384 + 24 * 8, 64), nn.ReLU(), nn.Linear(64, len(KICKS)))
        self.drop = nn.Dropout(0.2)

    def forward(self, images: Tensor) -> dict[str, Tensor]:
        features, rhythm = self.features(images)
        dropped = self.drop(features)
        answers = {name: head(dropped) for name, head in zip(self.named, self.heads, strict=True)}
        return answers | {"kick": self.kick(torch.cat([dropped, rhythm], 1))}

    def features(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """What is heard anywhere in the clip (B, 384), and when (B, 192)."""
        x = self.squeeze(self.columns(images[:, None]).flatten(1, 2))
        return torch.cat([x.mean(-1), x.amax(-1)], 1), self.rhythm(x).flatten(1)


class KeyEar(nn.Module):
    """Image values 0..1 (B, 192, 256) to logits (B, 12) of the tonic and (B, 12) of the scale's relative major.

    One network scores each of the twelve from the same view, turned so that the key in question comes first: what is
    learned of one key is known of all.
    """

    PIECES = 8
    RANGES_HZ = ((60.0, 300.0), (250.0, 800.0), (700.0, 2500.0))

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("chroma", _chroma_filters(self.RANGES_HZ), persistent=False)
        size = TONICS * len(self.RANGES_HZ) * self.PIECES
        self.score = nn.Sequential(
            nn.Linear(size, 96), nn.ReLU(), nn.Dropout(0.2), nn.Linear(96, 32), nn.ReLU(), nn.Linear(32, 2)
        )

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        smooth = functional.avg_pool1d(images.transpose(1, 2), 9, 1, 4).transpose(1, 2)
        peaks = functional.relu(images - smooth)  # tones stand out from their neighbours, drums do not
        pieces = functional.adaptive_avg_pool1d(peaks, self.PIECES)
        chroma = torch.einsum("rtb,nbp->nrpt", self.chroma, pieces)
        return self.scored(chroma)

    def scored(self, chroma: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of tonic and scale (B, 12) from how loud each pitch class is (B, ranges, PIECES, 12)."""
        chroma = chroma / (torch.linalg.vector_norm(chroma, dim=(1, 2, 3), keepdim=True) + 1e-4) * 10.0
        turned = torch.stack([chroma.roll(-key, 3) for key in range(TONICS)], 1)
        scores = self.score(turned.flatten(2))
        return scores[..., 0], scores[..., 1]


def _chroma_filters(ranges_hz: Sequence[tuple[float, float]]) -> Tensor:
    """(ranges, 12, bands): how much each band tells of each pitch class, as sharply as its width allows."""
    centres = torch.tensor(band_centres(EMBEDDED), dtype=torch.float32)
    width = torch.gradient(centres)[0]
    note = 69.0 + 12.0 * torch.log2(centres / 440.0)
    semitones = 12.0 * width / centres / torch.log(torch.tensor(2.0))
    classes = torch.arange(float(TONICS))[:, None]
    distance = (note - classes + 6.0) % 12.0 - 6.0
    spread = torch.clamp(semitones / 2.0, min=0.4)
    weights = torch.exp(-0.5 * (distance / spread) ** 2) / (1.0 + semitones)
    return torch.stack([weights * ((centres >= low) & (centres < high)) for low, high in ranges_hz])


@dataclass(frozen=True)
class Heard:
    """What the listener says of n clips: `present` (n, 4) bool for PARTS, `classes` the most likely of each of CLASSES
    (n,), `tonic` and `scale` (n,) 0..11, `features` (n, 384)."""

    present: Tensor
    classes: Mapping[str, Tensor]
    tonic: Tensor
    scale: Tensor
    features: Tensor

    @property
    def family(self) -> Tensor:
        """Index of FAMILIES of the lead that is most likely (n,)."""
        return FAMILY_OF_LEAD[self.classes["lead"]]


FAMILY_OF_LEAD = torch.tensor([FAMILIES.index(FAMILY[name]) for name in CLASSES["lead"]])


class Listener:
    """Both ears together; `hear` is all that measuring needs."""

    def __init__(self) -> None:
        self.ear, self.key_ear = Ear().eval(), KeyEar().eval()

    @classmethod
    def load(cls, file: Path = FILE) -> Listener:
        if not file.exists():
            raise FileNotFoundError(f"{file} is missing: train the listener first, see training/README.md")
        listener = cls()
        state = {name: value.float() for name, value in load_file(file).items()}
        for prefix, module in listener._modules().items():
            own = {n.removeprefix(prefix): v for n, v in state.items() if n.startswith(prefix)}
            module.load_state_dict(own)
        return listener

    def save(self, file: Path = FILE) -> None:
        """In half precision."""
        state = {
            prefix + name: value.half().contiguous()
            for prefix, module in self._modules().items()
            for name, value in module.state_dict().items()
        }
        save_file(state, file)

    def _modules(self) -> dict[str, nn.Module]:
        return {"ear.": self.ear, "key.": self.key_ear}

    @torch.no_grad()
    def hear(self, images: Tensor) -> Heard:
        """What sounds in image values 0..1 (n, 192, 256)."""
        answers: dict[str, list[Tensor]] = {}
        for part in images.split(64):
            tonic, scale = self.key_ear(part)
            said = self.ear(part) | {"tonic": tonic, "scale": scale, "features": self.ear.features(part)[0]}
            for name, value in said.items():
                answers.setdefault(name, []).append(value)
        whole = {name: torch.cat(values) for name, values in answers.items()}
        best = {name: whole[name].argmax(1) for name in (*CLASSES, "tonic", "scale")}
        classes = {name: best[name] for name in CLASSES}
        return Heard(whole["parts"] > 0, classes, best["tonic"], best["scale"], whole["features"])


def truth(clip: Mapping[str, Any]) -> dict[str, int]:
    """What a described clip is: an index into each of CLASSES, "tonic" and "scale", or UNKNOWN."""
    pitched = [part for part in clip["parts"] if part != "drums"]
    indices = {
        role: CLASSES[role].index(clip["instruments"][role]) if role in clip["instruments"] else UNKNOWN
        for role in ("lead", "keys", "bass")
    }
    major = {"major": 0, "minor": 3, "dorian": 10, "mixolydian": 5}
    assert major.keys() == MODES.keys()
    return indices | {
        "style": CLASSES["style"].index(clip["style"]) if len(clip["parts"]) > 1 else UNKNOWN,
        "density": DENSITIES.index(clip["density"]) if "lead" in clip["parts"] else UNKNOWN,
        "kick": _kick(clip),
        "tonic": clip["key"] if pitched else UNKNOWN,
        "scale": (clip["key"] + major[clip["mode"]]) % TONICS if pitched else UNKNOWN,
    }


def _kick(clip: Mapping[str, Any]) -> int:
    if "drums" not in clip["parts"]:
        return 0
    pieces = SELECTIONS[clip["selection"]]
    row = GROOVE_BY_NAME[clip["groove"]].rows.get("kick")
    if row is None or (pieces is not None and "kick" not in pieces):
        return 0
    return 1 if row == FOUR else 2


def presence(clips: Sequence[Mapping[str, Any]]) -> Tensor:
    """Which of PARTS sound in described clips (n, 4), bool."""
    return torch.tensor([[part in clip["parts"] for part in PARTS] for clip in clips])


def truths(clips: Sequence[Mapping[str, Any]]) -> dict[str, Tensor]:
    """`truth` of all clips, (n,) for each name."""
    rows = [truth(clip) for clip in clips]
    return {name: torch.tensor([row[name] for row in rows]) for name in rows[0]}


def accuracy(said: Tensor, true: Tensor) -> float:
    """The share of known targets (n,) that were met; NaN where none is known."""
    known = true != UNKNOWN
    return float((said == true)[known].float().mean())
