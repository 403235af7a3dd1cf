"""Small models on a CPU, traced: a quarter of their time was Python's, between one layer and the next."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

LARGEST_PARAMETERS = 100_000_000
"""Above it the layers take so long that tracing gains nothing."""
_TOLERANCE = {torch.float32: 1e-3, torch.bfloat16: 0.05}
"""How far a trace's answer, of deviation 1 or so, may lie from the module's own: some steps of the type."""

Call = Callable[..., Tensor]
Shape = tuple[tuple[torch.Size, torch.dtype], ...]


class Traced:
    """Calls a module that maps tensors to a tensor; traced and frozen at its first call, for that call's shapes.

    Calls of other shapes go to the module itself, and so do all of them where it cannot be traced or the trace
    answers something else.
    """

    def __init__(self, module: nn.Module) -> None:
        self._module = module
        self._traced: Any = None
        self._shape: Shape | None = None

    def __call__(self, *inputs: Tensor) -> Tensor:
        shape = tuple((x.shape, x.dtype) for x in inputs)
        if self._shape is None:
            self._shape = shape
            self._traced = _trace(self._module, inputs)
        answer: Tensor = (self._traced if self._traced and shape == self._shape else self._module)(*inputs)
        return answer


def _trace(module: nn.Module, inputs: tuple[Tensor, ...]) -> Any:
    """The module as a frozen script, or None."""
    try:
        with warnings.catch_warnings(), torch.inference_mode(False), torch.no_grad():
            warnings.simplefilter("ignore")
            inputs = tuple(x.clone() for x in inputs)
            traced = torch.jit.freeze(torch.jit.trace(module, inputs, check_trace=False))
            expected, found = module(*inputs), traced(*inputs)
    except Exception:  # whatever the tracer cannot follow runs as it did before
        return None
    tolerance = _TOLERANCE.get(expected.dtype, 0.0)
    return traced if torch.allclose(expected, found, tolerance, tolerance) else None


class UNetCall(nn.Module):
    """A diffusers U-Net from (batch, channels, rows, columns) latents, timestep and embeddings to its prediction."""

    def __init__(self, unet: nn.Module) -> None:
        super().__init__()
        self.unet = unet

    def forward(self, latents: Tensor, timestep: Tensor, embeddings: Tensor) -> Tensor:
        answer: Tensor = self.unet(latents, timestep, encoder_hidden_states=embeddings, return_dict=False)[0]
        return answer


class TextCall(nn.Module):
    """A text encoder from (chunks, window) token ids to (chunks, window, width) embeddings."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, ids: Tensor) -> Tensor:
        answer: Tensor = self.encoder(ids).last_hidden_state
        return answer


class DecoderCall(nn.Module):
    """A diffusers autoencoder from (1, channels, rows, columns) latents to (1, colours, bands, columns) pictures."""

    def __init__(self, vae: Any) -> None:
        super().__init__()
        self.vae = vae

    def forward(self, latents: Tensor) -> Tensor:
        answer: Tensor = self.vae.decode(latents, return_dict=False)[0]
        return answer


def _on_cuda(call: nn.Module) -> Call:
    """On a CUDA device captured as graphs. Elsewhere the call itself."""
    if next(call.parameters()).device.type != "cuda":
        return call
    from riffsynth.diffusion.graphs import Graphed

    return Graphed(call)


def worth_tracing(module: nn.Module) -> bool:
    """Whether a module is small and on the CPU."""
    parameters = list(module.parameters())
    return parameters[0].device.type == "cpu" and sum(p.numel() for p in parameters) <= LARGEST_PARAMETERS


def fast_unet(unet: nn.Module) -> Call:
    """The quickest way to call a U-Net here."""
    call = UNetCall(unet).eval()
    if worth_tracing(unet):
        return Traced(call)
    _channels_last(unet)
    return _on_cuda(call)


def fast_text(encoder: nn.Module) -> Call:
    """The quickest way to embed a prompt here; what it answers is remembered, so a CPU gains nothing by a trace."""
    return _on_cuda(TextCall(encoder).eval())


def fast_decoder(vae: Any) -> Call:
    """The quickest way to decode latents here; on a CPU the colours' values are laid side by side."""
    call = DecoderCall(vae).eval()
    if worth_tracing(vae):
        vae.to(memory_format=torch.channels_last)
        return Traced(call)
    _channels_last(vae)
    return _on_cuda(call)


def _channels_last(module: Any) -> None:
    """On a CUDA device the values of all channels lie side by side, as its convolutions like them best."""
    if next(module.parameters()).device.type == "cuda":
        module.to(memory_format=torch.channels_last)
