"""The stages of a training on a GPU: in order, each once, and never longer than a call may last."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from training import pipeline
from training.pipeline import LARGE, REHEARSAL, Stage, run, stages


def test_every_stage_is_a_module_of_training(tmp_path: Path) -> None:
    for size in (LARGE, REHEARSAL):
        for stage in stages(size, tmp_path):
            assert importlib.util.find_spec(f"training.{stage.command[0]}"), stage.name


def test_it_goes_on_with_the_first_stage_that_is_not_done(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    done, ran = {"a"}, []
    plan = [Stage(name, (name,), lambda name=name: name in done) for name in "abc"]
    monkeypatch.setattr(pipeline, "stages", lambda size, out: plan)
    monkeypatch.setattr(pipeline, "_run", lambda stage, left: (ran.append(stage.name), done.add(stage.name)))
    assert run(REHEARSAL, tmp_path, 600.0)
    assert ran == ["b", "c"]


def test_a_stage_that_left_waits_for_the_next_call(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pipeline, "stages", lambda size, out: [Stage("long", ("long",), lambda: False)])
    monkeypatch.setattr(pipeline, "_run", lambda stage, left: None)
    assert not run(REHEARSAL, tmp_path, 600.0)
