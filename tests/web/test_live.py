"""What the page is sent: frames on a clock of their own, and what a new viewer or a new page must be told."""

from __future__ import annotations

import json
import wave
from io import BytesIO

import numpy as np
import pytest

from riffsynth.playback.messages import (
    AddScore,
    Deck,
    Enter,
    Entered,
    ForgetScores,
    Heard,
    Opened,
    PlaybackState,
    SetPlayback,
    SetTimeline,
    Silence,
)
from riffsynth.playback.recorder import from_24_bit
from riffsynth.spectrogram.clip import Score
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.timing.timeline import Timeline
from riffsynth.web.heard import BANDS
from riffsynth.web.live import CLIP, HEADER, HEARD, Live
from riffsynth.web.messages import Beside
from riffsynth.web.mirror import Mirror, retold
from riffsynth.web.takes import KEPT_S, Takes
from riffsynth.web.viewers import Viewer

RATE = 44100
OPENED = Opened("null", RATE, 2, 0.03)
BINS = SynthesisGrid.for_rate(RATE).bins


class Watcher(Viewer):
    """A viewer whose frames are kept."""

    def __init__(self):
        super().__init__(("web:test", 1), socket=None)
        self.frames = []

    def send(self, frame):
        self.frames.append(frame)

    def texts(self, kind):
        return [
            message for frame in self.frames if isinstance(frame, str) if (message := json.loads(frame))["is"] == kind
        ]

    def clips(self):
        return [HEADER.unpack_from(frame)[2] for frame in self.frames if isinstance(frame, bytes) and frame[0] == CLIP]


def score(value=0.1):
    return Score(np.full((4, BINS), value, np.float32), 8.0)


def enter(number, *keys, at=0.0):
    return Enter(Deck(number, tuple((index / max(1, len(keys) - 1), key) for index, key in enumerate(keys))), at, 1.0)


@pytest.fixture
def played():
    """The prompts that were lined up and have been played."""
    return []


@pytest.fixture
def live(tmp_path, played):
    live = Live(Takes(tmp_path), played.append, lambda: 0.0)
    live.player(OPENED)
    return live


def test_a_new_viewer_is_sent_the_clips_that_sound_and_wait_and_no_others(live):
    for key in (1, 2, 3):
        live.player(AddScore(key, score()))
    for message in (enter(10, 1), Entered(10, 0.0), enter(11, 1, 2, at=4.0)):
        live.player(message)
    watcher = Watcher()
    live.add(watcher)
    assert watcher.clips() == [1, 2]
    (ahead,) = watcher.texts("ahead")
    assert (ahead["sounding"]["id"], ahead["coming"]["id"], ahead["coming"]["at"]) == (10, 11, 4.0)
    live.player(Entered(11, 4.0))
    live.player(enter(12, 2, 3, at=8.0))
    assert watcher.clips() == [1, 2, 3]  # none is sent twice
    live.player(Silence())
    assert watcher.texts("ahead")[-1]["coming"] is None


def test_heard_columns_carry_their_time_and_level(live):
    watcher = Watcher()
    live.add(watcher)
    time = (np.arange(4 * 2205) / RATE).astype(np.float32)
    for index, piece in enumerate(np.split(np.sin(2 * np.pi * 440 * time).astype(np.float32), 4)):
        live.player(Heard(index * 2205, 100 + index * 0.05, RATE, piece))
    frames = [frame for frame in watcher.frames if isinstance(frame, bytes)]
    headers = [HEADER.unpack_from(frame) for frame in frames]
    columns = sum(header[1] for header in headers)
    assert {header[0] for header in headers} == {HEARD}
    assert all(len(frame) == HEADER.size + header[1] * BANDS for frame, header in zip(frames, headers, strict=True))
    assert columns == 4 * 2205 // 1024
    first = headers[0][3]
    assert headers[-1][3] == pytest.approx(first + (columns - headers[-1][1]) * 1024 / RATE)
    assert headers[-1][5] == pytest.approx(1.0, abs=0.01)
    assert headers[-1][6] == pytest.approx(-3.01, abs=0.1)


def test_a_minute_costs_a_viewer_less_than_300_kb_a_second(live):
    """At the busiest: a new clip each half second, status ten times a second, sound all the time."""
    watcher = Watcher()
    live.add(watcher)
    clip = Score(np.full((256, BINS), 0.1, np.float32), 8.0)
    for tick in range(200):
        live.player(Heard(tick * 2205, tick / 20, RATE, np.zeros(2205, np.float32)))
        if tick % 2 == 0:
            live.status({f"value_{index}": 1 / 3 for index in range(30)}, tick / 20)
        if tick % 10 == 0:
            live.player(AddScore(tick, clip))
            live.player(enter(tick, tick))
            live.player(Entered(tick, 0.0))
            live.player(ForgetScores((tick - 20,)))
    assert sum(len(frame) for frame in watcher.frames) / 10 < 300_000


def test_a_page_that_starts_anew_is_told_what_the_old_one_knew():
    old, new = Mirror(lambda score: score), Mirror(lambda score: score)
    timeline = SetTimeline(Timeline(1.0, 2.0, 1.6, True))
    for message in (OPENED, timeline, AddScore(1, score()), AddScore(2, score(0.2)), enter(10, 1), Entered(10, 0.0)):
        old.apply(message)
    old.apply(enter(11, 1, 2, at=8.0))
    old.apply(ForgetScores((1, 2)))  # both are needed still
    for message in retold(old):
        new.apply(message)
    for name in ("opened", "timeline", "sounding", "waiting", "scores"):
        assert getattr(new, name) == getattr(old, name), name
    assert set(new.scores) == {1, 2}


def test_what_was_forgotten_while_it_sounded_goes_when_it_has_sounded():
    mirror = Mirror(lambda score: score)
    for message in (AddScore(1, score()), enter(10, 1), Entered(10, 0.0), ForgetScores((1,))):
        mirror.apply(message)
    assert set(mirror.scores) == {1}
    for message in (AddScore(2, score()), enter(11, 2), Entered(11, 8.0)):
        mirror.apply(message)
    assert set(mirror.scores) == {2}


def test_prompts_that_were_played_are_kept_newest_first(live):
    watcher = Watcher()
    live.add(watcher)
    for text in ("dub", "", "organ", "dub", "dub"):
        live.prompt(text)
    assert watcher.texts("prompts")[-1]["prompts"] == ["dub", "organ"]


def test_a_take_and_the_last_minutes_hold_what_was_heard_to_the_sample(live, tmp_path):
    samples = (np.round(np.random.default_rng(0).normal(0, 0.1, 4 * 2205) * 2**23) / 2**23).astype(np.float32)
    watcher = Watcher()
    live.add(watcher)
    for index, piece in enumerate(np.split(samples, 4)):
        if index == 1:
            live.command(watcher, '{"do": "record"}')
        if index == 3:
            live.command(watcher, '{"do": "stop"}')
        live.player(Heard(index * 2205, index / 20, RATE, piece))
    (take,) = watcher.texts("takes")[-1]["takes"]
    with wave.open(str(tmp_path / take)) as wav:
        assert np.array_equal(from_24_bit(wav.readframes(10**6)), samples[2205 : 3 * 2205])
    with wave.open(BytesIO(live.takes.recent(0.1))) as wav:
        assert np.array_equal(from_24_bit(wav.readframes(10**6)), samples[-4410:])


def test_what_is_kept_has_an_end(tmp_path):
    takes = Takes(tmp_path)
    for index in range(10):
        takes.feed(Heard(index * 10**6, 0.0, RATE, np.zeros(10**6, np.float32)))
    with wave.open(BytesIO(takes.recent(1e9))) as wav:
        assert wav.getnframes() <= KEPT_S * RATE


def test_the_queue_is_told_to_all_and_goes_with_the_song(live, played):
    hand, other = Watcher(), Watcher()
    live.add(hand)
    live.add(other)
    waiting = [{"end": "a", "text": "dub"}, {"end": "b", "text": "rain"}]
    live.command(hand, json.dumps({"do": "queue", "waiting": waiting, "bars": 1}))
    assert other.texts("queue")[-1] == {"is": "queue", "waiting": waiting, "bars": 1}
    live.player(SetPlayback(PlaybackState(meter=3)))
    for beat in (0.5, 2.9, 3.1):
        live.status({"beat": beat, "playing": True}, beat)
    assert [each.text for each in played] == ["dub"]
    live.status({"beat": 7.0, "playing": False}, 7.0)
    live.command(other, '{"do": "next"}')
    assert [each.parameter for each in played] == ["a.prompt", "b.prompt"]
    assert hand.texts("queue")[-1]["waiting"] == []
    live.command(other, '{"do": "next"}')
    live.command(other, '{"do": "queue", "waiting": 3}')
    assert len(played) == 2


def test_the_set_its_snapshots_and_latencies_are_told_when_they_change(live):
    watcher = Watcher()
    live.add(watcher)
    live.beside(Beside(("dub", "nave"), None, {"a.prompt": 1.2344}))
    live.beside(Beside(("dub", "nave"), None, {"a.prompt": 1.2344}))
    live.snapshots([1, 12])
    assert [message["presets"] for message in watcher.texts("set")] == [[], ["dub", "nave"], ["dub", "nave"]]
    assert watcher.texts("set")[-1]["snapshots"] == [1, 12]
    assert [message["ms"] for message in watcher.texts("latency")] == [{}, {"a.prompt": 1234}]
