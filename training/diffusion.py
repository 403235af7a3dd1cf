"""Train the U-Net and the text encoder: `python -m training.diffusion --minutes 60`; the same command goes on.

With `--teacher` and `--start` the same folder, and a `--run` of its own, it learns few steps without guidance.
Encodes the clips once with the finished autoencoder; captions are drawn anew for every sample. On a CPU one process a
core, each with one thread: that does half as much again as two threads in one process, whose small operations wait for
each other. On a CUDA device one process, and the cores word the captions.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.multiprocessing
from diffusers import AutoencoderKL, FlowMatchEulerDiscreteScheduler
from torch import Tensor, distributed
from torch.utils.data import DataLoader, IterableDataset, get_worker_info
from transformers import BertTokenizer

from riffsynth.diffusion.circular import make_circular
from training import text
from training.captions import Caption, worded
from training.data import encode_clips, load_clips
from training.denoiser import Denoiser, flow_step
from training.distillation import distilled_loss
from training.loop import Loop, Rates, Time, autocast, best_device
from training.muon import sum_over_workers, workers_of_this_run
from training.paths import AUTOENCODER, CLIPS, DIFFUSION, LATENTS, write_pid
from training.reward import RewardModel, reward_loss, targets

BATCH, GPU_BATCH = 24, 512
"""Clips in a step of one process."""
MATRIX_RATE = 2e-3
OTHER_RATE = 1e-3
EMPTY_CAPTIONS = 0.1
SHARES: dict[str, float] = {
    "four on the floor kick": 0.03,
    "kick": 0.01,
    "drums": 0.05,
    "drum pieces": 0.03,
    "bass": 0.05,
    "keys": 0.07,
    "lead": 0.16,
    "pad": 0.03,
    "2 parts": 0.19,
    "3 parts": 0.17,
    "4 parts": 0.17,
    "5 parts": 0.04,
}
"""How often each kind of clip is drawn. Single parts teach the names; full mixes, rare among the clips, that all which
are named sound together: drawn as often as they were composed, keys and leads got lost in them."""
DECAY, GPU_DECAY = 0.995, 0.999


class Samples(IterableDataset[tuple[Tensor, Tensor, Tensor]]):
    """Batches without end: which clips (B,), drawn by SHARES, the token numbers of a caption for each (B, 64), and what
    it tells of them (B, reward.TARGETS)."""

    def __init__(
        self, clips: list[dict[str, Any]], tokenizer: BertTokenizer, batch: int, seed: tuple[int, ...]
    ) -> None:
        self._clips, self._tokenizer = clips, tokenizer
        self._chances = _chances(clips).double().numpy()
        self._batch, self._seed = batch, seed

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
        worker = get_worker_info()
        rng = np.random.default_rng([*self._seed, worker.id if worker else 0])
        while True:
            chosen = rng.choice(len(self._clips), self._batch, p=self._chances / self._chances.sum())
            captions = [_caption(self._clips[i], rng) for i in chosen]
            told = [targets(self._clips[i], caption.told) for i, caption in zip(chosen, captions, strict=True)]
            ids = text.tokens(self._tokenizer, [caption.text for caption in captions])
            yield torch.from_numpy(chosen), ids, torch.tensor(told)


@dataclass(frozen=True, slots=True)
class Job:
    """One training: its files are in `run`, it uses `limit` clips or all.

    `again` begins a new round with the weights of the last one; `start` is a model folder whose weights a run without
    a checkpoint begins with; of a `teacher`, another one, it learns few steps (`distillation`). `reward` is the weight
    of what is heard in the clips it foresees (training.reward).
    """

    time: Time
    run: Path
    limit: int | None = None
    again: bool = False
    start: Path | None = None
    teacher: Path | None = None
    reward: float = 0.0


def train(job: Job, latents: Tensor, clips: list[dict[str, Any]]) -> Denoiser | None:
    """Train for the rest of the time, in step with the other processes; the averaged model, or None where it left."""
    torch.manual_seed(0)
    rank, workers = workers_of_this_run()
    device = best_device()
    on_gpu = device.type == "cuda"
    # On a CPU the fused attention's way back is slow: a step takes a sixth less by plain products (torch 2.13).
    torch.backends.cuda.enable_flash_sdp(on_gpu)
    model = Denoiser.of(job.start).to(device)
    teacher = Denoiser.of(job.teacher).to(device).eval().requires_grad_(False) if job.teacher else None
    hears = RewardModel.load().to(device) if job.reward else None
    rates = Rates(MATRIX_RATE, OTHER_RATE, GPU_DECAY if on_gpu else DECAY)
    loop = Loop(job.run, job.time, model, rates, again=job.again, leader=rank == 0, agree=_agreed)
    generator = torch.Generator(device).manual_seed(1000 * loop.step + rank)
    tokenizer = BertTokenizer.from_pretrained(job.run / "tokenizer")
    samples = Samples(clips, tokenizer, GPU_BATCH if on_gpu else BATCH, (loop.step, rank))
    wording = max(1, (os.cpu_count() or 1) - 2) if on_gpu else 0
    batches = iter(DataLoader(samples, batch_size=None, num_workers=wording, pin_memory=on_gpu))
    latents = latents.to(device)
    empty = text.tokens(tokenizer, [""]).to(device)
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]

    def exchange() -> None:
        if workers > 1:
            sum_over_workers([parameter.grad for parameter in trained if parameter.grad is not None])

    while loop.going():
        chosen, ids, told = (part.to(device, non_blocking=True) for part in next(batches))
        with autocast(device):
            data = latents[chosen].float()
            if teacher:
                loss = distilled_loss(model, teacher, data, ids, empty, generator)
            else:
                loss, foreseen = flow_step(model, data, ids, generator)
                if hears:
                    reward = reward_loss(hears, foreseen, data, told)
                    loop.note(reward=reward)
                    loss = loss + job.reward * reward
        loop.descend(loss / workers, exchange)
        loop.note(loss=loss)
    return loop.average.module.cpu() if loop.finished else None


def _chances(clips: list[dict[str, Any]]) -> Tensor:
    """How likely each clip is drawn (n,), by SHARES."""
    kinds = [clip["kind"] if len(clip["parts"]) == 1 else f"{len(clip['parts'])} parts" for clip in clips]
    counts = Counter(kinds)
    return torch.tensor([SHARES[kind] / counts[kind] for kind in kinds])


def _agreed(fraction: float) -> float:
    """The first process's clock, for all: they step, slow down and stop together."""
    if workers_of_this_run()[1] == 1:
        return fraction
    shared = torch.tensor([fraction], dtype=torch.float64)
    distributed.broadcast(shared, 0)
    return float(shared)


def _caption(clip: dict[str, Any], words: np.random.Generator) -> Caption:
    return Caption("", frozenset()) if words.random() < EMPTY_CAPTIONS else worded(clip, words)


def save(model: Denoiser, run: Path) -> None:
    """The averaged parts in stock folders beside the tokenizer."""
    model.unet.save_pretrained(run / "unet")
    model.text_encoder.save_pretrained(run / "text_encoder")
    FlowMatchEulerDiscreteScheduler().save_pretrained(run / "scheduler")


def work(rank: int, workers: int, port: int, job: Job) -> None:
    """One process of the training; the first one saves."""
    if workers > 1:
        torch.set_num_threads(1)
    (job.run.parent / f"{job.run.name}{rank}.pid").write_text(f"{os.getpid()}\n")
    if workers > 1:
        address = f"tcp://127.0.0.1:{port}"
        # A process may be paused for as long as its owner likes: the others wait.
        distributed.init_process_group(
            "gloo", init_method=address, rank=rank, world_size=workers, timeout=timedelta(hours=12)
        )
    _, clips = load_clips(CLIPS, job.limit)
    model = train(job, torch.load(LATENTS), clips)
    if rank == 0 and model is not None:
        save(model, job.run)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    Time.options(parser, 60.0)
    parser.add_argument("--workers", type=int, help="processes; as many as cores, or one where there is a GPU")
    parser.add_argument("--clips", type=int, default=None, help="use only so many")
    parser.add_argument("--vae", type=Path, default=AUTOENCODER / "vae")
    parser.add_argument("--run", type=Path, default=DIFFUSION)
    parser.add_argument("--again", action="store_true", help="a new round from the weights of the last one")
    parser.add_argument("--start", type=Path, help="a model folder to begin with, where there is no checkpoint")
    parser.add_argument(
        "--teacher", type=Path, help="a model folder: learn to do without guidance what it does with it"
    )
    parser.add_argument(
        "--reward", type=float, default=0.0, help="weight of what training.reward hears; not with --teacher"
    )
    parser.add_argument("--finish", action="store_true", help="write the model from the last checkpoint now")
    options = parser.parse_args()
    if options.teacher and options.reward:
        parser.error("--reward is for training without --teacher: a student learns what its teacher does")
    options.run.mkdir(parents=True, exist_ok=True)
    text.save_tokenizer(options.run / "tokenizer")
    if options.finish:
        model = Denoiser()
        model.load_state_dict(torch.load(options.run / "checkpoint.pt")["average"])
        save(model, options.run)
        return
    write_pid("diffusion")
    vae = make_circular(AutoencoderKL.from_pretrained(options.vae).eval())
    LATENTS.parent.mkdir(exist_ok=True)
    encode_clips(vae, load_clips(CLIPS, options.clips)[0], LATENTS)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    workers = options.workers or (1 if torch.cuda.is_available() else os.cpu_count() or 1)
    job = Job(
        Time.of(options), options.run, options.clips, options.again, options.start, options.teacher, options.reward
    )
    if workers == 1:
        work(0, workers, port, job)  # the processes that word captions want a parent that is no daemon
    else:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and the daemons with it
        torch.multiprocessing.spawn(work, (workers, port, job), nprocs=workers, daemon=True)


if __name__ == "__main__":
    main()
