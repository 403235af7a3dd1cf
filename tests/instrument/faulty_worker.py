"""`riffsynth play` with a model that fails at certain prompts. Every process of it runs these lines."""

from __future__ import annotations

import contextlib
import sys
import time

import numpy as np

from riffsynth.cli import main
from riffsynth.conducting import pacing
from riffsynth.diffusion import worker

_generated = worker.LocalWorker._generated
HOLDS = {"little memory": 1, "out of memory": 0}
"""Prompts at which the device holds so many clips."""


@contextlib.contextmanager
def little_memory(generator, most):
    import torch

    whole = generator._unet._call

    def short(latents, *rest):
        if len(latents) > most:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return whole(latents, *rest)

    generator._unet._call = short
    try:
        yield
    finally:
        generator._unet._call = whole


def generated(self, message):
    prompt = message.request.a.prompt
    if prompt == "without end":
        time.sleep(3600)
    if prompt in HOLDS:
        with little_memory(self._generator, HOLDS[prompt]):
            return _generated(self, message)
    made = _generated(self, message)
    if prompt == "not a number":
        clip = made[0].clip
        type(clip)(np.full_like(clip.mel, np.nan), clip.spec)  # refuses it, as it does for a real model
    return made


worker.LocalWorker._generated = generated
pacing.LEAST_PATIENCE_S = 10.0

if __name__ == "__main__":
    sys.exit(main())
