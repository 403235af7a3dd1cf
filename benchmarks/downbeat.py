"""Whether the embedded model keeps the beat: where the kicks of "four on the floor kick" are heard, over many seeds.

Clips go the whole way: diffusion, inversion, streaming synthesis at 120 beats a minute; onsets are found in the sound.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from measuring.listening import onset_times
from numpy.typing import NDArray

from riffsynth.diffusion.generator import Generator
from riffsynth.diffusion.loading import load_model
from riffsynth.diffusion.request import ClipRequest, End
from riffsynth.embedded import model_folder
from riffsynth.playback.core import PlayerCore
from riffsynth.playback.messages import AddScore, Deck, Enter, SetTimeline
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.spectrogram.loudness import playable
from riffsynth.timing.timeline import Timeline

PROMPT = "four on the floor kick"
TEMPO = 120.0
RATE = 44100
SEEDS = 64
TOLERANCE_BEATS = 1 / 16
FIRST_BEAT = 1.5
"""What is judged begins here: the synthesis has settled."""


def run(seeds: int = SEEDS) -> dict[str, Any]:
    """Of all onsets the share near a beat; of all beats the share with an onset; the median distance in ms."""
    generator = Generator(load_model(model_folder(), "cpu"))
    grid = SynthesisGrid.for_rate(RATE)
    distances: list[float] = []
    beats_hit = 0
    for seed in range(seeds):
        end = End(PROMPT, seed=seed, guidance=generator.model.defaults.guidance)
        clip = generator.generate(ClipRequest(0, end, end, steps=generator.model.defaults.steps))
        score = playable(clip, grid)
        beats = onset_times(played(score, grid), RATE) * TEMPO / 60
        beats = beats[beats > FIRST_BEAT]
        from_beat = np.abs(beats - np.round(beats))
        distances += from_beat.tolist()
        beats_hit += len(set(np.round(beats[from_beat <= TOLERANCE_BEATS]) % 8))
    near = np.array(distances) <= TOLERANCE_BEATS
    return {
        "seeds": seeds,
        "onsets": len(distances),
        "onsets_near_a_beat": float(near.mean()),
        "beats_with_an_onset": beats_hit / (8 * seeds),
        "median_distance_ms": float(np.median(distances)) * 60_000 / TEMPO,
    }


def played(score: Any, grid: SynthesisGrid) -> NDArray[np.float32]:
    """One pass of the clip and what comes before FIRST_BEAT; time 0 is a beat."""
    core = PlayerCore(grid)
    core.apply(SetTimeline(Timeline(0.0, 0.0, TEMPO / 60)))
    core.apply(AddScore(1, score))
    core.apply(Enter(Deck(1, ((0.0, 1),)), 0.0, 0.0))
    passed = round((FIRST_BEAT + 8) * 60 / TEMPO * RATE)
    return np.concatenate([core.block(i * core.block_size / RATE) for i in range(passed // core.block_size)])
