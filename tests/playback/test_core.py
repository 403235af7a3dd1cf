"""The player without its devices: what a performer's message does to the samples."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riffsynth.playback.core import PlayerCore
from riffsynth.playback.limiter import CEILING
from riffsynth.playback.messages import (
    AddScore,
    Deck,
    Enter,
    Entered,
    Finish,
    ForgetScores,
    PlaybackState,
    SetPlayback,
    SetTimeline,
    Silence,
    Warned,
)
from riffsynth.spectrogram.analysis import analyse_loop
from riffsynth.spectrogram.clip import Clip, Score
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.spectrogram.loudness import playable
from riffsynth.spectrogram.spec import EMBEDDED
from riffsynth.timing.timeline import Timeline

RATE = 44100
GRID = SynthesisGrid.for_rate(RATE)
HIGH = GRID.slices[1].start


class Hum:
    """A stand-in synthesiser: one steady tone as loud as the frame that is heard in the middle of the hop."""

    def __init__(self) -> None:
        self._frame = 0

    def hop(self, source: object, pace: float) -> np.ndarray:
        centre = np.array([GRID.hop / 2 / RATE])
        loudness = sum(np.square(source.rows(r, centre)).sum() for r in (0, 1))  # type: ignore[attr-defined]
        frames = self._frame + np.arange(GRID.hop)
        self._frame += GRID.hop
        return (np.sqrt(loudness) * np.sin(2 * np.pi * 1000 / RATE * frames)).astype(np.float32)


def hum(seed: int = 0) -> PlayerCore:
    return PlayerCore(GRID, seed, Hum)


def score(level: float = 0.1, bin: int = 300, columns: slice = slice(None)) -> Score:
    magnitudes = np.zeros((256, GRID.bins), np.float32)
    magnitudes[columns, bin] = level
    return Score(magnitudes, 8.0)


def noise(level: float = 0.01) -> Score:
    chance = np.random.default_rng(5).rayleigh(level, (256, GRID.bins))
    return Score(chance.astype(np.float32), 8.0)


def load(core: PlayerCore, *scores: Score) -> PlayerCore:
    """Plays the first of `scores`, keys 1, 2, ..., at 120 bpm from time 0 on."""
    core.apply(SetTimeline(Timeline(0.0, 0.0, 2.0)))
    for key, one in enumerate(scores, 1):
        core.apply(AddScore(key, one))
    core.apply(Enter(Deck(1, ((0.0, 1),)), 0.0, 0.0))
    return core


class Run:
    """Blocks in a row, messages between them."""

    def __init__(self, core: PlayerCore) -> None:
        self.core = core
        self._blocks = 0
        self.events: list[object] = []

    @property
    def now(self) -> float:
        return self._blocks * self.core.block_size / RATE

    def __call__(self, seconds: float, *messages: object) -> np.ndarray:
        for message in messages:
            self.core.apply(message)
        blocks = []
        for _ in range(round(seconds * RATE / self.core.block_size)):
            blocks.append(self.core.block(self.now))
            self._blocks += 1
        self.events += self.core.events()
        return np.concatenate(blocks)

    def warned(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, Warned)]


def level(samples: np.ndarray) -> float:
    """RMS in dB."""
    return float(10 * np.log10(np.mean(np.square(samples, dtype=np.float64)) + 1e-20))


def flatness(samples: np.ndarray, low: float = 500.0, high: float = 12000.0) -> float:
    """Spectral flatness of the mean power spectrum between `low` and `high` Hz: 1 is white noise."""
    frames = np.lib.stride_tricks.sliding_window_view(samples, 2048)[::1024] * np.hanning(2048)
    power = np.square(np.abs(np.fft.rfft(frames, axis=1))).mean(axis=0)
    used = power[round(low * 2048 / RATE) : round(high * 2048 / RATE)]
    return float(np.exp(np.log(used + 1e-20).mean()) / used.mean())


def test_the_same_calls_make_the_same_samples() -> None:
    def session() -> np.ndarray:
        run = Run(load(PlayerCore(GRID, 7), noise(), score()))
        first = run(0.4)
        second = run(0.4, SetPlayback(PlaybackState(pitch=3.3, freeze=True)))
        third = run(
            0.4, Enter(Deck(2, ((0.0, 2), (1.0, 1))), 1.0, 0.5), SetPlayback(PlaybackState(alpha=0.4, speed=0.5))
        )
        return np.concatenate([first, second, third])

    samples = session()
    assert np.abs(samples).max() > 0.01
    assert np.array_equal(samples, session())


def test_another_seed_makes_other_phases() -> None:
    first, second = (Run(load(PlayerCore(GRID, seed), noise()))(0.3) for seed in (1, 2))
    assert not np.array_equal(first, second)


def test_samples_are_whole_24_bit_numbers() -> None:
    samples = Run(load(PlayerCore(GRID), noise()))(0.2).astype(np.float64) * 2**23
    assert samples.any()
    assert np.array_equal(samples, np.rint(samples))


@pytest.mark.parametrize("message, silent", [({"mute": True}, True), ({"level": -20.0}, False)])
def test_level_and_mute_act_within_20_ms_and_without_a_step(message: dict, silent: bool) -> None:
    run = Run(load(hum(), score()))
    before = run(0.5)
    after = run(0.5, SetPlayback(PlaybackState(**message)))
    settled = after[round(0.02 * RATE) :]
    assert (settled == 0).all() if silent else level(settled) - level(before[4000:]) == pytest.approx(-20.0, abs=0.1)
    joined = np.concatenate([before, after])
    steepest = np.abs(np.diff(before[4000:])).max()
    assert np.abs(np.diff(joined[4000:])).max() <= 1.05 * steepest
    back = run(0.2, SetPlayback(PlaybackState()))
    assert level(back[2000:]) == pytest.approx(level(before[4000:]), abs=0.1)


def test_twelve_decibels_too_much_stay_below_full_scale() -> None:
    run = Run(load(PlayerCore(GRID), noise(0.3)))
    loud = run(1.0, SetPlayback(PlaybackState(level=12.0)))
    assert np.abs(loud).max() <= CEILING
    assert level(loud[RATE // 2 :]) > -12


def test_stopped_it_is_silent_and_goes_on_from_the_start() -> None:
    run = Run(load(hum(), score(columns=slice(0, 8))))  # a quarter beat of sound on beat 0
    run(0.6)
    song = Timeline(0.0, 0.0, 2.0)
    stopped = run(0.5, SetTimeline(song.stopped(run.now)))
    assert (stopped[RATE // 25 :] == 0).all()
    rewound = run(0.5, SetTimeline(replace(song.stopped(run.now), beat=0.0)))
    assert (rewound == 0).all()
    started = run(0.4, SetTimeline(Timeline(run.now, 0.0, 2.0)))
    assert level(started[: round(0.025 * RATE)]) > level(started[: round(0.1 * RATE)]) - 6  # at once
    assert level(started[round(0.2 * RATE) :]) < -80


def test_panic_silences_and_the_next_deck_sounds_at_once() -> None:
    run = Run(load(PlayerCore(GRID), noise(), score()))
    run(0.5)
    silenced = run(0.3, Silence())
    assert (silenced[round(0.01 * RATE) :] == 0).all()
    again = run(0.3, Enter(Deck(9, ((0.0, 1),)), at_beat=1000.0, crossfade=16.0))
    assert level(again[round(0.06 * RATE) :]) > -40
    assert run.events[-1] == Entered(9, run.events[-1].beat)  # type: ignore[attr-defined]


def test_finish_fades_and_tells() -> None:
    run = Run(load(hum(), score()))
    run(0.3)
    run.core.apply(Finish())
    assert not run.core.finished
    last = run(0.2)
    assert run.core.finished
    assert (last[round(0.06 * RATE) :] == 0).all()


def test_a_crossfade_between_equal_clips_keeps_the_loudness() -> None:
    run = Run(load(PlayerCore(GRID), noise(), noise()))
    before = run(2.0)
    during = run(2.0, Enter(Deck(2, ((0.0, 2),)), 4.0, 4.0))
    steady = level(before[RATE:])
    assert [level(part) for part in np.array_split(during, 8)] == pytest.approx([steady] * 8, abs=1.0)


def test_alpha_is_heard_at_once() -> None:
    run = Run(load(PlayerCore(GRID), score(0.1, HIGH + 80), score(0.1, HIGH + 300)))
    run(0.1, Enter(Deck(2, ((0.0, 1), (1.0, 2))), 0.0, 0.0))
    run(0.5)
    moved = run(0.3, SetPlayback(PlaybackState(alpha=1.0)))[round(0.1 * RATE) :]
    spectrum = np.abs(np.fft.rfft(moved * np.hanning(moved.size)))
    loudest = spectrum.argmax() * RATE / moved.size
    assert loudest == pytest.approx(GRID.frequencies[HIGH + 300], abs=30)


def test_pitch_moves_partials_and_not_the_beat() -> None:
    pulses = np.zeros((256, GRID.bins), np.float32)
    pulses[::32, HIGH + 30] = pulses[1::32, HIGH + 30] = 0.2
    for semitones in (-12.0, 0.0, 7.0):
        run = Run(load(PlayerCore(GRID), Score(pulses, 8.0)))
        run.core.apply(SetPlayback(PlaybackState(pitch=semitones)))
        run(0.2)
        sound = run(4.1).astype(np.float64)
        spectrum = np.abs(np.fft.rfft(sound))
        loudest = spectrum.argmax() * RATE / sound.size
        assert loudest == pytest.approx(GRID.frequencies[HIGH + 30] * 2 ** (semitones / 12), rel=0.03)
        start = 0.2
        for beat in range(1, 8):
            first = round((beat / 2 - start - 0.12) * RATE)
            power = np.square(sound[first : first + round(0.24 * RATE)])
            centre = np.average(np.arange(power.size), weights=power) / RATE - 0.12
            assert centre == pytest.approx(1 / 128, abs=0.006), (semitones, beat)


def test_an_octave_either_way_keeps_the_level_and_lets_no_tone_beat() -> None:
    time_s = np.arange(4 * EMBEDDED.sample_rate) / EMBEDDED.sample_rate
    tone = (0.2 * np.sin(2 * np.pi * 440 * time_s)).astype(np.float32)
    clip = Clip(analyse_loop(tone, EMBEDDED.sample_rate, EMBEDDED), EMBEDDED)
    scores = {"tone": playable(clip, GRID), "noise": noise()}
    for name, score in scores.items():
        levels = []
        for semitones in (0.0, -12.0, 12.0):
            run = Run(load(PlayerCore(GRID), score))
            run(1.0, SetPlayback(PlaybackState(pitch=semitones)))
            sound = run(2.0)
            levels.append(level(sound))
            windows = [level(window) for window in np.array_split(sound, 40)]
            assert name != "tone" or max(windows) - min(windows) < 1.0
        assert levels == pytest.approx([levels[0]] * 3, abs=3.0), name


def test_frozen_noise_stays_noise_and_a_frozen_tone_stays_a_tone() -> None:
    run = Run(load(PlayerCore(GRID), noise()))
    playing = run(1.5)[RATE // 2 :]
    frozen = run(3.0, SetPlayback(PlaybackState(freeze=True)))[RATE:]
    assert flatness(frozen) >= 0.3
    assert level(frozen) == pytest.approx(level(playing), abs=2.0)


@pytest.mark.parametrize("loop_beats", [0.25, 0.5])
def test_the_seam_of_a_loop_does_not_click(loop_beats: float) -> None:
    """A tone that is louder at the loop's start than at its end: no step, no burst outside of its band."""
    magnitudes = np.zeros((256, GRID.bins), np.float32)
    magnitudes[:, HIGH + 20] = 0.1 + 0.1 * (np.arange(256) % 16 < 8)
    run = Run(load(PlayerCore(GRID), Score(magnitudes, 8.0)))
    run(1.0)
    looped = run(3.0, SetPlayback(PlaybackState(loop_beats=loop_beats)))[RATE // 2 :]
    frames = np.lib.stride_tricks.sliding_window_view(looped, 512)[::128] * np.hanning(512)
    power = np.square(np.abs(np.fft.rfft(frames, axis=1)))
    far = round(4000 * 512 / RATE)
    assert power[:, far:].sum(axis=1).max() < 1e-5 * power.sum(axis=1).max()


def test_clock_offset_moves_the_sound() -> None:
    def onset(offset_ms: float) -> float:
        run = Run(load(hum(), score(columns=slice(64, 72))))
        run.core.apply(SetPlayback(PlaybackState(clock_offset=offset_ms)))
        return float(np.flatnonzero(np.abs(run(1.5)) > 0.01)[0]) / RATE

    assert onset(50.0) - onset(0.0) == pytest.approx(0.05, abs=GRID.hop / RATE)
    assert onset(-50.0) - onset(0.0) == pytest.approx(-0.05, abs=GRID.hop / RATE)


def test_meter_3_plays_six_of_eight_beats() -> None:
    run = Run(load(hum(), score(columns=slice(192, 256))))  # beats 6 and 7 only
    run.core.apply(SetPlayback(PlaybackState(meter=3)))
    assert np.abs(run(4.5)[4000:]).max() < 1e-4


@pytest.mark.parametrize(
    "message",
    [
        None,
        "play",
        SetTimeline(Timeline(math.nan, 0.0, 2.0)),
        SetTimeline(Timeline(0.0, 0.0, -1.0)),
        SetTimeline(Timeline(0.0, 0.0, 1e9)),
        Enter(Deck(4, ((0.0, 99),)), 0.0, 0.0),
        Enter(Deck(4, ()), 0.0, 0.0),
        Enter(None, 0.0, 0.0),  # type: ignore[arg-type]
        AddScore(4, Score(np.ones((2, 3), np.float32), 8.0)),
        AddScore(4, None),  # type: ignore[arg-type]
        SetPlayback(None),  # type: ignore[arg-type]
        SetPlayback(PlaybackState(level="loud")),  # type: ignore[arg-type]
        ForgetScores(None),  # type: ignore[arg-type]
    ],
)
def test_what_makes_no_sense_is_refused_in_a_line_and_the_sound_goes_on(message: object) -> None:
    run = Run(load(hum(), score()))
    before = run(0.3)
    after = run(0.3, message)
    assert len(run.warned()) == 1
    assert "\n" not in run.warned()[0]
    assert level(after) == pytest.approx(level(before[4000:]), abs=0.2)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.builds(
            PlaybackState,
            alpha=st.floats(),
            level=st.floats(),
            mute=st.booleans(),
            freeze=st.booleans(),
            speed=st.floats(),
            reverse=st.booleans(),
            pitch=st.floats(),
            loop_beats=st.floats(),
            meter=st.integers(-3, 40),
            clock_offset=st.floats(),
        ),
        max_size=8,
    )
)
def test_any_state_makes_finite_sound(states: list[PlaybackState]) -> None:
    run = Run(load(hum(), score()))
    for state in states:
        samples = run(0.03, SetPlayback(state))
        assert np.isfinite(samples).all()
        assert np.abs(samples).max() <= CEILING


def test_a_broken_synthesis_is_started_anew() -> None:
    class Broken(Hum):
        made = 0

        def hop(self, source: object, pace: float) -> np.ndarray:
            Broken.made += 1
            return np.full(GRID.hop, np.nan, np.float32) if Broken.made == 20 else super().hop(source, pace)

    run = Run(load(PlayerCore(GRID, 0, Broken), score()))
    samples = run(1.0)
    assert np.isfinite(samples).all()
    assert len(run.warned()) == 1
    assert level(samples[RATE // 2 :]) > -30
