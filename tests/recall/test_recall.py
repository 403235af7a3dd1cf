"""Presets, sets, morphs, snapshots, undo and edited files, as a hand on the instrument finds them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from made_clips import tone_clip

from riffsynth.files.readers import FileRead
from riffsynth.performance.session import Session
from riffsynth.playback.messages import Enter, Hold, SetPlayback
from riffsynth.recall import preset as preset_module
from riffsynth.recall import snapshots
from riffsynth.recall.file_watch import FileWatch
from riffsynth.recall.preset import load_preset
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.spectrogram.inversion import score_of

PRESETS = {
    "a-piano": "name: Piano\na: {prompt: piano, seed: 3}\npitch: -12\ntempo: 120\n",
    "b-organ": "name: Organ\na: {prompt: organ}\nb: {prompt: bells}\nmidi: [{cc: 1, to: alpha}]\n",
    "c-drums": "name: Drums\na: {prompt: drums}\npitch: 12\nreverse: yes\ntempo: 120\n",
}


class HandWatch(FileWatch):
    """Looks when a test says so."""

    def _look_on(self) -> None:
        pass


class Later:
    """A background whose answers come when a test says so."""

    def __init__(self) -> None:
        self.jobs: list[tuple[Callable[[], Any], Callable[[Any], Any]]] = []

    def run(self, job: Callable[[], Any], done: Callable[[Any], Any]) -> None:
        self.jobs.append((job, done))

    def answer(self) -> None:
        jobs, self.jobs = self.jobs, []
        for job, done in jobs:
            done(job())


class NoFiles:
    def read(self, name: str, path: Path, purpose: str) -> None:
        pass


class Room:
    """A session on a preset of three, 120 beats a minute, with what it said and sent."""

    def __init__(self, folder: Path, opened: str = "a-piano", background: Any = None, **overrides: Any) -> None:
        self.said: list[str] = []
        self.player: list[Any] = []
        self.watch = HandWatch(lambda: None)
        self.session = Session(
            0.0, self.player.append, lambda _: None, NoFiles(), self.said.append, background, self.watch
        )
        self.store = self.session.store
        self.now = 0.0
        self.session.load(load_preset(folder / f"{opened}.yaml"), 0.0, overrides)
        self.wait(0.1)

    def wait(self, seconds: float) -> None:
        for _ in range(round(seconds / 0.05)):
            self.now += 0.05
            self.session.step(self.now)

    def do(self, name: str, value: Any = True) -> None:
        self.store.set(name, value, "osc:127.0.0.1:5000")
        self.wait(0.1)

    def values(self, *names: str) -> tuple[Any, ...]:
        return tuple(self.store.get(name) for name in names)

    def save(self, file: Path, text: str) -> None:
        """As an editor saves: seen by the watch after two looks."""
        self.watch.look()
        file.write_text(text)
        for _ in range(2):
            self.watch.look()
        self.wait(0.05)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    made = tmp_path / "presets"
    made.mkdir()
    for name, text in PRESETS.items():
        (made / f"{name}.yaml").write_text(text)
    monkeypatch.setattr(preset_module, "preset_folders", lambda: [made])
    monkeypatch.setattr(
        snapshots, "snapshot_folder", lambda preset: tmp_path / "snapshots" / (preset.file.stem if preset else "none")
    )
    return made


ACTIONS = st.one_of(
    st.tuples(st.just("morph"), st.floats(0, 127)),
    st.tuples(st.just("morph_beats"), st.sampled_from([0.0, 1.0, 8.0])),
    st.tuples(st.sampled_from(["next", "previous", "undo", "redo"]), st.just(True)),
    st.tuples(st.just("preset"), st.sampled_from([*PRESETS, "nothing"])),
    st.tuples(st.sampled_from(["snapshot", "snapshot_store"]), st.integers(0, 3)),
    st.tuples(st.just("pitch"), st.floats(-24, 24)),
    st.tuples(st.just("a.prompt"), st.sampled_from(["rain", "snow"])),
    st.tuples(st.just("alpha"), st.floats(0, 1)),
)


@pytest.fixture
def room(folder):
    return Room(folder)


def test_next_and_previous_go_through_the_folder_and_stop_at_its_ends(room):
    room.do("previous")
    assert "first preset" in room.said.pop()
    room.do("next")
    room.do("next")
    assert room.values("a.prompt", "preset", "morph", "pitch") == ("drums", "c-drums", 2.0, 12.0)
    room.do("next")
    assert "last preset" in room.said.pop()
    room.do("previous")
    assert room.values("a.prompt", "b.prompt", "pitch", "reverse") == ("organ", "bells", 0.0, False)
    assert [binding.to for binding in room.session.preset.midi] == ["alpha"]


def test_a_list_is_another_order(room, folder, tmp_path):
    evening = tmp_path / "evening.yaml"
    evening.write_text("- c-drums\n- a-piano\n- nothing\n")
    room.do("setlist", str(evening))
    assert room.said == [f"{evening}:3: nothing: there is no preset of this name; there are a-piano, b-organ, c-drums"]
    assert room.store.get("morph") == 1.0
    room.do("previous")
    assert room.store.get("a.prompt") == "drums"


def test_a_list_that_the_command_line_names_is_gone_through(folder, tmp_path):
    evening = tmp_path / "evening.yaml"
    evening.write_text("- c-drums\n- a-piano\n")
    room = Room(folder, "c-drums", setlist=str(evening))
    assert room.session.recall.following["a.prompt"] == "piano"
    room.do("next")
    assert room.store.get("a.prompt") == "piano" and room.session.recall.following is None
    assert Room(folder).session.recall.following is None  # nobody has named a set


@pytest.mark.parametrize("beats", [0.0, 1.0])
def test_a_list_that_names_a_preset_twice_goes_on_after_either(room, tmp_path, beats):
    evening = tmp_path / "evening.yaml"
    evening.write_text("- a-piano\n- b-organ\n- a-piano\n- c-drums\n")
    room.do("setlist", str(evening))
    room.do("morph_beats", beats)
    gone_to = []
    for _ in range(3):
        room.do("next")
        room.wait(0.6)
        gone_to.append(room.values("a.prompt", "morph"))
    assert gone_to == [("organ", 1.0), ("piano", 2.0), ("drums", 3.0)]


def test_a_walk_goes_on_where_the_song_is_moved_back(room):
    room.wait(4.0)
    room.do("morph_beats", 2.0)
    room.do("morph", 1.0)
    room.do("locate", 0.0)
    room.wait(1.3)
    assert room.values("a.prompt", "alpha") == ("organ", 0.0)


def test_morph_at_once_is_between_two_presets(room):
    room.do("morph", 1.5)
    assert room.values("a.prompt", "b.prompt", "alpha", "pitch") == ("organ", "drums", 0.5, 6.0)
    room.do("morph", 2.0)
    assert room.values("a.prompt", "b.prompt", "alpha", "pitch", "reverse") == ("drums", "", 0.0, 12.0, True)
    room.do("next")
    assert "last preset" in room.said[-1]
    room.do("morph", 1.5)
    room.do("previous")
    assert room.values("a.prompt", "preset", "morph") == ("organ", "b-organ", 1.0)


def test_morph_over_beats_walks_evenly_and_arrives(room):
    room.do("morph_beats", 8.0)
    start = room.now
    room.do("morph", 2.0)
    room.wait(1.9)  # 4 of 8 beats at 120 a minute
    assert room.values("a.prompt", "pitch") == ("organ", pytest.approx(0.0, abs=1.0))
    room.wait(start + 4.2 - room.now)
    assert room.values("a.prompt", "alpha", "pitch") == ("drums", 0.0, 12.0)


def test_next_over_beats_ends_with_the_preset_open(room):
    room.do("morph_beats", 4.0)
    room.do("next")
    room.wait(0.9)
    assert room.values("preset", "a.prompt", "b.prompt") == ("a-piano", "piano", "organ")
    assert 0.4 < room.store.get("alpha") < 0.6
    room.wait(1.2)
    assert room.values("preset", "a.prompt", "b.prompt", "alpha") == ("b-organ", "organ", "bells", 0.0)
    assert room.session.preset.name == "Organ"


def test_a_hand_on_another_preset_ends_the_walk(room):
    room.do("morph_beats", 64.0)
    room.do("morph", 1.0)
    room.do("preset", "c-drums")
    room.wait(1.0)
    assert room.values("a.prompt", "pitch") == ("drums", 12.0)


def test_what_sounds_is_held_where_the_ends_change_and_only_there(room):
    clip = tone_clip(440.0)
    room.session.news.on_file(FileRead("x", "first", clip, score_of(clip, SynthesisGrid.for_rate(44100))), room.now)
    room.player.clear()
    room.do("morph", 0.25)
    room.do("morph", 0.75)
    kinds = [type(message) for message in room.player]
    assert kinds.count(Hold) == 1 and kinds.index(Hold) < kinds.index(SetPlayback)
    room.do("morph", 1.25)
    assert [type(message) for message in room.player].count(Hold) == 2
    assert Enter not in kinds


def test_a_snapshot_is_stored_recalled_and_there_after_a_restart(room, folder):
    room.do("pitch", 5.0)
    room.do("b.prompt", "rain")
    room.do("level", -6.0)
    room.do("snapshot_store", 3)
    assert room.store.get("snapshot") == 3
    room.do("pitch", 0.0)
    room.do("b.prompt", "snow")
    room.do("level", -9.0)
    room.do("snapshot", 3)
    assert room.values("pitch", "b.prompt", "a.prompt", "level") == (5.0, "rain", "piano", -9.0)
    again = Room(folder)
    again.do("snapshot", 3)
    assert again.values("pitch", "b.prompt") == (5.0, "rain")
    assert again.said == []


def test_each_preset_has_snapshots_of_its_own_and_a_missing_one_is_told(room):
    room.do("snapshot_store", 1)
    room.do("snapshot_store", 12)
    room.do("next")
    room.do("snapshot", 1)
    room.do("previous")
    room.do("snapshot", 2)
    assert room.said == [
        "there is no snapshot 1 of b-organ; stored are none yet",
        "there is no snapshot 2 of a-piano; stored are 1, 12",
    ]


def test_undo_takes_back_presets_snapshots_and_morphs_whole(room):
    before = room.store.snapshot()
    room.do("pitch", 3.0)
    room.wait(2.0)
    room.do("morph", 1.5)
    room.wait(2.0)
    room.do("preset", "b-organ")
    for _ in range(3):
        room.do("undo")
    assert room.store.snapshot() == before
    assert room.session.preset.name == "Piano"
    room.do("undo")
    assert room.said == ["there is nothing more to undo or redo"]
    for _ in range(3):
        room.do("redo")
    assert room.values("a.prompt", "preset", "morph") == ("organ", "b-organ", 1.0)
    assert room.session.preset.name == "Organ"


def test_undo_passes_over_what_made_no_sound(room):
    room.do("pitch", 3.0)
    room.wait(2.0)
    room.do("snapshot_store", 1)
    room.do("preset", "nothing-of-this-name")
    assert room.store.get("preset") == "a-piano"
    room.do("jump", 4.0)
    room.do("undo")
    assert room.store.get("pitch") == -12.0


def test_an_edited_file_enters_on_the_bar_and_leaves_what_the_hand_moved(room, folder):
    room.do("level", -6.0)
    room.do("pitch", 7.0)
    file = folder / "a-piano.yaml"
    room.save(file, "name: Piano\na: {prompt: grand piano, seed: 3}\npitch: -12\ntempo: 120\nspeed: 0.5\n")
    assert room.values("a.prompt", "speed") == ("piano", 1.0)
    room.wait(2.0)  # a bar
    assert room.values("a.prompt", "speed", "pitch", "level") == ("grand piano", 0.5, 7.0, -6.0)
    room.do("undo")
    assert room.store.get("a.prompt") == "piano"


def test_a_broken_edit_is_told_with_its_line_and_the_last_good_version_stays(room, folder):
    file = folder / "a-piano.yaml"
    room.save(file, "a: {prompt: grand piano}\npitch: high\n")
    room.wait(2.5)
    assert room.store.get("a.prompt") == "piano"
    assert room.said == [f"{file}:2: pitch is a number -24..24 semitones, found 'high'; the last good version plays on"]
    room.save(file, "a: {prompt: grand piano}\npitch: 1\n")
    room.wait(2.5)
    assert room.values("a.prompt", "pitch") == ("grand piano", 1.0)


def test_a_preset_that_is_added_to_the_folder_joins_the_set(room, folder):
    room.save(folder / "d-new.yaml", "a: {prompt: new}\n")
    room.do("morph", 3.0)
    assert room.store.get("a.prompt") == "new"


def test_nothing_waits_for_files(folder):
    """With a background that has not answered yet, every step is done and the sound stays as it is."""
    background = Later()
    room = Room(folder, background=background)
    room.do("morph", 1.0)
    room.do("preset", "c-drums")
    room.do("snapshot", 9)
    assert room.store.get("a.prompt") == "piano"
    background.answer()
    room.wait(0.1)
    background.answer()
    assert room.store.get("a.prompt") == "drums"
    assert room.said == ["there is no snapshot 9 of a-piano; stored are none yet"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example([(("morph", 1.0), 0.1), (("pitch", 1.0), 0.1), (("morph", 0.0), 0.1)])
@given(st.lists(st.tuples(ACTIONS, st.sampled_from([0.1, 0.6, 2.5])), max_size=12))
def test_whatever_the_hands_do_it_goes_on_and_undo_leads_back_to_the_beginning(folder, doings):
    room = Room(folder)
    begun = room.store.snapshot()
    for (name, value), pause_s in doings:
        room.do(name, value)
        room.wait(pause_s)
    room.do("preset", "a-piano")
    for _ in range(60):
        room.do("undo")
    now = room.store.snapshot()
    assert {name for name in now if now[name] != begun[name]} <= {"snapshot", "snapshot_store"}
    assert room.session.preset.name == "Piano"
