"""From another program's MIDI clock to the sound: three processes on a JACK server, judged by a recording.

The beats are where the drum machine's ticks leave it, as its clicks show.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from measuring.beats import BEATS, TEMPO, beat_heard, beats_clip, lag_s, rendered
from measuring.jack_server import Helper, jack_server
from measuring.performance import Performance
from riffsynth.spectrogram.image import write_image

TICK, START, CONTINUE, STOP = 0xF8, 0xFA, 0xFB, 0xFC
TICKS = 24
BEAT_S = 60.0 / TEMPO
BAR_17 = 64
"""Beats before it."""
AUDIBLE = 0.01
"""A sample this large is heard; the clip's first beat peaks at some 0.2."""
AFTER_LOCK_BEATS = 4
HELD_S = 0.1


@dataclass
class Script:
    """What the drum machine does, in seconds from its beginning, and what is to be heard."""

    midi: list[tuple[float, list[int]]] = field(default_factory=list)
    beats: list[tuple[float, int, str]] = field(default_factory=list)
    """(time, beat of the song, part) of every click."""
    now: float = 0.0

    def ticks(self, beats: int) -> None:
        """Ticks and no clicks: stopped."""
        self._tick(beats)
        self.now += beats * BEAT_S

    def play(self, beats: int, first: int, part: str, ticks: bool = True) -> None:
        """Beats from the song's beat `first`, with ticks or without."""
        if ticks:
            self._tick(beats)
        self.beats += [(self.now + beat * BEAT_S, first + beat, part) for beat in range(beats)]
        self.now += beats * BEAT_S

    def say(self, *data: int) -> None:
        """Just before the coming tick."""
        self.midi.append((self.now - 0.002, list(data)))

    def _tick(self, beats: int) -> None:
        self.midi += [(self.now + tick * BEAT_S / TICKS, [TICK]) for tick in range(beats * TICKS)]


def script(lose: bool) -> Script:
    """Stopped, 24 beats, stopped, 8 beats from bar 17, and with `lose` 10 s without ticks and 16 beats."""
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
    made.say(STOP)
    made.ticks(1)
    return made


def measure(rate: int, period: int, lose: bool = False, late: bool = False) -> dict[str, Any]:
    """Figures in ms of one performance. `late`: ticks leave at the beginnings of periods, as from RtMidi's programs."""
    score = script(lose)
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
    with jack_server(rate, period) as server:
        machine = Helper("jack_drum_machine.py", server, *(["late"] if late else []))
        performance = Performance(folder, preset, audio="system", midi="drum machine")
        performance.wait(frame=1)
        performance.wait_for_model()
        ports = ["PortAudio:out_0", "drum machine:clicks"]
        listener = Helper("jack_listener.py", server, str(folder / "heard.npz"), *ports)
        listener.say("connect")
        listener.expect("2")
        machine.say(json.dumps({"midi": score.midi, "clicks": [time for time, _, _ in score.beats]}))
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
    reference = rendered(beats_clip(), rate, TEMPO)
    found = np.flatnonzero(take.clicks > 0.5)
    if found.size != len(score.beats):
        raise RuntimeError(f"{found.size} clicks of {len(score.beats)} were recorded")
    moments = found - take.latency_s * rate
    """Where in the recording what leaves the speaker with the click is."""
    beats = [beat for _, beat, _ in score.beats]
    lags = np.array(
        [1000 * lag_s(sound, at, reference, beat, TEMPO, rate) for at, beat in zip(moments, beats, strict=True)]
    )
    parts = np.array([part for _, _, part in score.beats])
    heard = np.array([beat_heard(sound, at, rate) for at in moments])
    right = heard == np.array(beats) % BEATS

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
    if "lost" in parts:
        lost, back = moments[parts == "lost"], part("back")
        stretch = sound[int(lost[0]) : int(moments[parts == "back"][-1])]
        levels = np.sqrt(np.convolve(np.square(stretch), np.ones(n := round(HELD_S * rate)) / n, "valid"))
        figures["lost"] = {
            "quietest_db": float(20 * np.log10(levels.min() + 1e-9)),
            "median_abs_ms": float(np.nanmedian(np.abs(part("lost")))),
            "back_median_abs_ms": float(np.nanmedian(np.abs(back[2:]))),
            "back_max_abs_ms": float(np.nanmax(np.abs(back[2:]))),
        }
    return figures
