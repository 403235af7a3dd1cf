"""The loop of every training: it goes on where it stopped, and leaves when it is told to."""

from __future__ import annotations

import time
from pathlib import Path

import torch
from torch import nn

from training.loop import Loop, Rates, Time

RATES = Rates(matrices=0.02, others=0.02, decay=0.9)
LONG = 600.0


class Line(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.matrix = nn.Linear(4, 4)

    def loss(self) -> torch.Tensor:
        return (self.matrix(torch.eye(4)) - torch.eye(4)).square().mean()


def steps(loop: Loop, most: int) -> None:
    while loop.going() and loop.step < most:
        loop.descend(loop.module.loss())
        loop.note(loss=0.0)


def leaving(folder: Path, most: int, **options: bool) -> Loop:
    """A run of so many steps that was then told to leave."""
    torch.manual_seed(0)
    loop = Loop(folder, Time(LONG), Line(), RATES, **options)
    steps(loop, most)
    loop._time = Time(LONG, until=time.time() - 1.0)
    assert not loop.going() and not loop.finished
    return loop


def test_it_descends_and_goes_on_where_it_left(tmp_path: Path) -> None:
    first = leaving(tmp_path, 40)
    torch.manual_seed(0)
    assert first.module.loss() < Line().loss()
    second = Loop(tmp_path, Time(LONG), Line(), RATES)
    assert second.step == 40 and second.module.loss() == first.module.loss()
    assert torch.equal(second.average.module.matrix.weight, first.average.module.matrix.weight)


def test_a_finished_training_stays_so_and_a_new_round_begins_with_its_weights(tmp_path: Path) -> None:
    left = leaving(tmp_path, 5)
    finished = Loop(tmp_path, Time(0.0), Line(), RATES)
    assert not finished.going() and finished.finished
    again = Loop(tmp_path, Time(LONG), Line(), RATES, again=True)
    assert again.going() and again.fraction < 0.01
    assert torch.equal(again.module.matrix.weight, left.module.matrix.weight)


def test_others_follow_the_leaders_clock(tmp_path: Path) -> None:
    follower = Loop(tmp_path, Time(LONG), Line(), RATES, leader=False, agree=lambda fraction: 1.0)
    assert not follower.going() and follower.finished
    assert not list(tmp_path.iterdir())


def test_what_lies_beside_is_kept_too(tmp_path: Path) -> None:
    judge = nn.Linear(2, 2)
    loop = Loop(tmp_path, Time(LONG, until=time.time() - 1.0), Line(), RATES, {"judge": judge})
    loop.descend(loop.module.loss())
    assert not loop.going()
    other = nn.Linear(2, 2)
    Loop(tmp_path, Time(LONG), Line(), RATES, {"judge": other})
    assert torch.equal(judge.weight, other.weight)
