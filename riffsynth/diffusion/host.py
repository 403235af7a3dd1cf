"""From a device to the host in one copy, however many tensors there are: each copy would wait for the device anew."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor


def to_host(*tensors: Tensor) -> list[NDArray[Any]]:
    """The tensors, which lie on one device, as arrays on the host; those of the longest elements come first."""
    packed = _here(torch.cat([tensor.contiguous().flatten().view(torch.uint8) for tensor in tensors])).numpy()
    arrays, first = [], 0
    for tensor in tensors:
        last = first + tensor.nbytes
        kind = np.dtype(str(tensor.dtype).removeprefix("torch."))
        arrays.append(packed[first:last].view(kind).reshape(tensor.shape).copy())  # pinned memory is given back
        first = last
    return arrays


def _here(packed: Tensor) -> Tensor:
    """Through pinned memory where it is CUDA's: torch keeps that, and the driver need not copy it once more."""
    if packed.device.type != "cuda":
        return packed.cpu()
    here = torch.empty(packed.shape, dtype=packed.dtype, pin_memory=True)
    here.copy_(packed, non_blocking=True)
    torch.cuda.current_stream(packed.device).synchronize()
    return here
