"""How closely the song follows a clock, simulated and through real processes; as a program it draws docs' plots."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from measuring import link_pair, midi_out, tempo_heard
from measuring.attempts import attempted
from measuring.end_to_end import measure
from measuring.jack_server import lacking

from riffsynth.timing.card_clock import CardClock
from riffsynth.timing.midi_clock import ClockMessage, MidiClockFollower
from riffsynth.timing.simulated import SimulatedSender, errors_ms

TEMPOS = (90.0, 120.0, 174.0, 240.0, 300.0)
SLOW_TEMPOS = (30.0, 45.0, 60.0, 90.0)
RUNS = 8
SETTLED_BEATS = 4
CHANGE_BEAT = 16
"""At which the tempo begins to change."""
RAMP_BEATS = 32
"""8 bars."""
LOSING, STEPPING = (44100, 256), (48000, 256)
"""Rate and period of the performances whose clock is lost for 10 s, and whose tempo steps."""
KNOWN = ("to_the_period", "to_the_frame")
"""What is known of a message's time over JACK: through RtMidi, and through the reader of our own."""
STARTS = 100
AHEAD_S = 0.1
"""The player makes sound about this long before it is heard."""


def run() -> dict[str, Any]:
    """All in ms, over RUNS runs of each; `ahead` as heard by a player that asks AHEAD_S before."""
    return {
        "jitter_3ms": {**_steady(TEMPOS, 3.0), "ahead": _steady(TEMPOS, 3.0, AHEAD_S)},
        "jitter_1ms": {**_steady(TEMPOS, 1.0), "ahead": _steady(TEMPOS, 1.0, AHEAD_S)},
        "slow_3ms": _slow(),
        "step": {f"jitter_{jitter}ms": _step(120, 140, jitter) for jitter in (0, 1, 3)},
        "step_heard": {f"jitter_{jitter}ms": _step_heard(120, 140, jitter) for jitter in (0, 1, 3)},
        "step_double": {f"jitter_{jitter}ms": _step(90, 180, jitter) for jitter in (0, 1, 3)},
        "ramp": {f"jitter_{jitter}ms": _figures(_ramp(120, 140, jitter)) for jitter in (0, 1, 3)},
        "blocks": {str(block): _blocks(block) for block in (64, 256, 1024)},
        "start": {"second_beat_max_ms": _start()},
        "start_over_jack": {
            f"{period}_frames_at_{rate}": {known: _start_over_jack(period / rate, 1 / rate, known) for known in KNOWN}
            for period in (64, 256, 1024)
            for rate in (44100, 48000)
        },
        "holdover_10s": _holdover(),
        "card_100ppm_1h": {"max_ms": _card()},
        "end_to_end": _end_to_end(),
        "midi_out": attempted("midi_out", midi_out.measure) if not lacking() else {"skipped": lacking()},
        "link": attempted("link", link_pair.measure),
    }


def _end_to_end() -> dict[str, Any]:
    """Real processes on a JACK server: a drum machine whose ticks are exact; at the end one with RtMidi's."""
    missing = lacking()
    if missing:
        return {"skipped": missing}
    takes = {
        f"{period}_frames_at_{rate}": partial(
            measure, rate, period, lose=(rate, period) == LOSING, step=(rate, period) == STEPPING
        )
        for rate in (44100, 48000)
        for period in (64, 256)
    }
    takes["from_rtmidi_256_frames_at_44100"] = partial(measure, 44100, 256, late=True)
    return {name: attempted(name, take) for name, take in takes.items()}


def tempo_step(before: float, after: float) -> Callable[[float], float]:
    return lambda beat: before if beat < CHANGE_BEAT else after


def tempo_ramp(before: float, after: float) -> Callable[[float], float]:
    return lambda beat: before + (after - before) * min(1.0, max(0.0, (beat - CHANGE_BEAT) / RAMP_BEATS))


def errors(tempo: Callable[[float], float], beats: float, jitter_ms: float, ahead_s: float = 0.0) -> np.ndarray:
    """(RUNS, ticks) ms that the song is off at each tick."""
    runs = [SimulatedSender(tempo, beats, jitter_ms / 1000, seed) for seed in range(RUNS)]
    return np.stack([errors_ms(run, ahead_s=ahead_s) for run in runs])


def _figures(values: np.ndarray) -> dict[str, float]:
    return {
        "rms_ms": float(np.sqrt(np.mean(values**2))),
        "p99_ms": float(np.percentile(np.abs(values), 99)),
        "max_ms": float(np.abs(values).max()),
    }


def _steady(tempos: tuple[float, ...], jitter_ms: float, ahead_s: float = 0.0) -> dict[str, float]:
    """The worst tempo's figures."""
    each = [
        _figures(errors(lambda beat, t=tempo: t, 36, jitter_ms, ahead_s)[:, SETTLED_BEATS * 24 :]) for tempo in tempos
    ]
    return {key: max(figures[key] for figures in each) for key in each[0]}


def _slow() -> dict[str, float]:
    """Percent of a tick, the worst tempo's."""
    each = [
        {key[:-3]: 100 * value / (60_000 / tempo / 24) for key, value in _steady((tempo,), 3.0).items()}
        for tempo in SLOW_TEMPOS
    ]
    return {f"{key}_percent_of_tick": max(shares[key] for shares in each) for key in each[0]}


def _step(before: float, after: float, jitter_ms: float) -> dict[str, float]:
    off = errors(tempo_step(before, after), CHANGE_BEAT + 16, jitter_ms)
    return {
        "two_beats_max_ms": float(np.abs(off[:, CHANGE_BEAT * 24 : (CHANGE_BEAT + 2) * 24]).max()),
        "after_max_ms": float(np.abs(off[:, (CHANGE_BEAT + 2) * 24 :]).max()),
    }


def _step_heard(before: float, after: float, jitter_ms: float) -> dict[str, float]:
    sender = SimulatedSender(tempo_step(before, after), CHANGE_BEAT + 8, jitter_ms / 1000)
    return tempo_heard.measure(sender, float(sender.times[CHANGE_BEAT * 24]))


def _ramp(before: float, after: float, jitter_ms: float) -> np.ndarray:
    return errors(tempo_ramp(before, after), CHANGE_BEAT + RAMP_BEATS + 16, jitter_ms)[:, CHANGE_BEAT * 24 :]


def _blocks(block: int) -> dict[str, float]:
    """Ticks that leave with blocks of so many frames at 44.1 kHz, the worst tempo; half a block of delay left out."""
    each = []
    for tempo in TEMPOS:
        off = errors_ms(SimulatedSender(lambda beat, t=tempo: t, 40, block_s=block / 44100))[8 * 24 :]
        each.append(_figures(off - np.median(off)))
    return {key: max(figures[key] for figures in each) for key in each[0]}


def _start() -> float:
    """Cold starts at every tempo with 1 ms of jitter: the error at the second beat."""
    return float(max(np.abs(errors(lambda beat, t=tempo: t, 2, 1.0)[:, 24]).max() for tempo in TEMPOS))


def _start_over_jack(period_s: float, frame_s: float, known: str) -> dict[str, float]:
    """How late the song is at the second beat, where a sender places its ticks exactly: STARTS after 4 beats of ticks,
    as many cold, at tempos from 90 to 180 and all places in a period."""
    rng, late = np.random.default_rng(0), []
    for beats_before in (4, 0) * STARTS:
        beat_s = 60.0 / rng.uniform(90, 180)
        first = beats_before * 24
        times = 10.0 + rng.uniform(0, period_s) + np.arange(first + 25) * beat_s / 24
        step = period_s if known == "to_the_period" else frame_s
        follower = MidiClockFollower(0.0)
        for tick, time in enumerate(np.floor(times / step) * step):
            if tick == first:
                follower.feed(ClockMessage("start", float(time)))
            follower.feed(ClockMessage("tick", float(time)))
        late.append(1000 * beat_s * (1.0 - follower.timeline.beat_at(float(times[-1]))))
    return {"mean_ms": float(np.mean(late)), "max_abs_ms": float(np.abs(late).max())}


def _holdover() -> dict[str, float]:
    """120 bpm, 1 ms of jitter, 10 s without ticks: how far off the song is when they are back, from 2 beats later on,
    and how often it was not locked again by then, or jumped."""
    before, after, unlocked, jumps = [], [], 0, 0
    for seed in range(RUNS):
        sender = SimulatedSender(lambda beat: 120.0, 56, 0.001, seed)
        lost = range(32 * 24, 52 * 24)
        follower = MidiClockFollower(0.0)
        for tick, message in enumerate(sender.messages(), start=-1):
            if tick == lost.stop:
                before.append(_off_ms(follower, sender, tick))
            if tick not in lost:
                follower.feed(message)
            elif tick % 3 == 0:
                follower.poll(message.time_s)
            if tick >= lost.stop + 2 * 24:
                after.append(_off_ms(follower, sender, tick))
                unlocked += follower.status(message.time_s).state != "locked"
        jumps += follower.jumps
    return {
        "back_max_ms": max(before),
        "two_beats_later_max_ms": max(after),
        "not_locked_after_two_beats": unlocked,
        "jumps": jumps,
    }


def _off_ms(follower: MidiClockFollower, sender: SimulatedSender, tick: int) -> float:
    return abs(follower.timeline.beat_at(float(sender.times[tick])) - tick / 24) * 500.0


def _card() -> float:
    """Reports of 1 ms jitter every 1024 frames for an hour, by a card that is 100 ppm slow; from 10 s on."""
    rng, clock, rate, worst = np.random.default_rng(0), CardClock(0.0, 44100), 44100, 0.0
    for frame in range(1024, 3600 * rate, 1024):
        truth = 0.03 + frame / rate * 1.0001
        clock.report(frame, truth + rng.normal(0, 0.001))
        if frame > 10 * rate:
            worst = max(worst, abs(clock.time_of(frame) - truth))
    return 1000 * worst


def plot(folder: Path) -> None:
    """Draws the figures of docs/timing.md."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    def draw(name: str, title: str, curves: dict[str, np.ndarray], beat: float) -> None:
        figure, axes = pyplot.subplots(figsize=(7, 2.6), dpi=80)
        for label, values in curves.items():
            axes.plot(beat + np.arange(values.size) / 24, values, label=label, linewidth=0.9)
        axes.set(title=title, xlabel="beat", ylabel="song ahead, ms")
        axes.grid(alpha=0.3)
        axes.legend(fontsize=8)
        figure.tight_layout()
        figure.savefig(folder / name, metadata={"Software": None})
        pyplot.close(figure)

    def jitters(tempo: Callable[[float], float], beats: float, first: int, last: int) -> dict[str, np.ndarray]:
        return {f"jitter {j} ms": errors(tempo, beats, j)[0, first * 24 : last * 24] for j in (3, 1, 0)}

    draw("clock-start.png", "Start at 174 beats a minute, tempo unknown", jitters(lambda beat: 174, 16, 0, 16), 0)
    step = jitters(tempo_step(120, 140), 26, 14, 26)
    draw("clock-step.png", "From 120 to 140 at beat 16", step, 14)
    ramp = jitters(tempo_ramp(120, 140), 60, 12, 60)
    draw("clock-ramp.png", "From 120 at beat 16 to 140 at beat 48", ramp, 12)


if __name__ == "__main__":
    plot(Path(__file__).resolve().parent.parent / "docs")
