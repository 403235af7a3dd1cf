"""Clips made before they are asked for: which ones, that they are there at once, and that they are in nobody's way."""

from __future__ import annotations

import pytest
from test_conductor import PACE, Stage, off_grid

from riffsynth.conducting.recipe import asked
from riffsynth.conducting.shelf import KEPT_CLIPS
from riffsynth.conducting.speculation import MOST_LIKELY, Course, Later, likely, stops
from riffsynth.diffusion.messages import Cancel
from riffsynth.parameters import PARAMETERS
from riffsynth.playback.messages import AddScore, ForgetScores

WALK = {"a.prompt": "piano", "b.prompt": "organ", "quantize": 0.0}
SCENE = {"a.prompt": "harp", "b.prompt": "choir", "alpha": 0.5, "a.seed": 7}
CLIP_S = PACE.seconds(8)


def values(**changed):
    return Later(Later(None, {name: parameter.default for name, parameter in PARAMETERS.items()}), changed)


def walking(alpha: float):
    return values(**WALK, alpha=alpha)


@pytest.mark.parametrize(
    "alpha, heading, ahead",
    [
        (0.3, 1, [0.5, 0.75]),
        (0.3, -1, [0.25]),
        (0.5, -1, [0.25]),
        (0.9, 1, []),
        (0.3, 0, []),
        (0.0, 1, [0.25, 0.5, 0.75]),
    ],
)
def test_alphas_way_ahead(alpha: float, heading: int, ahead: list[float]) -> None:
    here = walking(alpha)
    target, *ends = asked(here, "input")
    expected = [stops(target, tuple(ends))[place] for place in ahead]
    assert likely(here, "input", heading, None) == expected


def test_the_next_scene_is_made_as_it_will_be_asked_for() -> None:
    found = likely(walking(0.3), "input", 0, SCENE)
    assert tuple(found) == asked(Later(walking(0.3), SCENE), "input")
    assert likely(walking(0.3), "input", 0, SCENE | {"b.prompt": "", "alpha": 0.0}) == [found[1]]


def test_what_cannot_be_made_beforehand_is_not_tried() -> None:
    assert likely(walking(0.3), "input", 1, SCENE | {"init": "playing", "a.strength": 0.5, "b.strength": 0.5})[2:] == []
    assert len(likely(walking(0.3), "input", 1, SCENE | {"lora1": "dub.safetensors"})) == 2
    assert len(likely(walking(0.1), "input", 1, SCENE)) == MOST_LIKELY


def test_alpha_has_a_course_once_it_was_moved_between_the_same_ends() -> None:
    course, (_, a, b), (_, *others) = Course(), asked(walking(0), ""), asked(values(**SCENE), "")
    assert [course.follow((a, b), alpha) for alpha in (0.5, 0.5, 0.6, 0.6, 0.2)] == [0, 0, 1, 1, -1]
    assert [course.follow(tuple(others), alpha) for alpha in (0.9, 0.8)] == [0, -1]


def play(stage: Stage, seconds: float, following: dict | None) -> None:
    step = stage.conductor.step
    stage.conductor.step = lambda *arguments: step(*arguments, following)  # type: ignore[method-assign]
    stage.run(seconds)
    stage.conductor.step = step  # type: ignore[method-assign]


def guessing(stage: Stage) -> None:
    """Until the first clip of the next scene is being made."""
    while not (stage.busy and stage.busy[1].a.prompt == "harp"):
        play(stage, 0.05, SCENE)


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    stage.values |= {"a.prompt": "piano", "quantize": 4.0}
    return stage


def test_a_step_of_the_set_list_finds_its_clip_there(stage: Stage) -> None:
    play(stage, 10, SCENE)
    assert {request.a.prompt for request in stage.requests} == {"piano", "harp", "choir"}
    assert len(stage.entered) == 1  # nobody has heard of it
    asked_before = len(stage.requests)
    stage.values |= SCENE
    stage.conductor.hold()
    stepped = stage.beat
    stage.run(3)
    assert len(stage.requests) == asked_before
    assert len(stage.entered) == 2
    at, entry = stage.entered[-1]
    assert at - stepped <= 4 + 0.05 and off_grid(at, 4) < 0.05  # the very next bar
    assert [alpha for alpha, _ in entry.deck.anchors] == [0.0, 0.5, 1.0]


def test_what_is_asked_for_does_not_wait_for_a_guess(stage: Stage) -> None:
    guessing(stage)
    stage.values["a.seed"] = 1
    stage.run(0.03)
    assert isinstance(stage.worker[-2], Cancel) and stage.busy[1].a.seed == 1


def test_a_right_guess_goes_on_as_what_is_asked_for(stage: Stage) -> None:
    guessing(stage)
    guess = stage.busy[1].id
    stage.values |= SCENE | {"quantize": 0.0}
    stage.run(CLIP_S)
    assert not any(isinstance(message, Cancel) for message in stage.worker)
    assert stage.requests[1].id == guess and len(stage.entered) == 2


def test_alphas_way_ahead_joins_what_plays_and_is_not_heard_before_alpha_comes(stage: Stage) -> None:
    stage.values |= WALK
    stage.run(5)
    stage.values["alpha"] = 0.3
    stage.run(10)
    assert [alpha for alpha, _ in stage.entered[-1][1].deck.anchors] == [0.0, 0.3, 0.5, 0.75, 1.0]
    requests = len(stage.requests)
    stage.values["alpha"] = 0.5
    stage.run(0.5)
    assert len(stage.requests) == requests


def test_a_full_shelf_holds_as_many_clips_whatever_is_needed(stage: Stage) -> None:
    for scene in range(40):
        play(stage, 3, SCENE | {"a.seed": scene})
    loaded = {message.key for message in stage.player if isinstance(message, AddScore)}
    loaded -= {key for message in stage.player if isinstance(message, ForgetScores) for key in message.keys}
    assert len(loaded) == KEPT_CLIPS
