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
import time
from collections.abc import Callable
from pathlib import Path

import torch

from training import report, sheet
from training.adherence import ceiling, density, key, kick, leads, odd, parts, styles, unseen
from training.paths import EVALUATION, MODEL
from training.quality import autoencoder, diversity, likeness, size, speed, steps
from training.responses import alpha, strength
from training.studio import Studio

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
    """Of the weights and of how they are sampled: figures belong to these alone."""
    digest = hashlib.blake2b(digest_size=6)
    for path in sorted([*folder.rglob("*.safetensors"), *folder.rglob("*.json")]):
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
