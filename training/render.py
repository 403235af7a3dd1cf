"""Phrases to mel images: `python -m training.render --clips 10000` writes shards that later runs continue.

One process per core; shard k holds the phrases of seeds k * SHARD .. (k + 1) * SHARD - 1 as uint8 images (n, bands,
columns), row 0 the lowest band, with one JSON line a phrase beside it.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import signal
import sys
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from riffsynth.spectrogram.analysis import analyse_loop, to_image
from riffsynth.spectrogram.spec import EMBEDDED
from training.compose import compose
from training.paths import CLIPS, write_pid
from training.sound import SAMPLE_RATE, FontSynth

SHARD = 250


def clip_image(synth: FontSynth, seed: int, every_key: bool = False) -> tuple[NDArray[np.uint8], dict]:
    """Image (bands, columns) of the phrase of this seed, and its description."""
    phrase = compose(seed, every_key)
    mel = analyse_loop(synth.loop(phrase), SAMPLE_RATE, EMBEDDED)
    return np.round(255 * to_image(mel, EMBEDDED)).astype(np.uint8), phrase.describe()


def render_shards(shards: list[int], folder: Path, every_key: bool = False) -> None:
    """Render those shards that are not there yet, in order."""
    synth = FontSynth()
    for shard in shards:
        path = folder / f"{shard:05d}.npy"
        if path.exists():
            continue
        start = time.monotonic()
        images, lines = [], []
        for seed in range(shard * SHARD, (shard + 1) * SHARD):
            image, description = clip_image(synth, seed, every_key)
            images.append(image)
            lines.append(json.dumps(description))
        path.with_suffix(".jsonl").write_text("\n".join(lines) + "\n")
        # The images come last and by rename: a shard whose images are there is whole.
        partial = path.with_suffix(".part.npy")
        np.save(partial, np.stack(images))
        partial.rename(path)
        print(f"shard {shard}: {SHARD / (time.monotonic() - start):.1f} clips/s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, default=10000)
    parser.add_argument("--first-seed", type=int, default=0, help="rounded down to a shard")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--out", type=Path, default=CLIPS)
    parser.add_argument("--every-key", action="store_true", help="for the listener; the model's clips are at home")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    write_pid("render")
    first = options.first_seed // SHARD
    shards = list(range(first, first + -(-options.clips // SHARD)))
    jobs = [
        multiprocessing.Process(
            target=render_shards,
            args=(shards[i :: options.workers], options.out, options.every_key),
            daemon=True,
        )
        for i in range(options.workers)
    ]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and the daemons with it
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    if any(job.exitcode for job in jobs):
        raise SystemExit("a rendering process failed; run the command again to go on")


if __name__ == "__main__":
    main()
