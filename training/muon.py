"""Muon (Jordan et al. 2024): momentum whose step for each matrix is made orthogonal by Newton-Schulz iterations.

Short runs gain most: every direction of a weight matrix moves at the same pace. Convolutions count as matrices of
(out, in * rows * columns); everything else is left to AdamW.
"""

from __future__ import annotations

import torch
from torch import Tensor, distributed, nn

COEFFICIENTS = (3.4445, -4.7750, 2.0315)
ITERATIONS = 5


def orthogonal(matrix: Tensor) -> Tensor:
    """The nearest semi-orthogonal matrix, roughly (singular values about 0.7 to 1.2); bfloat16 inside."""
    a, b, c = COEFFICIENTS
    x = matrix.bfloat16()
    if tall := x.shape[0] > x.shape[1]:
        x = x.T
    x = x / (x.norm() + 1e-7)
    for _ in range(ITERATIONS):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return (x.T if tall else x).to(matrix.dtype)


class Muon(torch.optim.Optimizer):
    """Nesterov momentum, orthogonalised, scaled so that a step moves every entry by about `lr` times 0.2 in RMS.

    Of several processes (torch.distributed) with equal gradients each does a share of the matrices.
    """

    def __init__(self, params: list[nn.Parameter], lr: float, momentum: float = 0.95, weight_decay: float = 0.01):
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        rank, workers = workers_of_this_run()
        for group in self.param_groups:
            parameters = [p for p in group["params"] if p.grad is not None]
            # The costly ones are dealt out in turn.
            order = sorted(range(len(parameters)), key=lambda i: -parameters[i].numel())
            mine = set(order[rank::workers])
            steps = []
            for index, parameter in enumerate(parameters):
                state = self.state[parameter]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(parameter)
                state["momentum"].lerp_(parameter.grad, 1.0 - group["momentum"])
                if index not in mine:
                    steps.append(torch.zeros_like(parameter))
                    continue
                matrix = parameter.grad.lerp(state["momentum"], group["momentum"]).flatten(1)
                # Orthogonal entries are 1 / sqrt(max side) in RMS; 0.2 is what AdamW's steps measure (Liu et al. 2025).
                scale = 0.2 * max(matrix.shape) ** 0.5
                steps.append((scale * orthogonal(matrix)).view_as(parameter))
            if workers > 1:
                sum_over_workers(steps)
            for parameter, step in zip(parameters, steps, strict=True):
                parameter.mul_(1.0 - group["lr"] * group["weight_decay"])
                parameter.add_(step, alpha=-group["lr"])


def workers_of_this_run() -> tuple[int, int]:
    """(number of this process, how many there are)."""
    if distributed.is_available() and distributed.is_initialized():
        return distributed.get_rank(), distributed.get_world_size()
    return 0, 1


@torch.no_grad()
def sum_over_workers(tensors: list[Tensor]) -> None:
    """Replace each tensor by its sum over all processes, in one exchange."""
    flat = torch.cat([tensor.flatten() for tensor in tensors])
    distributed.all_reduce(flat)
    for tensor, part in zip(tensors, flat.split([tensor.numel() for tensor in tensors]), strict=True):
        tensor.copy_(part.view_as(tensor))


def split_parameters(model: nn.Module) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
    """(matrices inside the network, everything else that is trained)."""
    matrices, others = [], []
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        edge = "conv_in" in name or "conv_out" in name or "embeddings" in name
        (matrices if parameter.ndim >= 2 and not edge else others).append(parameter)
    return matrices, others
