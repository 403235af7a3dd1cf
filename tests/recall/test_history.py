"""Undo and redo: what counts as one step."""

from __future__ import annotations

import pytest

from riffsynth.control.store import ParameterStore
from riffsynth.recall.history import MOST_STEPS, PAUSE_S, History


class Desk:
    """A store whose changes a history hears at a hand-turned time."""

    def __init__(self) -> None:
        self.now = 0.0
        self.store = ParameterStore()
        self.history = History(self.store.snapshot())
        self.store.listen(lambda change: self.history.changed(change, self.now))

    def move(self, name, value, after_s=0.01, source="midi:nano"):
        self.now += after_s
        self.store.set(name, value, source)

    def undo(self):
        return self._put(self.history.undo())

    def redo(self):
        return self._put(self.history.redo())

    def _put(self, values):
        if values:
            self.store.load(values, "undo")
        return values


@pytest.fixture
def desk():
    return Desk()


def test_a_turned_knob_is_one_step_and_a_pause_ends_it(desk):
    for position in range(50):
        desk.move("pitch", position / 10)
    desk.move("pitch", 9.0, PAUSE_S + 0.1)
    assert desk.undo() == {"pitch": 4.9}
    assert desk.undo() == {"pitch": 0.0}
    assert desk.undo() is None
    assert desk.redo() == {"pitch": 4.9}
    assert desk.redo() == {"pitch": 9.0}
    assert desk.redo() is None


def test_two_knobs_at_the_same_time_are_two_steps(desk):
    for position in range(1, 50):
        desk.move("pitch", position / 10)
        desk.move("level", -position / 10)
    assert desk.undo() == {"level": 0.0}
    assert desk.undo() == {"pitch": 0.0}


def test_switches_and_texts_are_a_step_each_time(desk):
    desk.move("a.prompt", "piano")
    desk.move("a.prompt", "organ")
    desk.move("mute", True)
    assert [desk.undo() for _ in range(3)] == [{"mute": False}, {"a.prompt": "piano"}, {"a.prompt": ""}]


def test_what_comes_at_the_same_moment_is_one_step(desk):
    desk.now = 1.0
    desk.store.load({"a.prompt": "dub", "pitch": 3.0, "strength": 0.5}, "preset")
    desk.move("pitch", 4.0)
    assert desk.undo() == {"pitch": 3.0}  # a knob right after a preset is not part of it
    assert desk.undo() == {"a.prompt": "", "pitch": 0.0, "a.strength": 1.0, "b.strength": 1.0}
    assert desk.store.get("strength") == 1.0


def test_drift_is_nobodys_step_but_is_not_undone_either(desk):
    desk.move("a.seed", 5)
    desk.move("a.seed", 6, source="drift")
    desk.move("pitch", 1.0)
    assert desk.undo() == {"pitch": 0.0}
    assert desk.store.get("a.seed") == 6
    assert desk.undo() == {"a.seed": 0}


def test_what_moves_have_set_goes_back_with_the_step_that_let_them_move(desk):
    desk.move("pitch", 3.0)
    desk.move("modulation", False, PAUSE_S + 0.1)
    desk.move("modulation", True, PAUSE_S + 0.1)
    for position in range(5):
        desk.move("pitch", position / 10, source="modulation")
    desk.move("alpha", 0.5, PAUSE_S + 0.1)
    desk.move("pitch", 1.0, source="modulation")
    assert desk.undo() == {"alpha": 0.0}
    assert desk.undo() == {"modulation": False, "pitch": 3.0}
    assert desk.redo() == {"modulation": True, "pitch": 1.0}


def test_what_moves_of_a_preset_have_set_goes_back_with_it(desk):
    desk.move("level", -3.0)
    desk.move("preset", "rooftop", PAUSE_S + 0.1, source="preset")
    desk.move("level", -20.0, source="modulation")
    assert desk.undo() == {"preset": "", "level": -3.0}


def test_a_new_move_forgets_what_was_undone(desk):
    desk.move("pitch", 1.0)
    desk.undo()
    desk.move("level", -3.0)
    assert desk.redo() is None


def test_a_morph_with_all_it_moves_is_one_step_however_long_it_takes(desk):
    desk.move("morph", 2.0)
    for step in range(1, 11):
        desk.move("alpha", step / 10, 5.0, "morph")
        desk.move("speed", 1 + step / 10, 0.0, "morph")
        desk.move("pitch", float(step), 0.0)
    assert desk.undo() == {"pitch": 9.0}
    for _ in range(9):
        desk.undo()
    assert desk.undo() == {"morph": 0.0, "alpha": 0.0, "speed": 1.0}


def test_triggers_are_no_steps_and_memory_is_bounded(desk):
    desk.move("tap", True)
    assert desk.undo() is None
    for step in range(MOST_STEPS + 50):
        desk.move("pitch", (step % 20) / 2 + 0.5, PAUSE_S + 1)
    assert sum(desk.undo() is not None for _ in range(MOST_STEPS + 50)) == MOST_STEPS
