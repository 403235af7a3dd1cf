"""The session alone: presets, files and time, without devices or processes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from made_clips import tone_clip

from riffsynth.control.moves import Move
from riffsynth.diffusion.messages import Cancelled, Failed, Pace, Ready
from riffsynth.files.readers import FileRead
from riffsynth.listening.messages import Early, Heard, Listen
from riffsynth.performance.session import Session
from riffsynth.playback.messages import Enter, Opened, SetPlayback, SetTimeline
from riffsynth.recall.preset import Preset
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.spectrogram.inversion import score_of
from riffsynth.spectrogram.spec import EMBEDDED
from riffsynth.timing.midi_clock import ClockMessage


class Reader:
    """Remembers what it was asked to read."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Path, str]] = []

    def read(self, name: str, path: Path, purpose: str, number: int = 0) -> None:
        self.asked.append((name, path, purpose))


class Room:
    """A session whose messages are kept."""

    def __init__(self, listen: Callable[[Listen], object] | None = None) -> None:
        self.player: list = []
        self.worker: list = []
        self.said: list[str] = []
        self.files = Reader()
        sends = (self.player.append, self.worker.append, self.files, self.said.append)
        self.session = Session(0.0, *sends, listen=listen)

    def sent(self, kind: type) -> list:
        return [message for message in self.player if isinstance(message, kind)]


def test_a_preset_resets_the_sound_and_leaves_time_and_level_alone():
    room = Room()
    store = room.session.store
    for name, value in {"pitch": 7.0, "a.prompt": "old", "tempo": 97.0, "level": -9.0}.items():
        store.set(name, value, "test")
    room.session.load(Preset("new", values={"alpha": 0.25, "strength": 0.5, "b.strength": 0.75}), 1.0)
    values = {name: store.get(name) for name in ("pitch", "a.prompt", "tempo", "level", "alpha")}
    assert values == {"pitch": 0.0, "a.prompt": "", "tempo": 97.0, "level": -9.0, "alpha": 0.25}
    assert (store.get("a.strength"), store.get("b.strength")) == (0.5, 0.75)


def test_files_of_a_preset_lie_beside_it():
    room = Room()
    folder = Path("/somewhere/presets")
    room.session.load(Preset("p", values={"init": "loop.png"}, clip=folder / "first.png", folder=folder), 0.0)
    assert room.files.asked == [
        (str(folder / "loop.png"), folder / "loop.png", "init"),
        (str(folder / "first.png"), folder / "first.png", "first"),
    ]


def test_a_first_clip_enters_and_a_broken_one_is_told():
    room = Room()
    clip = tone_clip(440.0)
    room.session.news.on_file(FileRead("x.png", "first", error="x.png: not an image"), 0.0)
    assert room.said == ["x.png: not an image"]
    room.session.news.on_file(FileRead("y.png", "first", clip, score_of(clip, SynthesisGrid.for_rate(44100))), 0.0)
    assert len(room.sent(Enter)) == 1


def test_a_failure_that_alphas_ends_share_is_told_once_and_again_when_something_else_was_asked_for():
    room = Room()
    store = room.session.store
    for number in range(3):
        room.session.news.on_worker(Failed(number, "x.safetensors: a LoRA for another model"), 0.0)
    room.session.news.on_worker(Failed(3, "out of memory"), 0.0)
    assert room.said == ["x.safetensors: a LoRA for another model", "out of memory"]
    store.set("a.prompt", "something else", "test")
    room.session.news.on_worker(Failed(4, "out of memory"), 0.0)
    assert room.said[2:] == ["out of memory"]
    for number, mover in enumerate(("drift", "modulation"), 5):
        store.set("a.seed", number, mover)
        room.session.news.on_worker(Failed(number, "out of memory"), 0.0)
    assert len(room.said) == 3, "what moves by itself is not asked for by anybody"


def test_a_file_that_cannot_be_used_is_told_once_and_prompts_are_followed_without_it():
    room = Room()
    room.session.news.on_worker(Ready("test", "cpu", EMBEDDED, Pace(0.1, 0.1), 8), 0.0)
    room.session.load(Preset("p", values={"init": "x.png", "strength": 0.5, "lora1": "y.safetensors"}), 0.0)
    room.session.step(0.0)
    assert room.worker == []
    name = str(room.session.store.get("init"))
    room.session.news.on_file(FileRead(name, "init", error="x.png: not an image"), 0.1)
    for number, prompt in enumerate(("rain", "hail", "snow")):
        room.session.store.set("a.prompt", prompt, "test")
        room.session.step(0.2 + number)
        asked = room.worker[-1].request
        assert (asked.a.prompt, asked.init) == (prompt, None)
        if number == 0:
            lora = asked.loras[0][0]
            room.session.news.on_worker(Failed(asked.id, "y: a LoRA for another model", ("lora", lora)), 0.3)
            room.session.step(0.4)
            asked = room.worker[-1].request
            assert (asked.a.prompt, asked.loras) == (prompt, ())
        room.session.news.on_worker(Cancelled(asked.id), 0.5 + number)
    without = "; clips are made without it"
    assert room.said == [f"x.png: not an image{without}", f"y: a LoRA for another model{without}"]
    room.session.store.set("lora1", "z.safetensors", "test")
    room.session.store.set("lora1", "y.safetensors", "test")
    room.session.step(9.0)
    assert room.worker[-1].request.loras, "it was named anew"


def test_without_an_input_to_listen_to_the_prompt_is_followed_without_an_init():
    room = Room()
    room.session.news.on_worker(Ready("test", "cpu", EMBEDDED, Pace(0.1, 0.1), 8), 0.0)
    for name, value in {"a.prompt": "rain", "a.strength": 0.5, "init": "input"}.items():
        room.session.store.set(name, value, "test")
    for turn in range(200):
        room.session.step(turn / 10)
    assert len(room.said) == 1 and "no input here" in room.said[0]
    asked = room.worker[-1].request
    assert (asked.a.prompt, asked.init) == ("rain", None)


def test_until_the_input_has_heard_eight_beats_the_prompt_is_followed_and_nothing_is_said():
    listened: list[Listen] = []
    room = Room(listened.append)
    room.session.news.on_worker(Ready("test", "cpu", EMBEDDED, Pace(0.1, 0.1), 8), 0.0)
    for name, value in {"a.prompt": "rain", "a.strength": 0.5, "init": "input"}.items():
        room.session.store.set(name, value, "test")
    room.session.step(0.0)
    assert len(listened) == 1
    room.session.news.on_listener(Early())
    room.session.step(0.1)
    asked = room.worker[-1].request
    assert (asked.a.prompt, asked.init) == ("rain", None)
    room.session.news.on_worker(Cancelled(asked.id), 0.1)
    clip = tone_clip(220.0)
    room.session.news.on_listener(Heard(clip, score_of(clip, SynthesisGrid.for_rate(44100))))
    room.session.step(0.2)
    assert np.array_equal(room.worker[-1].request.init.mel, clip.mel)
    assert room.said == []


def test_values_reach_the_player_whole_once_a_turn():
    room = Room()
    room.session.step(0.0)
    room.session.store.set("pitch", 3.0, "test")
    room.session.store.set("level", -6.0, "test")
    room.session.step(0.1)
    room.session.step(0.2)
    states = [message.state for message in room.sent(SetPlayback)]
    assert len(states) == 2
    assert (states[1].pitch, states[1].level) == (3.0, -6.0)


def test_tempo_play_and_stop_move_the_timeline_without_a_jump():
    room = Room()
    room.session.step(0.0)
    room.session.step(1.0)
    room.session.store.set("tempo", 60.0, "test")
    room.session.step(1.0)
    room.session.step(2.0)
    room.session.store.set("stop", True, "test")
    room.session.step(2.0)
    timelines = [message.timeline for message in room.sent(SetTimeline)]
    assert [timeline.tempo for timeline in timelines] == [120.0, 60.0, 60.0]
    assert timelines[-1].beat == pytest.approx(3.0)
    assert not timelines[-1].playing


def test_midi_clock_sets_the_time_once_it_is_chosen():
    room = Room()
    room.session.store.set("clock", "midi", "test")
    room.session.on_clock(ClockMessage("start", 0.0, source="drum machine"))
    for tick in range(24 * 8 + 1):
        room.session.on_clock(ClockMessage("tick", tick / 24 / 1.5, source="drum machine"))
    now = 8 / 1.5
    room.session.step(now)
    timeline = room.sent(SetTimeline)[-1].timeline
    assert timeline.beat_at(now) == pytest.approx(8.0, abs=0.01)
    assert timeline.tempo == pytest.approx(90.0, rel=0.001)
    assert room.session.clock_status(now).source == "drum machine"


def test_one_of_several_midi_clocks_is_chosen_by_name():
    room = Room()
    room.session.store.set("clock", "midi", "osc")
    room.session.store.set("clock_in", "keys", "osc")
    for source in ("drums:out", "Keys:out"):
        room.session.on_clock(ClockMessage("start", 1.0, source=source))
        room.session.on_clock(ClockMessage("tick", 1.01, source=source))
    status = room.session.clock_status(1.02)
    assert (status.source, status.problem) == ("Keys:out", "not followed: drums:out")
    assert room.session.timeline.beat_at(1.01) == 0.0


def test_an_unknown_preset_is_told_and_nothing_changes():
    room = Room()
    room.session.store.set("a.prompt", "stays", "test")
    room.session.store.set("preset", "no-such-preset-at-all", "osc")
    assert room.session.store.get("a.prompt") == "stays"
    assert "no-such-preset-at-all" in room.said[0]


def beat_sent(room: Room, now: float) -> float:
    return room.sent(SetTimeline)[-1].timeline.beat_at(now)


def test_jump_locate_and_nudge_act_once_and_spring_back():
    room = Room()
    store = room.session.store
    room.session.step(0.0)
    for name, value, beat in (("jump", 4.0, 6.0), ("jump", 4.0, 10.0), ("locate", 0.0, 0.0), ("nudge", 50.0, -0.1)):
        room.session.step(1.0)
        store.set(name, value, "osc")
        room.session.step(1.0)
        assert beat_sent(room, 1.0) == pytest.approx(beat)
    assert [store.get(name) for name in ("jump", "locate", "nudge")] == [0.0, -1.0, 0.0]


def test_a_nudge_under_a_foreign_clock_moves_the_offset():
    room = Room()
    room.session.store.set("clock", "midi", "osc")
    for _ in range(2):
        room.session.store.set("nudge", 5.0, "osc")
    room.session.step(0.0)
    assert room.sent(SetPlayback)[-1].state.clock_offset == 10.0


def test_quantize_follows_the_meter_where_it_is_given_in_bars():
    room = Room()
    store = room.session.store

    def after(name, value):
        store.set(name, value, "osc")
        room.session.step(0.0)
        return store.get("quantize_to"), store.get("quantize")

    assert after("meter", 3) == ("beats", 4.0)
    assert after("quantize_to", "2 bars") == ("2 bars", 6.0)
    assert after("meter", 5) == ("2 bars", 10.0)
    assert after("quantize", 1.0) == ("beats", 1.0)
    assert after("quantize_to", "off") == ("off", 0.0)


def test_a_preset_in_bars_counts_in_its_own_meter():
    room = Room()
    room.session.load(Preset("waltz", values={"meter": 3, "quantize_to": "bar"}), 0.0)
    room.session.step(0.0)
    assert (room.session.store.get("quantize_to"), room.session.store.get("quantize")) == ("bar", 3.0)
    room.session.load(Preset("plain", values={"quantize": 8.0}), 0.0)
    room.session.step(0.0)
    assert (room.session.store.get("quantize_to"), room.session.store.get("quantize")) == ("beats", 8.0)


def test_back_on_the_internal_clock_the_song_goes_on_at_the_tempo_it_had():
    room = Room()
    room.session.store.set("clock", "midi", "osc")
    room.session.on_clock(ClockMessage("start", 0.0))
    for tick in range(24 * 8 + 1):
        room.session.on_clock(ClockMessage("tick", tick / 24 / 1.5))
    now = 8 / 1.5
    room.session.step(now)
    room.session.store.set("clock", "internal", "osc")
    room.session.step(now)
    assert beat_sent(room, now + 1.0) == pytest.approx(9.5, abs=0.02)
    assert room.session.store.get("tempo") == pytest.approx(90.0, rel=0.001)


def test_an_lfo_is_in_time_with_what_is_heard_and_can_be_held():
    room = Room()
    room.session.news.on_player(Opened("null", 44100, 2, latency_s=0.25), 0.0)  # half a beat, and beat 0 is heard then
    room.session.load(Preset("p", moves=(Move(lfo="ramp", beats=4, to="alpha"),)), 0.0)
    room.session.step(0.0)
    assert room.session.store.get("alpha") == 0
    room.session.step(0.5)
    assert room.session.store.get("alpha") == pytest.approx(0.25)
    room.session.store.set("modulation", False, "osc")
    room.session.step(1.0)
    assert room.session.store.get("alpha") == pytest.approx(0.25)


def test_an_input_is_listened_to_while_something_follows_it():
    room = Room()
    room.session.load(Preset("p", moves=(Move(input="mic", floor=-40, to="alpha"),)), 0.0)
    room.session.step(0.0)
    assert room.session.mover.inputs == {"mic"}
    room.session.mover.levels_db["mic"] = -10.0
    room.session.step(0.1)
    assert room.session.store.get("alpha") == pytest.approx(0.75)
    room.session.store.set("modulation", False, "osc")
    room.session.step(0.2)
    assert room.session.mover.inputs == set()
