"""The conductor alone, in virtual time: a worker that takes as long as a test says, and a player that keeps beat."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest

from riffsynth.conducting.conductor import Conductor
from riffsynth.diffusion.messages import Cancel, Cancelled, Failed, Generate, Generated, Pace, Ready
from riffsynth.diffusion.request import ClipRequest
from riffsynth.parameters import PARAMETERS
from riffsynth.playback.messages import AddScore, Enter, Entered, Hold, Silence
from riffsynth.spectrogram.clip import Clip, Score
from riffsynth.spectrogram.spec import AnalysisWindow, SpectrogramSpec
from riffsynth.timing.timeline import Timeline

SPEC = SpectrogramSpec(4, 8, 0.0, 8000.0, (AnalysisWindow(8000.0, 0.05),))
CLIP = Clip(np.ones((4, 8), np.float32), SPEC)
SCORE = Score(np.ones((8, 4), np.float16), 8.0)
PACE = Pace(step_s=0.05, overhead_s=0.1)
TICK_S = 0.01


@dataclass
class Stage:
    """Conductor, worker and player on one hand-turned clock, 120 beats a minute."""

    values: dict = field(default_factory=lambda: {name: p.default for name, p in PARAMETERS.items()})
    timeline: Timeline = field(default_factory=Timeline)
    now: float = 0.0
    folder: str = ""

    def __post_init__(self) -> None:
        self.player: list = []
        self.worker: list = []
        self.entered: list[tuple[float, Enter]] = []
        self.busy: tuple[float, ClipRequest] | None = None
        self.waiting: Enter | None = None
        self.answers = True
        self.conductor = Conductor(
            self._to_player, self._to_worker, self.values.__setitem__, lambda file: self.folder + file
        )
        self.conductor.on_worker(Ready("test", "cpu", SPEC, PACE, 8), self, 0.0)

    def get(self, name: str):
        return self.values[name]

    def _to_player(self, message) -> None:
        self.player.append(message)
        if isinstance(message, Enter):
            self.waiting = message

    def _to_worker(self, message) -> None:
        self.worker.append(message)
        if isinstance(message, Generate):
            assert self.busy is None, "a request was sent to a worker that is busy"
            self.busy = (self.now + PACE.seconds(message.request.steps), message.request)
        elif isinstance(message, Cancel) and self.busy and self.busy[1].id == message.id:
            self.busy = None
            self.conductor.on_worker(Cancelled(message.id), self, self.beat)

    @property
    def beat(self) -> float:
        return self.timeline.beat_at(self.now)

    @property
    def requests(self) -> list[ClipRequest]:
        return [message.request for message in self.worker if isinstance(message, Generate)]

    def run(self, seconds: float, each=None) -> None:
        for _ in range(round(seconds / TICK_S)):
            if each:
                each(self)
            if self.busy and self.busy[0] <= self.now:
                request, self.busy = self.busy[1], None
                if self.answers:
                    self.conductor.on_worker(Generated(request.id, CLIP, SCORE, PACE), self, self.beat)
                else:
                    self.conductor.on_worker(Failed(request.id, "broken"), self, self.beat)
            if self.waiting and self.waiting.at_beat <= self.beat + 1e-9:
                entry, self.waiting = self.waiting, None
                self.entered.append((self.beat, entry))
                self.conductor.on_entered(Entered(entry.deck.id, self.beat), self)
            self.conductor.step(self, self.timeline, self.now)
            self.now += TICK_S


def off_grid(beat: float, quantize: float) -> float:
    return abs(beat - quantize * round(beat / quantize))


def test_a_prompt_is_asked_for_once_and_enters_at_once_when_nothing_plays():
    stage = Stage()
    stage.values["a.prompt"] = "dub bass"
    stage.run(10)
    assert [request.a.prompt for request in stage.requests] == ["dub bass"]
    assert len(stage.entered) == 1
    assert stage.entered[0][0] == pytest.approx(2 * PACE.seconds(8), abs=0.05)


def test_a_request_that_makes_no_progress_is_overdue_after_half_a_minute():
    stage = Stage()
    stage.values["a.prompt"] = "dub bass"
    stage.run(TICK_S)
    conductor = stage.conductor
    assert conductor.generating
    assert not conductor.overdue(29.0)
    assert conductor.overdue(31.0)
    conductor.on_progress(20.0)
    assert not conductor.overdue(49.0)
    conductor.on_worker_lost()
    assert not conductor.overdue(1000.0)


def test_the_harmony_is_asked_for_with_both_prompts_and_nothing_else_is_rewritten():
    stage = Stage()
    stage.values |= {"a.prompt": "slow cello", "b.prompt": "organ", "harmony": "C minor"}
    stage.run(5)
    asked = {prompt for request in stage.requests for prompt in (request.a.prompt, request.b.prompt)}
    assert asked == {"slow cello, in C minor", "organ, in C minor"}
    assert (stage.values["a.prompt"], stage.requests[0].a.negative) == ("slow cello", "")
    stage.values |= {"b.prompt": "", "harmony": "G major"}
    before = len(stage.requests)
    stage.run(5)
    assert [request.a.prompt for request in stage.requests[before:]] == ["slow cello, in G major"]


def test_a_new_prompt_abandons_the_old_one_and_enters_on_the_bar():
    stage = Stage()
    stage.values.update({"a.prompt": "rain", "quantize": 4.0})
    stage.run(5)
    stage.values["a.prompt"] = "thunder"
    stage.run(0.1)
    stage.values["a.prompt"] = "hail"
    stage.run(6)
    assert [type(m).__name__ for m in stage.worker] == ["Generate", "Generate", "Cancel", "Generate"]
    assert stage.requests[-1].a.prompt == "hail"
    assert off_grid(stage.entered[-1][0], 4) < 0.05


def test_a_moving_alpha_never_cancels_and_clips_keep_arriving():
    stage = Stage()
    stage.values.update({"a.prompt": "piano", "b.prompt": "organ", "quantize": 0.0})
    stage.run(5)
    before = len(stage.entered)

    def sweep(s: Stage) -> None:
        s.values["alpha"] = 0.5 + 0.5 * np.sin(s.now * 0.7)

    stage.run(30, sweep)
    assert not any(isinstance(message, Cancel) for message in stage.worker)
    arrivals = [beat / 2 for beat, _ in stage.entered[before:]]
    assert np.diff(arrivals).max() <= 2 * PACE.seconds(8)


def test_both_ends_are_loaded_in_spare_time_without_changing_what_plays():
    stage = Stage()
    stage.values.update({"a.prompt": "piano", "b.prompt": "organ"})
    stage.run(20)
    assert len(stage.requests) == 2
    places = [place for place, _ in stage.entered[-1][1].deck.anchors]
    assert places == [0.0, 1.0]


def test_alpha_back_at_a_place_that_is_loaded_asks_nothing():
    stage = Stage()
    stage.values.update({"a.prompt": "piano", "b.prompt": "organ", "quantize": 0.0})
    stage.run(5)
    stage.values["alpha"] = 0.5
    stage.run(5)
    asked = len(stage.requests)
    stage.values["alpha"] = 1.0
    stage.run(5)
    assert len(stage.requests) == asked


def test_drift_moves_the_seed_on_by_one_each_pass():
    stage = Stage()
    stage.values.update({"a.prompt": "noise", "drift": True, "quantize": 1.0})
    stage.run(24)
    seeds = [request.a.seed for request in stage.requests]
    assert seeds == list(range(len(seeds)))
    beats = [beat for beat, _ in stage.entered[1:]]
    assert max(off_grid(beat, 8) for beat in beats) < 0.05
    assert np.allclose(np.diff(beats), 8, atol=0.05)


def test_steps_are_chosen_to_meet_the_boundary_and_bounded_by_the_models_own():
    stage = Stage()
    stage.values.update({"a.prompt": "x", "quantize": 4.0})
    stage.run(1.5)
    stage.values["a.prompt"] = "y"
    stage.run(4)
    late = stage.requests[-1]
    assert 4 <= late.steps < 8
    assert stage.entered[-1][0] == pytest.approx(4.0, abs=0.05)
    stage.run(2 - stage.now % 2)
    stage.values["a.prompt"] = "z"
    stage.run(4)
    assert stage.requests[-1].steps == 8


def test_a_failed_request_is_not_repeated_until_something_changes():
    stage = Stage()
    stage.answers = False
    stage.values["a.prompt"] = "broken"
    stage.run(5)
    assert len(stage.requests) == 1
    stage.answers = True
    stage.values["a.seed"] = 1
    stage.run(5)
    assert len(stage.entered) == 1


def test_a_lost_worker_is_asked_again_when_a_new_one_is_ready():
    stage = Stage()
    stage.values["a.prompt"] = "x"
    stage.run(0.1)
    stage.busy = None
    stage.conductor.on_worker_lost()
    stage.run(1)
    assert len(stage.requests) == 1
    stage.conductor.on_worker(Ready("test", "cpu", SPEC, PACE, 8), stage, stage.beat)
    stage.run(2)
    assert len(stage.requests) == 2
    assert len(stage.entered) == 1


def test_a_file_at_strength_zero_plays_without_any_model():
    stage = Stage()
    stage.conductor.on_worker_lost()
    stage.values.update({"init": "loop.png", "a.strength": 0.0, "b.strength": 0.0})
    stage.run(1)
    assert stage.entered == []
    stage.conductor.on_init("loop.png", CLIP, SCORE)
    stage.run(1)
    assert len(stage.entered) == 1
    assert stage.requests == []


def test_playing_is_the_init_of_the_next_clip_and_does_not_chase_itself():
    stage = Stage()
    stage.values.update({"a.prompt": "x", "init": "playing", "a.strength": 0.5, "b.strength": 0.5})
    stage.run(10)
    assert len(stage.requests) == 1
    stage.values["a.prompt"] = "y"
    stage.run(10)
    first, second = (request.init for request in stage.requests)
    assert first is None
    assert second.mel is CLIP.mel
    assert second.request is None  # else every clip would hold all those before it


def test_panic_silences_and_generates_again():
    stage = Stage()
    stage.values["a.prompt"] = "x"
    stage.run(3)
    stage.conductor.panic()
    stage.run(3)
    assert any(isinstance(message, Silence) for message in stage.player)
    assert len(stage.requests) == 2
    assert len(stage.entered) == 2


def test_a_new_player_gets_everything_that_is_loaded_and_the_deck():
    stage = Stage()
    stage.values.update({"a.prompt": "piano", "b.prompt": "organ"})
    stage.run(20)
    stage.player.clear()
    stage.conductor.resync(stage.beat)
    added = {message.key for message in stage.player if isinstance(message, AddScore)}
    deck = next(message.deck for message in stage.player if isinstance(message, Enter))
    assert {key for _, key in deck.anchors} <= added


def test_a_held_deck_makes_room_for_a_clip_of_the_new_ends():
    """As a preset does: both ends and alpha change as one. What plays is held until the new place has a clip."""
    stage = Stage()
    stage.values.update({"a.prompt": "piano", "b.prompt": "organ", "alpha": 1.0, "quantize": 0.0})
    stage.run(10)
    entered = len(stage.entered)
    stage.values.update({"a.prompt": "organ", "b.prompt": "drums", "alpha": 0.0})
    stage.conductor.hold()
    stage.run(3)
    assert isinstance(next(m for m in reversed(stage.player) if isinstance(m, (Enter, Hold))), Enter)
    assert len(stage.entered) > entered  # the same sound, in a deck that follows alpha again
    assert [place for place, _ in stage.entered[-1][1].deck.anchors] == [0.0, 1.0]


def test_endless_paints_the_half_that_does_not_play_and_lets_it_in_before_it_is_reached():
    stage = Stage()
    stage.values.update({"a.prompt": "rain", "a.seed": 5, "quantize": 4.0})
    stage.run(5)
    begun, first = stage.beat, len(stage.requests)
    stage.values["endless"] = True
    stage.run(12)
    painted = stage.requests[first:]
    halves = [int(begun // 4) + 1 + i for i in range(len(painted))]
    assert len(painted) in (6, 7)  # one each half, of 2 s
    assert [request.repaint for request in painted] == [(0.5, 1.0) if half % 2 else (0.0, 0.5) for half in halves]
    assert [request.a.seed for request in painted] == [5 + half for half in halves]
    assert all(request.init.mel is CLIP.mel for request in painted)
    for beat, entry in stage.entered[2:]:
        assert entry.crossfade <= 0.5 and beat % 4 < 2.5  # while the half that stays still plays


def test_an_endless_half_is_painted_with_the_newest_prompt():
    stage = Stage()
    stage.values.update({"a.prompt": "rain", "endless": True, "steps": 30})
    stage.run(6)
    while stage.busy is None:
        stage.run(TICK_S)
    stage.values["a.prompt"] = "hail"
    stage.run(TICK_S * 3)
    assert isinstance(stage.worker[-2], Cancel)
    assert stage.requests[-1].a.prompt == "hail" and stage.requests[-1].repaint != (0.0, 1.0)


def test_a_mask_waits_for_its_file_and_keeps_the_init_at_full_strength():
    stage = Stage()
    stage.values.update({"a.prompt": "rain", "init": "loop.wav", "mask": "mask.png"})
    stage.conductor.on_init("loop.wav", CLIP, SCORE)
    stage.run(1)
    assert not stage.requests
    mask = np.ones((4, 8), np.float32)
    stage.conductor.on_mask("mask.png", mask)
    stage.run(1)
    assert stage.requests[0].mask is mask and stage.requests[0].init.mel is CLIP.mel


def test_loras_and_sampler_are_asked_for_and_a_weight_of_nothing_is_none():
    stage = Stage(folder="/presets/")
    stage.values.update({"a.prompt": "rain", "lora1": "dub.safetensors", "lora1_weight": 0.0, "sampler": "lcm"})
    stage.run(2)
    stage.values["lora1_weight"] = 0.5
    stage.run(2)
    assert [request.loras for request in stage.requests] == [(), (("/presets/dub.safetensors", 0.5),)]
    assert stage.requests[0].sampler == "lcm"


def test_what_fails_between_two_ends_is_not_asked_for_again_and_again():
    stage = Stage()
    stage.values.update({"a.prompt": "rain", "b.prompt": "hail", "alpha": 0.5})
    stage.answers = False
    stage.run(20)
    assert len(stage.requests) == 3


@pytest.mark.parametrize("kind", ["init", "mask"])
def test_a_file_that_is_none_is_done_without_until_it_is_named_anew(kind: str):
    stage = Stage()
    stage.values |= {"a.prompt": "rain", "a.strength": 0.5, "init": "loop.wav", "mask": "mask.png"}
    if kind == "mask":
        stage.conductor.on_init("loop.wav", CLIP, SCORE)
    stage.conductor.on_unreadable(kind, stage.values[kind])
    stage.run(2)
    stage.values["a.prompt"] = "hail"
    stage.run(5)
    assert [request.a.prompt for request in stage.requests] == ["rain", "hail"]
    assert [request.mask for request in stage.requests] == [None, None]
    assert [request.init is not None for request in stage.requests] == 2 * [kind == "mask"]
    stage.conductor.on_named(kind, stage.values[kind])
    stage.run(2)
    assert len(stage.requests) == 2, "it waits for the file"
    stage.conductor.on_init("loop.wav", CLIP, SCORE)
    stage.conductor.on_mask("mask.png", np.ones((4, 8), np.float32))
    stage.run(5)
    assert stage.requests[2].init is not None and stage.requests[2].mask is not None


def refuse(stage: Stage, kind: str, refused: Callable[[ClipRequest], tuple[str, str] | None]) -> list[float]:
    """The worker fails where `refused` says of which file; answers the times at which it failed."""
    failed_at: list[float] = []
    take = stage.conductor.on_worker

    def on_worker(message, values, beat):
        if isinstance(message, Generated) and (unfit := refused(stage.requests[-1])):
            failed_at.append(stage.now)
            message = Failed(message.id, f"a {kind} for another model", unfit)
        take(message, values, beat)

    stage.conductor.on_worker = on_worker
    return failed_at


def test_drift_goes_on_without_a_lora_that_the_model_cannot_use_and_with_the_other():
    stage = Stage()
    failed_at = refuse(stage, "lora", lambda request: next((("lora", f) for f, _ in request.loras if f == "x"), None))
    stage.values |= {"a.prompt": "rain", "lora1": "x", "lora2": "dub", "drift": True, "quantize": 0.0}
    stage.run(30)
    assert len(failed_at) == 1
    assert len({request.a.seed for request in stage.requests}) > 4
    assert {request.loras for request in stage.requests[1:]} == {(("dub", 1.0),)}
    stage.conductor.on_worker(Ready("another", "cpu", SPEC, PACE, 8), stage, stage.beat)
    stage.run(5)
    assert len(failed_at) == 2, "another model may be the one that it is for"


def test_a_mask_that_does_not_fit_the_model_is_done_without_between_alphas_ends():
    stage = Stage()
    failed_at = refuse(stage, "mask", lambda request: ("mask", "") if request.mask is not None else None)
    stage.values |= {"a.prompt": "rain", "b.prompt": "hail", "alpha": 0.5, "init": "loop.wav", "mask": "mask.png"}
    stage.conductor.on_init("loop.wav", CLIP, SCORE)
    stage.conductor.on_mask("mask.png", np.ones((9, 9), np.float32))
    stage.run(5)
    assert len(failed_at) == 1
    assert len(stage.entered) >= 1 and len(stage.requests) == 4


def test_each_thing_heard_is_a_new_init():
    stage = Stage()
    stage.values.update({"a.prompt": "rain", "init": "input", "strength": 0.5, "a.strength": 0.5, "b.strength": 0.5})
    stage.run(1)
    assert not stage.requests
    for count in (1, 2):
        stage.conductor.on_heard(CLIP, SCORE)
        stage.run(2)
        assert len(stage.requests) == count


def test_a_walk_through_a_set_loads_the_ends_first_and_goes_on_where_it_was():
    """From piano to organ, and on to drums: the end that sounds already is one of the next two."""
    stage = Stage()
    stage.values.update({"a.prompt": "piano", "quantize": 8.0})
    stage.run(3)
    for a, b in (("piano", "organ"), ("organ", "drums")):
        stage.values.update({"a.prompt": a, "b.prompt": b, "alpha": 0.01})
        stage.conductor.hold()
        entered, asked = len(stage.entered), len(stage.requests)

        def walk(s: Stage) -> None:
            s.values["alpha"] = min(0.99, s.values["alpha"] + 0.003)

        stage.run(3, walk)
        beat, entry = stage.entered[entered]
        assert [place for place, _ in entry.deck.anchors] == [0.0, 1.0]
        assert off_grid(beat, 8) > 0.05  # at once: what sounded goes on
        assert [request.alpha for request in stage.requests[asked : asked + 1]] == [0.0]
