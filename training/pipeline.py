"""Everything on one large GPU, in pieces: `python -m training.pipeline`; the same command goes on where it stopped.

A call lasts at most `--minutes` (9); call it until it says that all is done. While the GPU learns, the cores beside it
render further clips. Where there is no GPU the same stages run on the CPU, slowly; `--rehearse` runs them all in
miniature. Files go to RIFFSYNTH_RUNS or training/runs, the model to `--out`. The listener is not trained: it is frozen.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from training.distillation import STUDENT_STEPS
from training.paths import (
    AUTOENCODER,
    CLIPS,
    DECODER,
    DIFFUSION,
    DISTILLED,
    HEARD,
    HELD_OUT,
    HELD_OUT_KEYS,
    HELD_OUT_SEED,
    MODEL,
    REWARD,
    RUNS,
)
from training.render import SHARD
from training.reward import FILE as REWARD_FILE

STOPPING_S = 20.0
"""What a stage needs to write its checkpoint and leave."""
LEAST_S = 30.0
"""A stage that would have less is left to the next call."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything: clips, and minutes of each training."""

    first_clips: int
    clips: int
    held_out: int
    autoencoder: float
    decoder: float
    diffusion: float
    reward: float
    heard: float
    distillation: float


REWARD_WEIGHT = 0.03
LARGE = Size(
    first_clips=30_000,
    clips=120_000,
    held_out=1000,
    autoencoder=9.0,
    decoder=6.0,
    diffusion=16.0,
    reward=2.0,
    heard=9.0,
    distillation=9.0,
)
REHEARSAL = Size(
    first_clips=SHARD,
    clips=2 * SHARD,
    held_out=SHARD,
    autoencoder=0.3,
    decoder=0.2,
    diffusion=0.4,
    reward=0.2,
    heard=0.4,
    distillation=0.4,
)


@dataclass(frozen=True, slots=True)
class Stage:
    """`command` is a module of training with its arguments; it is `done` when its files are there. One that `leaves`
    is told how long it may take and writes a checkpoint; others are simply ended, and lose what is half done."""

    name: str
    command: tuple[str, ...]
    done: Callable[[], bool]
    leaves: bool = False
    renders: int = 0
    """So many clips are to be rendered meanwhile."""


def stages(size: Size, out: Path) -> tuple[Stage, ...]:
    """All stages in order."""
    vae, sharper = AUTOENCODER / "vae", DECODER / "vae"
    marker = RUNS / "exported"
    return (
        Stage(
            "held-out clips",
            _render(size.held_out, HELD_OUT, HELD_OUT_SEED),
            lambda: _rendered(HELD_OUT, size.held_out),
        ),
        Stage(
            "held-out clips in all keys",
            (*_render(size.held_out, HELD_OUT_KEYS, HELD_OUT_SEED), "--every-key"),
            lambda: _rendered(HELD_OUT_KEYS, size.held_out),
        ),
        Stage("first clips", _render(size.first_clips), lambda: _rendered(CLIPS, size.first_clips)),
        Stage(
            "autoencoder",
            ("autoencoder", "--minutes", f"{size.autoencoder:g}"),
            (vae / "config.json").exists,
            leaves=True,
            renders=size.clips,
        ),
        Stage(
            "decoder",
            ("decoder", "--minutes", f"{size.decoder:g}", "--vae", str(vae)),
            (sharper / "config.json").exists,
            leaves=True,
        ),
        Stage("all clips", _render(size.clips), lambda: _rendered(CLIPS, size.clips)),
        Stage(
            "diffusion",
            ("diffusion", "--minutes", f"{size.diffusion:g}", "--vae", str(vae)),
            (DIFFUSION / "unet" / "config.json").exists,
            leaves=True,
        ),
        Stage(
            "reward",
            ("reward", "--minutes", f"{size.reward:g}", "--vae", str(vae), "--model", str(DIFFUSION)),
            (REWARD / REWARD_FILE).exists,
            leaves=True,
        ),
        Stage(
            "diffusion, heard",
            (
                *("diffusion", "--minutes", f"{size.heard:g}", "--vae", str(vae), "--run", str(HEARD)),
                *("--start", str(DIFFUSION), "--reward", f"{REWARD_WEIGHT:g}"),
            ),
            (HEARD / "unet" / "config.json").exists,
            leaves=True,
        ),
        Stage(
            "distillation",
            (
                *("diffusion", "--minutes", f"{size.distillation:g}", "--vae", str(vae), "--run", str(DISTILLED)),
                *("--teacher", str(HEARD), "--start", str(HEARD)),
            ),
            (DISTILLED / "unet" / "config.json").exists,
            leaves=True,
        ),
        Stage(
            "export",
            (
                *("export", "--run", str(DISTILLED), "--vae", str(sharper), "--out", str(out)),
                *("--steps", str(STUDENT_STEPS), "--guidance", "1", "--marker", str(marker)),
            ),
            marker.exists,
        ),
    )


def run(size: Size, out: Path, seconds: float) -> bool:
    """Go on for so many seconds; whether all is done."""
    until = time.monotonic() + seconds
    for stage in stages(size, out):
        if stage.done():
            continue
        left = until - time.monotonic()
        if left < min(LEAST_S + STOPPING_S, seconds / 2):
            return False
        print(f"{stage.name}: {left:.0f} s left of this call", flush=True)
        with _rendering(stage.renders):
            _run(stage, left)
        if not stage.done():
            return False
    return True


def _run(stage: Stage, seconds: float) -> None:
    until = ("--until", f"{time.time() + seconds - STOPPING_S:.0f}") if stage.leaves else ()
    process = subprocess.Popen([sys.executable, "-m", f"training.{stage.command[0]}", *stage.command[1:], *until])
    try:
        code = process.wait(seconds + STOPPING_S)
    except subprocess.TimeoutExpired:
        process.terminate()
        process.wait()
        return
    if code:
        raise SystemExit(f"{stage.name} failed; mend what it said and run the command again to go on")


@contextmanager
def _rendering(clips: int) -> Iterator[None]:
    """Clips are rendered meanwhile; the shard that is half done at the end is lost."""
    if not clips or _rendered(CLIPS, clips):
        yield
        return
    process = subprocess.Popen(
        [sys.executable, "-m", f"training.{_render(clips)[0]}", *_render(clips)[1:]], stdout=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def _render(clips: int, folder: Path = CLIPS, first_seed: int = 0) -> tuple[str, ...]:
    return ("render", "--clips", str(clips), "--first-seed", str(first_seed), "--out", str(folder))


def _rendered(folder: Path, clips: int) -> bool:
    shards = [path for path in folder.glob("*.npy") if not path.name.endswith(".part.npy")]
    return SHARD * len(shards) >= clips


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=9.0, help="of this call")
    parser.add_argument("--out", type=Path, default=MODEL)
    parser.add_argument("--rehearse", action="store_true", help="all stages in miniature")
    options = parser.parse_args()
    done = run(REHEARSAL if options.rehearse else LARGE, options.out, 60.0 * options.minutes)
    print(
        "all is done: run python -m training.vocabulary, training.strength and training.evaluate"
        if done
        else "not done yet: run this again to go on"
    )


if __name__ == "__main__":
    main()
