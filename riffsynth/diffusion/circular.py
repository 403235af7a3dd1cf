"""Circular padding along time, so that a generated clip closes into a loop (the seamless-tile trick)."""

from __future__ import annotations

from typing import TypeVar

import torch
from diffusers.models.downsampling import Downsample2D
from torch import Tensor, nn
from torch.nn import functional

ModuleT = TypeVar("ModuleT", bound=nn.Module)


class CircularConv2d(nn.Conv2d):
    """A convolution whose last axis (time) reads on from the other end; frequency is padded with zeros."""

    def _conv_forward(self, input: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        """(B, C, bands, columns) -> (B, C', bands', columns')."""
        rows, columns = self.padding  # type: ignore[str-unpack]
        if columns:
            input = wrap_columns(input, int(columns), int(columns))
        return functional.conv2d(input, weight, bias, self.stride, (int(rows), 0), self.dilation, self.groups)


class CircularDownsample2D(Downsample2D):
    """The autoencoder's downsampler, which pads one row and one column on its own before its convolution."""

    def forward(self, hidden_states: Tensor, *args: object, **kwargs: object) -> Tensor:
        """(B, C, bands, columns) -> (B, C', bands / 2, columns / 2)."""
        hidden_states = functional.pad(hidden_states, (0, 0, 0, 1))
        return self.conv(wrap_columns(hidden_states, 0, 1))


def wrap_columns(x: Tensor, before: int, after: int) -> Tensor:
    """(..., columns) with `before` columns of its end put in front and `after` of its beginning at the back."""
    parts = [x[..., x.shape[-1] - before :]] if before else []
    parts.append(x)
    if after:
        parts.append(x[..., :after])
    return torch.cat(parts, dim=-1)


def make_circular(module: ModuleT) -> ModuleT:
    """Let every convolution inside a diffusers U-Net or AutoencoderKL wrap along time, in place.

    The classes are exchanged and nothing else, so the state dict, copies and saving stay as they were; calling it
    twice changes nothing. Returns the module. Raises ValueError for a convolution that pads by a word ("same").
    """
    for part in module.modules():
        if type(part) is nn.Conv2d:
            if isinstance(part.padding, str):
                raise ValueError(f"a convolution with padding={part.padding!r} cannot be made circular")
            part.__class__ = CircularConv2d
        elif type(part) is Downsample2D and part.use_conv and part.padding == 0:
            if part.norm is not None:
                raise ValueError("a downsampler with a norm of its own cannot be made circular")
            part.__class__ = CircularDownsample2D
    return module
