"""`riffsynth play` with a model that fails at certain prompts. Every process of it runs these lines."""

from __future__ import annotations

import sys
import time

import numpy as np

from riffsynth.cli import main
from riffsynth.conducting import pacing
from riffsynth.diffusion import worker

_generated = worker.LocalWorker._generated


def generated(self, message):
    prompt = message.request.a.prompt
    if prompt == "without end":
        time.sleep(3600)
    if prompt == "out of memory":
        raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB.")
    made = _generated(self, message)
    if prompt == "not a number":
        type(made.clip)(np.full_like(made.clip.mel, np.nan), made.clip.spec)
    return made


worker.LocalWorker._generated = generated
pacing.LEAST_PATIENCE_S = 10.0

if __name__ == "__main__":
    sys.exit(main())
