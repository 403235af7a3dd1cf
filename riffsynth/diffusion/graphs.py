"""Large models on CUDA: each shape of a call is captured once as a graph and then replayed, so that the GPU never waits
for Python between two layers.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from riffsynth.diffusion.compiled import Shape

MOST_GRAPHS = 8
"""Shapes that are captured; each keeps its buffers. Calls of further ones run as they are."""
WARM_UP_CALLS = 3
"""Before a capture, so that libraries have chosen their algorithms and made their workspaces."""


class Graphed:
    """Calls a module that maps tensors on a CUDA device to a tensor. Where it cannot be captured it runs as it is.

    Weights may change in place; the graph reads them anew at every replay.
    """

    def __init__(self, module: nn.Module) -> None:
        self._module = module
        self._graphs: dict[Shape, Any] = {}
        self._capturing = True

    def __call__(self, *inputs: Tensor) -> Tensor:
        shape: Shape = tuple((x.shape, x.dtype) for x in inputs)
        if shape not in self._graphs and self._capturing and len(self._graphs) < MOST_GRAPHS:
            self._capture(shape, inputs)
        if shape not in self._graphs:
            answer: Tensor = self._module(*inputs)
            return answer
        graph, places, result = self._graphs[shape]
        for place, x in zip(places, inputs, strict=True):
            place.copy_(x)
        graph.replay()
        replayed: Tensor = result.clone()  # the next replay writes over it
        return replayed

    def _capture(self, shape: Shape, inputs: tuple[Tensor, ...]) -> None:
        try:
            places = [x.clone() for x in inputs]
            aside = torch.cuda.Stream()
            aside.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(aside):
                for _ in range(WARM_UP_CALLS):
                    self._module(*places)
            torch.cuda.current_stream().wait_stream(aside)
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph):
                result = self._module(*places)
            self._graphs[shape] = (graph, places, result)
        except torch.OutOfMemoryError:
            raise  # it is met with smaller pieces
        except Exception:  # whatever cannot be captured runs as it did before
            self._capturing = False
