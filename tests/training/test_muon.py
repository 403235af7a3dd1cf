"""Orthogonal steps."""

from __future__ import annotations

import pytest
import torch

from training.muon import Muon, orthogonal, split_parameters


@pytest.mark.parametrize("shape", [(16, 48), (48, 16), (8, 8)])
def test_singular_values_come_out_near_one(shape: tuple[int, int]) -> None:
    torch.manual_seed(0)
    values = torch.linalg.svdvals(orthogonal(torch.randn(shape)).float())
    assert values.median() == pytest.approx(1.0, abs=0.35) and values.max() < 1.4


def test_it_learns_a_linear_map() -> None:
    torch.manual_seed(0)
    layer, target = torch.nn.Linear(8, 8, bias=False), torch.randn(8, 8)
    matrices, others = split_parameters(layer)
    assert not others
    optimizer = Muon(matrices, lr=0.3)
    first = last = 0.0
    for step in range(100):
        x = torch.randn(32, 8)
        loss = ((layer(x) - x @ target.T) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        last = loss.item()
        first = first or last
        optimizer.param_groups[0]["lr"] = 0.3 * (1 - step / 100)
    assert last < 0.1 * first
