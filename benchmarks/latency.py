"""From an OSC packet to the sound it changes.

`riffsynth play` runs as a process on the null output, which keeps real time. Its log makes the recording again sample
for sample, and tells when each frame leaves the speaker on the clock that stamps the packets. A change is *heard* at
the moment when the sound has gone half the way from what it would have been without the packet to what it would have
been had the packet come long before: both are made from the same log, with that one message left out or moved ahead.
Freeze and speed turn the path of the playhead: a clip whose pitch rises and falls shows where it was when it turned.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from measuring.performance import Performance, Take
from numpy.typing import NDArray

from riffsynth.playback.messages import AddScore, Enter, SetPlayback
from riffsynth.spectrogram.analysis import analyse_loop
from riffsynth.spectrogram.clip import Clip
from riffsynth.spectrogram.image import write_image
from riffsynth.spectrogram.spec import EMBEDDED

PRESET = """
a: {prompt: "warm pad, sustained strings, no drums", seed: 3}
b: {prompt: "bright church organ chords, no drums", seed: 5}
tempo: 120
quantize: 0
crossfade: 0.25
"""
PROMPTS = ("solo piano", "techno drums", "slap bass solo", "flute melody", "string orchestra")
PAUSE_S = 1.3
AHEAD_S = 1.0
RUN_UP_S = 3.0
"""Sound that is made before what is judged: the synthesis has forgotten by then where it began."""
WINDOW = 1024
HOP = 128
SWEEP_S = 30.0
SWEEP_FROM_HZ = 400.0
STRAIGHT_OCTAVES = 0.03


def run() -> dict[str, Any]:
    """`prompt_s` and medians in ms: `level_ms`, `playback_ms` (the slowest of its four) and each one's own."""
    with tempfile.TemporaryDirectory() as folder:
        stage = Performance(Path(folder), PRESET)
        stage.wait(clips=2)
        time.sleep(2)
        sent: dict[str, list[float]] = {}
        for _ in range(4):
            for name, there, back in (("level", -24.0, 0.0), ("mute", 1, 0), ("pitch", 7.0, 0.0), ("alpha", 1.0, 0.0)):
                sent.setdefault(name, []).append(stage.send(name, there))
                time.sleep(PAUSE_S)
                stage.send(name, back)
                time.sleep(PAUSE_S)
        stage.send("init", str(_sweep(Path(folder))))
        stage.send("strength", 0.0)
        time.sleep(2)
        for name, value in (("freeze", 1), ("speed", 2.0)):
            for _ in range(6):
                sent.setdefault(name, []).append(stage.send(name, value))
                time.sleep(PAUSE_S)
                stage.send(name, 0 if name == "freeze" else 1.0)
                time.sleep(PAUSE_S)
        stage.send("strength", 1.0)
        time.sleep(3)
        prompts = []
        for prompt in PROMPTS:
            prompts.append(stage.send("a/prompt", prompt))
            time.sleep(6)
        sweep_from = time.perf_counter()
        while (passed := time.perf_counter() - sweep_from) < SWEEP_S:
            stage.send("alpha", 0.5 - 0.5 * float(np.cos(passed)))
            time.sleep(0.01)
        take = stage.stop()
    figures: dict[str, Any] = {}
    sound = take.sound()
    for name, times in sent.items():
        if name in ("freeze", "speed"):
            delays = [_turning_delay(take, sound, at) for at in times]
        else:
            delays = [_playback_delay(take, name, at) for at in times]
        figures[f"{name}_ms"] = 1000 * float(np.nanmedian(delays))
    prompt_delays = [_prompt_delay(take, at) for at in prompts]
    entries = np.array([take.time_of(block) for block, message in take.messages if isinstance(message, Enter)])
    inside = entries[(entries > sweep_from) & (entries < sweep_from + SWEEP_S)]
    return {
        "prompt_s": float(np.median(prompt_delays)),
        "prompt_worst_s": float(np.max(prompt_delays)),
        "level_ms": max(figures["level_ms"], figures.pop("mute_ms")),
        "playback_ms": max(figures[f"{name}_ms"] for name in ("pitch", "alpha", "freeze", "speed")),
        "each": {name: value for name, value in figures.items() if name != "level_ms"},
        "sweep_clips": len(inside),
        "sweep_median_interval_s": float(np.median(np.diff(inside))),
        "sweep_worst_interval_s": float(np.diff(inside).max()),
    }


def _playback_delay(take: Take, name: str, sent: float) -> float:
    """Seconds from the packet to the moment its change is heard."""
    index = next(
        i
        for i, (block, message) in enumerate(take.messages)
        if isinstance(message, SetPlayback)
        and take.time_of(block) > sent
        and getattr(message.state, name) != getattr(_state_before(take, i), name)
    )
    return _heard(take, index, lambda message: message) - sent


def _state_before(take: Take, index: int) -> Any:
    return next(message.state for _, message in reversed(take.messages[:index]) if isinstance(message, SetPlayback))


def _prompt_delay(take: Take, sent: float) -> float:
    """Until the first clip that came after the packet is heard at alpha 0; other decks may enter before it."""
    after = [(i, message) for i, (block, message) in enumerate(take.messages) if take.time_of(block) > sent]
    made = {message.key for _, message in after if isinstance(message, AddScore)}
    index = next(
        i
        for i, message in after
        if isinstance(message, Enter) and any(place == 0.0 and key in made for place, key in message.deck.anchors)
    )
    return _heard(take, index, lambda message: replace(message, at_beat=0.0)) - sent


def _heard(take: Take, index: int, sooner: Callable[[Any], Any]) -> float:
    """When the sound has gone half the way that message number `index` sends it, on the system's clock (s)."""
    block, message = take.messages[index]
    start, first, end = (block + round(s / take.block_s) for s in (-RUN_UP_S, -0.3, 1.2))
    sooner_block = block - round(AHEAD_S / take.block_s)
    without = take.messages[:index]
    ahead = [each for each in without if each[0] <= sooner_block]
    # A deck that enters sooner needs its clips sooner, too.
    keys = {key for _, key in message.deck.anchors} if isinstance(message, Enter) else set()
    later = [each for _, each in without[len(ahead) :]]
    clips = [(sooner_block, each) for each in later if isinstance(each, AddScore) and each.key in keys]
    before = [*ahead, *clips, (sooner_block, sooner(message)), *without[len(ahead) :]]
    # What follows may name the same deck or state again; only this one message differs between the three.
    rest = [each for each in take.messages[index + 1 :] if not isinstance(each[1], SetPlayback | Enter)]
    ways = (without + rest, before + rest, take.messages)
    powers = [_powers(take.sound(messages, start, end)[(first - start) * take.block :]) for messages in ways]
    old, new, real = powers
    way = new - old
    share = _smoothed((way * (real - old)).sum(1)) / (_smoothed((way * way).sum(1)) + 1e-20)
    crossed = int(np.argmax(share > 0.5))
    frame = first * take.block + crossed * HOP + WINDOW // 2
    return take.start + frame / take.rate


def _sweep(folder: Path) -> Path:
    """A clip whose pitch rises two octaves in four beats and falls again in four."""
    rate = EMBEDDED.sample_rate
    time_s = np.arange(4 * rate) / rate
    octaves = 1.0 - np.abs(time_s - 2.0) / 2.0
    frequency = SWEEP_FROM_HZ * 2.0 ** (2 * octaves)
    sound = 0.3 * np.sin(2 * np.pi * np.cumsum(frequency) / rate)
    path = folder / "sweep.png"
    write_image(Clip(analyse_loop(sound.astype(np.float32), rate, EMBEDDED), EMBEDDED), path)
    return path


def _turning_delay(take: Take, sound: NDArray[np.float32], sent: float) -> float:
    """Seconds from the packet to where the line that pitch drew before meets the line that it draws after."""
    start = sent - take.start
    hops = np.arange(start - 0.35, start + 0.6, HOP / take.rate)
    frames = np.array([sound[int(t * take.rate) :][:WINDOW] for t in hops]) * np.hanning(WINDOW)
    spectrum = np.abs(np.fft.rfft(frames, 8 * WINDOW))
    octave = np.log2(np.maximum(spectrum[:, 1:].argmax(1) + 1, 1))
    times = hops + WINDOW / 2 / take.rate - start
    early, late = times < 0.0, (times > 0.2) & (times < 0.5)
    (slope, level), before = _line(times[early], octave[early])
    (slope_after, level_after), after = _line(times[late], octave[late])
    if max(before, after) > STRAIGHT_OCTAVES or abs(slope - slope_after) < 0.1:
        return float("nan")  # the sweep turned by itself just here
    return float((level_after - level) / (slope - slope_after))


def _line(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """The straight line through points, and their mean distance from it."""
    fit = np.polyfit(x, y, 1)
    return fit, float(np.abs(np.polyval(fit, x) - y).mean())


def _powers(sound: NDArray[np.float32]) -> NDArray[np.float64]:
    """(frames, bands) compressed powers of short windows: a level for each sixth of an octave or so."""
    frames = np.lib.stride_tricks.sliding_window_view(sound, WINDOW)[::HOP] * np.hanning(WINDOW)
    power = np.abs(np.fft.rfft(frames)) ** 2
    edges = np.unique(np.geomspace(2, WINDOW // 2, 40).astype(int))
    return np.sqrt(np.add.reduceat(power, edges, axis=1))


def _smoothed(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.convolve(values, np.ones(5) / 5, "same")
