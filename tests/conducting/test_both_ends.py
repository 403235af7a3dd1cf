"""On a GPU both ends of alpha's way are asked for at once; elsewhere one after the other."""

from __future__ import annotations

import pytest
from test_conductor import CLIP, PACE, SCORE, SPEC, Stage

from riffsynth.diffusion.messages import Cancel, Cancelled, Failed, Generate, Generated, Ready


class Pairs(Stage):
    """Its worker has what was asked for, and answers when it is told to."""

    def __init__(self, device: str) -> None:
        super().__init__()
        self.conductor.on_worker(Ready("test", device, SPEC, PACE, 8), self, self.beat)

    def _to_worker(self, message) -> None:
        self.worker.append(message)

    def ask(self) -> Generate:
        """What is asked for in this turn."""
        count = len(self.worker)
        self.conductor.step(self, self.timeline, self.now)
        (asked,) = self.worker[count:]
        return asked

    def made(self, number: int) -> None:
        self.conductor.on_worker(Generated(number, CLIP, SCORE, PACE), self, self.beat)


def between(device: str) -> tuple[Pairs, Generate]:
    """Alpha stands between two ends, and the clip there has been made; what is asked for next."""
    stage = Pairs(device)
    stage.values.update({"a.prompt": "piano", "b.prompt": "organ", "alpha": 0.4})
    first = stage.ask()
    assert first.request.alpha == 0.4 and first.also is None
    stage.made(first.request.id)
    return stage, stage.ask()


def test_they_are_one_batch_where_a_device_gains_by_it() -> None:
    stage, asked = between("cuda:0")
    assert asked.also and (asked.request.a.prompt, asked.also.a.prompt) == ("piano", "organ")
    assert asked.request.steps == asked.also.steps
    for request in (asked.request, asked.also):
        assert not stage.worker[2:]
        stage.made(request.id)
    stage.conductor.step(stage, stage.timeline, stage.now)
    assert len(stage.worker) == 2 and {0.0, 0.4, 1.0} <= {place for place, _ in stage.waiting.deck.anchors}


def test_elsewhere_and_where_their_strengths_differ_one_is_asked_for_after_the_other() -> None:
    for device, values in (("cpu", {}), ("http://far", {}), ("cuda", {"init": "loop.png", "b.strength": 0.5})):
        stage = Pairs(device)
        stage.conductor.on_init("loop.png", CLIP, SCORE)
        stage.values.update({"a.prompt": "piano", "b.prompt": "organ", "alpha": 0.4, **values})
        for _ in range(3):
            asked = stage.ask()
            assert asked.also is None
            stage.made(asked.request.id)


@pytest.mark.parametrize("changed", ["a.prompt", "b.prompt"])
def test_another_prompt_at_either_end_gives_both_up(changed: str) -> None:
    stage, asked = between("cuda")
    stage.values[changed] = "rain"
    assert stage.ask() == Cancel(asked.request.id)
    entered = stage.waiting
    stage.made(asked.request.id)  # they were made already
    stage.made(asked.also.id)
    assert stage.waiting is entered
    assert isinstance(stage.ask(), Generate)


def test_one_cancelled_is_both_and_one_that_failed_is_not_the_other() -> None:
    stage, asked = between("cuda")
    stage.conductor.on_worker(Cancelled(asked.request.id), stage, stage.beat)
    again = stage.ask()
    assert again.also
    stage.conductor.on_worker(Failed(again.request.id, "NaN"), stage, stage.beat)
    stage.made(again.also.id)
    stage.conductor.step(stage, stage.timeline, stage.now)
    assert stage.worker[-1] == again, "neither is asked for again"
