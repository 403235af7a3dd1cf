"""What a step in the tempo of a MIDI clock does to a steady tone: it must neither click nor bend."""

from __future__ import annotations

import numpy as np

from measuring.listening import partial_hz
from riffsynth.playback.core import PlayerCore
from riffsynth.playback.messages import AddScore, Deck, Enter, SetTimeline
from riffsynth.spectrogram.analysis import analyse_loop
from riffsynth.spectrogram.clip import Clip
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.spectrogram.inversion import score_of
from riffsynth.spectrogram.spec import EMBEDDED
from riffsynth.timing.midi_clock import MidiClockFollower
from riffsynth.timing.simulated import SimulatedSender

RATE = 44100
PITCH_HZ = 440.0
AHEAD_S = 0.04
"""The player makes sound so long before it is heard; what arrives later cannot count."""
SETTLED_S = 1.0


def measure(sender: SimulatedSender, change_s: float, seconds: float = 2.0) -> dict[str, float]:
    """The tone around the sender's change of tempo at `change_s`, and how far its pitch is off in the `seconds` after.

    Steps between samples are counted in the 99.9th percentile of those before the change, which one in a thousand is
    above in the steady tone itself: the largest before and after, and the share above it after (percent)."""
    sound, start = _played(sender, change_s + seconds)
    change = round((change_s - start) * RATE)
    before, after = sound[round(SETTLED_S * RATE) : change], sound[change : change + round(seconds * RATE)]
    steps_before, steps = np.abs(np.diff(before)), np.abs(np.diff(after))
    usual = float(np.percentile(steps_before, 99.9))
    return {
        "largest_step_before": float(steps_before.max()) / usual,
        "largest_step": float(steps.max()) / usual,
        "steps_above_percent": 100 * float((steps > usual).mean()),
        "pitch_off_cents": 1200 * float(np.log2(partial_hz(after, RATE) / partial_hz(before, RATE))),
    }


def _played(sender: SimulatedSender, until: float) -> tuple[np.ndarray, float]:
    """The sound from the sender's start, and when that is."""
    grid = SynthesisGrid.for_rate(RATE)
    core = PlayerCore(grid)
    time_s = np.arange(round(EMBEDDED.beats / 2 * EMBEDDED.sample_rate)) / EMBEDDED.sample_rate
    tone = 0.3 * np.sin(2 * np.pi * PITCH_HZ * time_s)
    clip = Clip(analyse_loop(tone.astype(np.float32), EMBEDDED.sample_rate, EMBEDDED), EMBEDDED)
    core.apply(AddScore(1, score_of(clip, grid)))
    core.apply(Enter(Deck(1, ((0.0, 1),)), 0.0, 0.0))
    follower, waiting = MidiClockFollower(0.0), list(sender.messages())[::-1]
    start, pieces = sender.start_s, []
    for index in range(round((until - start) * RATE / core.block_size) + 1):
        now = start + index * core.block_size / RATE
        while waiting and waiting[-1].time_s <= now - AHEAD_S:
            follower.feed(waiting.pop())
        core.apply(SetTimeline(follower.timeline))
        pieces.append(core.block(now))
    return np.concatenate(pieces).astype(np.float64), start
