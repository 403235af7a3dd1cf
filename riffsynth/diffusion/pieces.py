"""Batches in smaller pieces, once a device has run out of memory."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from riffsynth.diffusion.model_error import ModelError


class InPieces:
    """Calls `call` with tensors whose first axis is the batch, or that have no axis and go to every piece.

    After an out-of-memory error it goes on with half as many clips at a time, and `tell` hears of it in one line.
    Raises ModelError where not even one fits.
    """

    def __init__(self, call: Callable[..., Tensor], what: str, tell: Callable[[str], object]) -> None:
        self._call = call
        self._what = what
        self._tell = tell
        self._most: int | None = None

    def __call__(self, *inputs: Tensor) -> Tensor:
        batch = next(len(x) for x in inputs if x.dim())
        while True:
            size = min(batch, self._most or batch)
            try:
                return self._in_pieces(inputs, batch, size)
            except torch.OutOfMemoryError as error:
                if size == 1:
                    raise ModelError(
                        f"out of memory: not even one clip fits into the {self._what}; close what else uses the GPU, "
                        "or use a smaller model or --device cpu"
                    ) from error
            # Outside of the handler: the error holds on to the frames whose tensors are in the way.
            if torch.cuda.is_available():
                torch.cuda.empty_cache()
            self._most = (size + 1) // 2
            self._tell(f"out of memory in the {self._what}: it goes on with {self._most} at a time, more slowly")

    def _in_pieces(self, inputs: tuple[Tensor, ...], batch: int, size: int) -> Tensor:
        if size == batch:
            return self._call(*inputs)
        pieces = [
            self._call(*(x[start : start + size] if x.dim() else x for x in inputs)) for start in range(0, batch, size)
        ]
        return torch.cat(pieces)
