"""An exponential moving average of a module's weights."""

from __future__ import annotations

import copy

import torch
from torch import nn


class Average:
    """A copy of `module` whose weights follow it; early on it follows fast, later at `decay`."""

    def __init__(self, module: nn.Module, decay: float = 0.999) -> None:
        self.module = copy.deepcopy(module).eval().requires_grad_(False)
        self.decay = decay
        self.updates = 0

    @torch.no_grad()
    def update(self, module: nn.Module) -> None:
        self.updates += 1
        decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
        for mean, value in zip(self.module.parameters(), module.parameters(), strict=True):
            mean.lerp_(value, 1.0 - decay)
