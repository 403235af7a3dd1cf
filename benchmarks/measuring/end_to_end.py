"""From another program's MIDI clock to the sound: three processes on a JACK server, judged by a recording.

The beats are where the drum machine's ticks leave it, as its clicks show.
"""

from __future__ import annotations

import json
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from scipy.signal import butter, sosfiltfilt

from measuring.beats import BEATS, BED_HZ, TEMPO, beat_heard, beats_clip, curve, lag_s, reference
from measuring.jack_server import Helper, jack_server
from measuring.listening import partial_hz
from measuring.performance import Performance
from riffsynth.spectrogram.image import write_image

TICK, START, CONTINUE, STOP = 0xF8, 0xFA, 0xFB, 0xFC
TICKS = 24
FASTER = 140.0
"""Beats a minute after the step in tempo."""
BAR_17 = 64
"""Beats before it."""
AUDIBLE = 0.01
"""A sample this large is heard; the clip's first beat peaks at some 0.2."""
AFTER_LOCK_BEATS = 4
RELOCK_BEATS = 2
HELD_S = 0.1


@dataclass
class Script:
    """What the drum machine does, in seconds from its beginning, and what is to be heard."""

    midi: list[tuple[float, list[int]]] = field(default_factory=list)
    beats: list[tuple[float, int, str, float]] = field(default_factory=list)
    """(time, beat of the song, part, tempo) of every click."""
    now: float = 0.0
    tempo: float = TEMPO

    @property
    def _beat_s(self) -> float:
        return 60.0 / self.tempo

    def ticks(self, beats: int) -> None:
        """Ticks and no clicks: stopped."""
        self._tick(beats)
        self.now += beats * self._beat_s

    def play(self, beats: int, first: int, part: str, ticks: bool = True) -> None:
        """Beats from the song's beat `first`, with ticks or without."""
        if ticks:
            self._tick(beats)
        self.beats += [(self.now + beat * self._beat_s, first + beat, part, self.tempo) for beat in range(beats)]
        self.now += beats * self._beat_s

    def say(self, *data: int) -> None:
        """Just before the coming tick."""
        self.midi.append((self.now - 0.002, list(data)))

    def _tick(self, beats: int) -> None:
        self.midi += [(self.now + tick * self._beat_s / TICKS, [TICK]) for tick in range(beats * TICKS)]


def script(lose: bool = False, step: bool = False) -> Script:
    """Stopped, 24 beats, stopped, 8 beats from bar 17.

    With `lose` 10 s without ticks and 16 beats follow, with `step` 16 beats at FASTER.
    """
    made = Script(now=0.1)
    made.ticks(4)
    made.say(START)
    made.play(24, 0, "start")
    made.say(STOP)
    made.ticks(3)
    made.say(0xF2, (4 * BAR_17) & 0x7F, (4 * BAR_17) >> 7)
    made.ticks(1)
    made.say(CONTINUE)
    made.play(8, BAR_17, "continue")
    if lose:
        made.play(20, BAR_17 + 8, "lost", ticks=False)
        made.play(16, BAR_17 + 28, "back")
    if step:
        made.tempo = FASTER
        made.play(16, BAR_17 + 8, "faster")
    made.say(STOP)
    made.ticks(1)
    return made


def measure(rate: int, period: int, lose: bool = False, step: bool = False, late: bool = False) -> dict[str, Any]:
    """Figures in ms of one performance. `late`: ticks leave at the beginnings of periods, as from RtMidi's programs."""
    score = script(lose, step)
    with tempfile.TemporaryDirectory() as folder:
        take = record(Path(folder), score, rate, period, late)
    figures = judged(take, score, rate)
    return {
        **figures,
        "card_latency_ms": 1000 * take.latency_s,
        "underruns": take.underruns,
        "server_lost_ms": 1000 * take.server_lost_s,
    }


@dataclass
class Heard:
    """A recording of the instrument and of the clicks, of the same frames."""

    sound: np.ndarray
    clicks: np.ndarray
    latency_s: float
    """Between the recorded port and the speaker, as the instrument reports it."""
    underruns: int
    server_lost_s: float
    """What the server itself stood still, as on a machine that is too busy: beats near it are off by as much."""


def record(folder: Path, score: Script, rate: int, period: int, late: bool = False) -> Heard:
    """Plays `score` to an instrument; its log and the listener's file stay in `folder`."""
    write_image(beats_clip(), folder / "beats.png")
    preset = "init: beats.png\nstrength: 0\nclock: midi\nquantize: 0\ncrossfade: 0\n"
    with ExitStack() as stack:
        server = stack.enter_context(jack_server(rate, period))
        machine = stack.enter_context(Helper("jack_drum_machine.py", server, *(["late"] if late else [])))
        performance = stack.enter_context(Performance(folder, preset, audio="system", midi="drum machine"))
        performance.wait(frame=1)
        performance.wait_for_model()
        ports = ["PortAudio:out_0", "drum machine:clicks"]
        listener = stack.enter_context(Helper("jack_listener.py", server, str(folder / "heard.npz"), *ports))
        listener.say("connect")
        listener.expect("2")
        machine.say(json.dumps({"midi": score.midi, "clicks": [time for time, *_ in score.beats]}))
        machine.expect("done")
        status = performance.status()
        listener.close()
        machine.close()
        performance.stop()
    with np.load(folder / "heard.npz") as heard:
        sound, clicks = heard["samples"].astype(np.float64)
        late = heard["times"] - heard["starts"] / rate
    soonest = np.minimum.accumulate(late[::-1])[::-1]  # each call was late perhaps; what stays late is lost
    return Heard(sound, clicks, status["card_latency_ms"] / 1000, status["underruns"], float(soonest[-1] - soonest[0]))


def judged(take: Heard, score: Script, rate: int) -> dict[str, Any]:
    """What the recording says, in ms; positive: the sound is later than the clicks."""
    sound = take.sound
    heard_curve = curve(sound, rate)
    references = {tempo: _reference(rate, tempo) for tempo in {tempo for *_, tempo in score.beats}}
    found = np.flatnonzero(take.clicks > 0.5)
    if found.size != len(score.beats):
        raise RuntimeError(f"{found.size} clicks of {len(score.beats)} were recorded")
    moments = found - take.latency_s * rate
    """Where in the recording what leaves the speaker with the click is."""
    lags = np.array(
        [
            1000 * lag_s(heard_curve, at, references[tempo], beat, tempo, rate)
            for at, (_, beat, _, tempo) in zip(moments, score.beats, strict=True)
        ]
    )
    parts = np.array([part for _, _, part, _ in score.beats])
    heard = np.array([beat_heard(sound, at, rate) for at in moments])
    right = heard == np.array([beat for _, beat, _, _ in score.beats]) % BEATS

    def part(name: str, first: int = 0) -> np.ndarray:
        return lags[parts == name][first:]

    settled = np.concatenate([part("start", AFTER_LOCK_BEATS), part("continue", AFTER_LOCK_BEATS)])
    figures: dict[str, Any] = {
        "median_ms": float(np.nanmedian(settled)),
        "p90_abs_ms": float(np.nanpercentile(np.abs(settled), 90)),
        "max_abs_ms": float(np.nanmax(np.abs(settled))),
    }
    for name in sorted({*parts} & {"start", "continue"}):
        first = moments[parts == name][0]
        began = np.flatnonzero(np.abs(sound[int(first) - rate // 20 :]) > AUDIBLE)
        figures[name] = {
            "first_sound_ms": 1000 * (began[0] - rate // 20) / rate if began.size else None,
            "second_beat_ms": float(part(name)[1]),
            "right_beats": float(right[parts == name].mean()),
        }

    def stretch(name: str, last: str = "") -> np.ndarray:
        ends = moments[parts == (last or name)]
        return sound[int(moments[parts == name][0]) : int(ends[-1])]

    usual = stretch("start")
    if "lost" in parts:
        both, back = stretch("lost", "back"), part("back")
        figures["lost"] = {
            "quietest_over_usual_db": _levels_db(both, rate).min() - _levels_db(usual, rate).min(),
            "loudest_over_usual_db": _levels_db(both, rate).max() - _levels_db(usual, rate).max(),
            "largest_step_over_usual": _largest_step(both) / _largest_step(usual),
            "median_abs_ms": float(np.nanmedian(np.abs(part("lost")))),
            "back_by_beat_ms": [round(float(lag), 1) for lag in back[:4]],
            "back_median_ms": float(np.nanmedian(back[RELOCK_BEATS:])),
            "back_max_abs_ms": float(np.nanmax(np.abs(back[RELOCK_BEATS:]))),
        }
    if "faster" in parts:
        faster = stretch("faster")
        figures["step"] = {
            "by_beat_ms": [round(float(lag), 1) for lag in part("faster")[:4]],
            "median_ms": float(np.nanmedian(part("faster", RELOCK_BEATS))),
            "max_abs_ms": float(np.nanmax(np.abs(part("faster", RELOCK_BEATS)))),
            "largest_step_over_usual": _largest_step(faster) / _largest_step(usual),
            "pitch_off_cents": 1200 * float(np.log2(_bed_hz(faster, rate) / _bed_hz(usual, rate))),
        }
    return figures


@cache
def _reference(rate: int, tempo: float) -> np.ndarray:
    return reference(beats_clip(), rate, tempo)


def _levels_db(sound: np.ndarray, rate: int) -> np.ndarray:
    """Of every stretch of HELD_S."""
    size = round(HELD_S * rate)
    power = np.convolve(np.square(sound), np.ones(size) / size, "valid")
    return np.asarray(10 * np.log10(power + 1e-12))


def _largest_step(sound: np.ndarray) -> float:
    return float(np.abs(np.diff(sound)).max())


def _bed_hz(sound: np.ndarray, rate: int) -> float:
    """The pitch of the tone that sounds under the beats."""
    return partial_hz(
        sosfiltfilt(butter(4, [0.8 * BED_HZ, 1.25 * BED_HZ], "bandpass", fs=rate, output="sos"), sound), rate
    )
