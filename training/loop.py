"""What every training repeats: a clock, two optimizers whose rates follow it, an average, progress and checkpoints."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from riffsynth.diffusion.loading import cpu_multiplies_bfloat16
from training.ema import Average
from training.muon import Muon, split_parameters
from training.timebox import TimeBox, warm_cosine

CHECKPOINT_S = 60.0
PROGRESS_S = 15.0
SMOOTHING = 0.98
GRADIENT_LIMIT = 1.0


@dataclass(frozen=True, slots=True)
class Time:
    """`minutes` are the whole of a training, over all its runs; this run leaves at `until`, in seconds of the epoch."""

    minutes: float
    until: float | None = None

    @classmethod
    def options(cls, parser: argparse.ArgumentParser, minutes: float) -> None:
        parser.add_argument("--minutes", type=float, default=minutes, help="of the whole training, over all runs")
        parser.add_argument("--until", type=float, help="stop then (seconds of the epoch); run again to go on")

    @classmethod
    def of(cls, options: argparse.Namespace) -> Time:
        return cls(options.minutes, options.until)


@dataclass(frozen=True, slots=True)
class Rates:
    """Learning rates at their highest, of matrices (Muon) and of everything else (AdamW), and the average's decay."""

    matrices: float
    others: float
    decay: float


class Loop:
    """Trains `module` in steps until its time is up, from the checkpoint in `folder` where there is one.

    `beside` are further parts with a state (a discriminator) that go into the checkpoint. `again` begins a new round
    with the weights of the last one. Of several processes one is `leader`: it keeps the average, reports and saves;
    `agree` makes its word everyone's.

        while loop.going():
            loop.descend(loss)
            loop.note(loss=loss.item())
    """

    def __init__(
        self,
        folder: Path,
        given: Time,
        module: nn.Module,
        rates: Rates,
        beside: dict[str, Any] | None = None,
        again: bool = False,
        leader: bool = True,
        agree: Callable[[float], float] = lambda fraction: fraction,
    ) -> None:
        self.module, self.average = module, Average(module, rates.decay)
        self.step, self.fraction = 0, 0.0
        matrices, self._others = split_parameters(module)
        self._optimizers: list[tuple[torch.optim.Optimizer, float]] = [
            (Muon(matrices, rates.matrices), rates.matrices),
            (torch.optim.AdamW(self._others, rates.others, betas=(0.9, 0.95), weight_decay=0.0), rates.others),
        ]
        self._beside = beside or {}
        self._time, self._leader, self._agree = given, leader, agree
        self._checkpoint = folder / "checkpoint.pt"
        self._smooth: dict[str, Tensor] = {}
        spent = 0.0
        if self._checkpoint.exists():
            spent = self._resume()
        self._box = TimeBox(given.minutes, 0.0 if again else spent)

    def _resume(self) -> float:
        """Take up the checkpoint, and return the seconds that went into it."""
        state = torch.load(self._checkpoint, map_location=next(self.module.parameters()).device)
        self.module.load_state_dict(state["model"])
        self.average.module.load_state_dict(state["average"])
        for (optimizer, _), saved in zip(self._optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(saved)
        for name, part in self._beside.items():
            part.load_state_dict(state[name])
        self.step = self.average.updates = state["step"]
        return float(state["spent_s"])

    def going(self) -> bool:
        """Whether there is time for a step; sets `fraction`, 0 at the beginning and 1 when the time is up."""
        leaving = self._time.until is not None and time.time() >= self._time.until
        # Beyond 1 stands for leaving, so that one number says both to all processes.
        told = self._agree(2.0 if leaving and self._box.fraction < 1.0 else self._box.fraction)
        if told < 1.0:
            self.fraction = told
            return True
        if told == 1.0:
            self.fraction = 1.0
        elif self._leader:
            print(f"left after {self._box.spent_s / 60:.1f} of {self._time.minutes:g} min; run again to go on")
        if self._leader and self.step:
            self._save()
        return False

    @property
    def finished(self) -> bool:
        """Whether the whole time is up, and not only this run's."""
        return self.fraction >= 1.0

    def descend(self, loss: Tensor, exchange: Callable[[], None] = lambda: None) -> None:
        """One step down; `exchange` adds up the gradients of several processes."""
        for optimizer, rate in self._optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate * warm_cosine(self.fraction)
            optimizer.zero_grad(set_to_none=True)
        loss.backward()
        exchange()
        nn.utils.clip_grad_norm_(self._others, GRADIENT_LIMIT)
        for optimizer, _ in self._optimizers:
            optimizer.step()
        self.step += 1
        if self._leader:
            self.average.update(self.module)

    def note(self, **values: Tensor | float) -> None:
        """Smoothed values for the progress line, which is printed now and then; checkpoints are written as well."""
        for name, value in values.items():
            value = torch.as_tensor(value).detach().float()  # no waiting for the device at every step
            self._smooth[name] = value.lerp(self._smooth[name], SMOOTHING) if name in self._smooth else value
        if not self._leader:
            return
        if self._box.due("progress", PROGRESS_S):
            line = " ".join(f"{name} {float(value):.4f}" for name, value in self._smooth.items())
            spent = f"{self._box.spent_s / 60:.1f} of {self._time.minutes:g} min"
            print(f"{spent}, step {self.step}: {line}", flush=True)
        if self._box.due("checkpoint", CHECKPOINT_S):
            self._save()

    def _save(self) -> None:
        state = {
            "model": self.module.state_dict(),
            "average": self.average.module.state_dict(),
            "optimizers": [optimizer.state_dict() for optimizer, _ in self._optimizers],
            "step": self.step,
            "spent_s": self._box.spent_s,
            **{name: part.state_dict() for name, part in self._beside.items()},
        }
        partial = self._checkpoint.with_suffix(".part")
        torch.save(state, partial)
        partial.rename(self._checkpoint)


def best_device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def autocast(device: torch.device) -> torch.autocast:
    """Half precision where the hardware multiplies it."""
    able = device.type != "cpu" or cpu_multiplies_bfloat16()
    return torch.autocast(device.type, torch.bfloat16, enabled=able)
