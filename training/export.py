"""Write the trained parts as a model folder: `python -m training.export` fills riffsynth/embedded/model.

The layout is Stable Diffusion's, half precision, stock classes; `X.from_pretrained(folder / part)` loads each.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import diffusers
import torch
from diffusers import AutoencoderKL, FlowMatchEulerDiscreteScheduler, UNet2DConditionModel
from transformers import BertModel

from riffsynth.diffusion.keys import TONICS
from riffsynth.spectrogram.spec import EMBEDDED, SPEC_FILE
from training.harmony import HOME
from training.paths import AUTOENCODER, DIFFUSION, MODEL
from training.text import save_tokenizer

DEFAULTS_FILE = "riffsynth.json"
SIZE_LIMIT = 30 * 2**20
STEPS, GUIDANCE, STRENGTH = 5, 3.0, 0.5
"""What a model that was not distilled is best asked with; see docs/model.md."""
SHIFT, SOLVER_ORDER = 3.0, 2
"""And how it is sampled: more of its steps where there is much noise, each one looking ahead. One that was distilled
knows the even steps it was taught."""
ABSENCE_WEIGHT = 0.6

MODEL_INDEX = {
    "_class_name": "StableDiffusionPipeline",
    "_diffusers_version": diffusers.__version__,
    "feature_extractor": [None, None],
    "image_encoder": [None, None],
    "requires_safety_checker": False,
    "safety_checker": [None, None],
    "scheduler": ["diffusers", "FlowMatchEulerDiscreteScheduler"],
    "text_encoder": ["transformers", "BertModel"],
    "tokenizer": ["transformers", "BertTokenizer"],
    "unet": ["diffusers", "UNet2DConditionModel"],
    "vae": ["diffusers", "AutoencoderKL"],
}


def export(unet_and_text: Path, vae: Path, out: Path, steps: int = STEPS, guidance: float = GUIDANCE) -> int:
    """Write the model folder `out` anew and return its size in bytes; ValueError when it is above SIZE_LIMIT.

    What was there stays until the new one is whole: a part of it may be what is exported.
    """
    folder = out.with_name(f"{out.name}.part")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    unet = UNet2DConditionModel.from_pretrained(unet_and_text / "unet", torch_dtype=torch.float16)
    unet.save_pretrained(folder / "unet")
    AutoencoderKL.from_pretrained(vae, torch_dtype=torch.float16).save_pretrained(folder / "vae")
    encoder = BertModel.from_pretrained(unet_and_text / "text_encoder", add_pooling_layer=False)
    encoder.half().save_pretrained(folder / "text_encoder")
    save_tokenizer(folder / "tokenizer")
    distilled = guidance == 1.0
    FlowMatchEulerDiscreteScheduler(shift=1.0 if distilled else SHIFT).save_pretrained(folder / "scheduler")
    (folder / "model_index.json").write_text(json.dumps(MODEL_INDEX, indent=2) + "\n")
    (folder / SPEC_FILE).write_text(EMBEDDED.to_json())
    home = {mode: TONICS[tonic] for mode, tonic in HOME.items()}
    defaults = {
        "default_steps": steps,
        "default_guidance": guidance,
        "default_strength": STRENGTH,
        "home": home,
        "half_on_cpu": True,
        "solver_order": 1 if distilled else SOLVER_ORDER,
        "absence_weight": ABSENCE_WEIGHT,
    }
    (folder / DEFAULTS_FILE).write_text(json.dumps(defaults, indent=2) + "\n")
    _forget_paths(folder)
    make_readable(folder)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    if size > SIZE_LIMIT:
        raise ValueError(f"{out} takes {size / 2**20:.1f} MiB, more than {SIZE_LIMIT / 2**20:.0f}")
    shutil.rmtree(out, ignore_errors=True)
    folder.rename(out)
    return size


def make_readable(folder: Path) -> None:
    """Weights are written for their owner alone, and an installed package is read by others."""
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(0o644)


def _forget_paths(folder: Path) -> None:
    """Configurations remember where they were loaded from; a shipped one should not."""
    for path in folder.rglob("*.json"):
        fields = json.loads(path.read_text())
        if isinstance(fields, dict) and fields.pop("_name_or_path", None) is not None:
            path.write_text(json.dumps(fields, indent=2) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, default=DIFFUSION)
    parser.add_argument("--vae", type=Path, default=AUTOENCODER / "vae")
    parser.add_argument("--out", type=Path, default=MODEL)
    parser.add_argument("--steps", type=int, default=STEPS, help="what it is best asked with")
    parser.add_argument("--guidance", type=float, default=GUIDANCE, help="1 where it was distilled")
    parser.add_argument("--marker", type=Path, help="a file to leave when it is done")
    options = parser.parse_args()
    size = export(options.run, options.vae, options.out, options.steps, options.guidance)
    if options.marker:
        options.marker.touch()
    print(f"{options.out}: {size / 2**20:.1f} MiB")


if __name__ == "__main__":
    main()
