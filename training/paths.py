"""Where a training run keeps its files; the folder is not in the repository."""

from __future__ import annotations

import os
from pathlib import Path

RUNS = Path(os.environ.get("RIFFSYNTH_RUNS", Path(__file__).parent / "runs"))
CLIPS = RUNS / "clips"
HELD_OUT = RUNS / "held_out"
HELD_OUT_KEYS = RUNS / "held_out_keys"
"""Held-out clips in all keys: the model's are transposed before they are heard."""
AUTOENCODER = RUNS / "autoencoder"
DECODER = RUNS / "decoder"
DIFFUSION = RUNS / "diffusion"
LATENTS = DIFFUSION / "latents.pt"
REWARD = RUNS / "reward"
HEARD = RUNS / "heard"
"""A further round of the diffusion, with the reward."""
DISTILLED = RUNS / "distilled"
LISTENING = RUNS / "listening"
"""Clips for the listener: fluid, musescore, and of each a held_out_ folder."""
EVALUATION = RUNS / "evaluation"
MODEL = Path(__file__).parent.parent / "riffsynth" / "embedded" / "model"

HELD_OUT_SEED = 10_000_000
"""Phrases from this seed on are never trained on."""


def write_pid(step: str) -> None:
    """Leave the process's id in runs/STEP.pid, so that a long run can be found, paused or ended."""
    RUNS.mkdir(parents=True, exist_ok=True)
    (RUNS / f"{step}.pid").write_text(f"{os.getpid()}\n")
