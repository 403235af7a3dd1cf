"""The worker as the process it is, and its work in this one."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing.process import BaseProcess
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from small_models import SMALL_EMBEDDED

from riffsynth.diffusion.messages import (
    Cancel,
    Cancelled,
    Failed,
    FromWorker,
    Generate,
    Generated,
    Loading,
    Progress,
    Ready,
)
from riffsynth.diffusion.request import ClipRequest, End
from riffsynth.diffusion.worker import LocalWorker, WorkerConfig, start_worker
from riffsynth.processes.channel import Channel
from riffsynth.spectrogram.clip import Clip
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.spectrogram.spec import RIFFUSION

TIMEOUT_S = 120.0
PIANO = End("piano")


def generate(number: int, end: End = PIANO, steps: int = 2) -> Generate:
    return Generate(ClipRequest(number, end, end, steps=steps))


class Conversation:
    """What was said by a worker's process, and waiting for more."""

    def __init__(self, config: WorkerConfig) -> None:
        self.process, self.channel = start_worker(config)
        self.said: list[FromWorker] = []

    def until(self, kind: type, number: int | None = None) -> FromWorker:
        deadline = time.monotonic() + TIMEOUT_S
        while time.monotonic() < deadline:
            for message in self.said:
                if isinstance(message, kind) and getattr(message, "id", None) == number:
                    return message
            assert not self.channel.closed or self.channel.wait(0), f"the worker is gone; it said {self.said}"
            self.channel.wait(0.5)
            self.said += self.channel.receive()
        raise AssertionError(f"no {kind.__name__} {number} in {self.said}")


@pytest.fixture(scope="module")
def worker(embedded_folder: Path) -> Iterator[Conversation]:
    conversation = Conversation(WorkerConfig(str(embedded_folder), "cpu", threads=1))
    yield conversation
    conversation.channel.close()
    conversation.process.join(TIMEOUT_S)
    assert conversation.process.exitcode == 0, "a worker ends when its channel closes"


def test_it_loads_and_says_how_far(worker: Conversation) -> None:
    ready = worker.until(Ready)
    assert isinstance(ready, Ready)
    assert (ready.spec, ready.default_steps, ready.device) == (SMALL_EMBEDDED, 3, "cpu")
    assert ready.pace.step_s > 0
    fractions = [message.fraction for message in worker.said if isinstance(message, Loading)]
    assert fractions == sorted(fractions) and fractions[0] == 0 and fractions[-1] == 1


def test_it_generates(worker: Conversation) -> None:
    worker.channel.send(generate(1))
    made = worker.until(Generated, 1)
    assert isinstance(made, Generated)
    assert made.clip.request == generate(1).request
    assert made.score.magnitudes.shape == (64, SynthesisGrid.for_rate(44100).bins)
    assert np.isfinite(made.score.magnitudes).all() and made.score.magnitudes.max() > 0
    assert [m for m in worker.said if isinstance(m, Progress) and m.id == 1] == [Progress(1, 1, 2), Progress(1, 2, 2)]


def test_a_running_request_is_cancelled_at_a_step(worker: Conversation) -> None:
    worker.channel.send(generate(2, steps=5000))
    worker.until(Progress, 2)
    worker.channel.send(Cancel(2))
    worker.until(Cancelled, 2)
    assert not any(isinstance(message, Generated) and message.id == 2 for message in worker.said)
    assert sum(isinstance(message, Progress) and message.id == 2 for message in worker.said) < 5000


def test_a_waiting_request_is_cancelled(worker: Conversation) -> None:
    for message in (generate(3, steps=50), generate(4), Cancel(4), generate(5)):
        worker.channel.send(message)
    worker.until(Generated, 3)
    worker.until(Cancelled, 4)
    worker.until(Generated, 5)


def test_a_failure_is_a_line_and_the_next_request_succeeds(worker: Conversation) -> None:
    worker.channel.send(generate(6, replace(PIANO, guidance=math.inf)))
    failed = worker.until(Failed, 6)
    assert isinstance(failed, Failed) and "NaN" in failed.text and "\n" not in failed.text
    worker.channel.send(Cancel(6))
    worker.channel.send(generate(7))
    worker.until(Generated, 7)


def test_what_does_not_fit_the_model_is_a_line_and_the_next_request_succeeds(
    worker: Conversation, tmp_path: Path
) -> None:
    asked = generate(20, replace(PIANO, strength=0.5)).request
    init = Clip(np.full((SMALL_EMBEDDED.bands, SMALL_EMBEDDED.columns), 0.01, np.float32), SMALL_EMBEDDED)
    lora = tmp_path / "other.safetensors"
    save_file({f"unet.conv_in.lora_{side}.weight": torch.ones(2, 2) for side in "AB"}, lora)
    mask, loras = np.ones((512, 512), np.float32), ((str(lora), 1.0),)
    bad = [
        ("the mask is 512 x 512 pixels", {"init": init, "mask": mask}, ("mask", "")),
        ("for another model", {"loras": loras}, ("lora", str(lora))),
        ("sampler is one of", {"sampler": "fast"}, None),
    ]
    for number, (told, fields, unfit) in enumerate(bad, 21):
        worker.channel.send(Generate(replace(asked, id=number, **fields)))
        failed = worker.until(Failed, number)
        assert isinstance(failed, Failed) and told in failed.text and "\n" not in failed.text
        assert failed.unfit == unfit
    other = Clip(np.full((512, 512), 0.01, np.float32), RIFFUSION)  # an init clip of another model is made to fit
    worker.channel.send(Generate(replace(asked, id=30, init=other)))
    worker.until(Generated, 30)


def ended(process: BaseProcess, channel: Channel) -> list[FromWorker]:
    process.join(TIMEOUT_S)
    assert process.exitcode == 0
    assert channel.wait(TIMEOUT_S)
    return channel.receive()


def test_a_model_that_cannot_be_loaded_is_a_line_and_the_end(tmp_path: Path) -> None:
    process, channel = start_worker(WorkerConfig(str(tmp_path), "cpu"))
    failures = [message for message in ended(process, channel) if isinstance(message, Failed)]
    assert failures == [
        Failed(None, f"{tmp_path}: not a model in Stable Diffusion's layout (model_index.json is missing)")
    ]


def test_it_ends_with_whoever_started_it(embedded_folder: Path) -> None:
    code = (
        "import sys\n"
        "from riffsynth.diffusion.worker import WorkerConfig, start_worker\n"
        "if __name__ == '__main__':\n"
        "    process, channel = start_worker(WorkerConfig(sys.argv[1], 'cpu', threads=1))\n"
        "    print(process.pid, flush=True)\n"
        "    process.join()\n"
    )
    # The worker holds its parent's output open: it reads to the end once both are gone.
    parent = subprocess.Popen([sys.executable, "-c", code, str(embedded_folder)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    parent.kill()
    try:
        left, _ = parent.communicate(timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired:
        os.kill(worker, signal.SIGKILL)
        raise
    assert left == ""


def test_at_home_it_answers_at_once(embedded_folder: Path) -> None:
    said: list[FromWorker] = []
    cancelled: set[int] = set()
    worker = LocalWorker(WorkerConfig(str(embedded_folder), "cpu", 48000), said.append, lambda: cancelled)
    assert worker.usable and isinstance(said[-1], Ready)
    worker.send(generate(1))
    assert isinstance(said[-1], Generated)
    assert said[-1].score.magnitudes.shape[1] == SynthesisGrid.for_rate(48000).bins
    cancelled.add(2)
    worker.send(generate(2))
    assert said[-1] == Cancelled(2)


def test_two_at_once_are_those_by_themselves_and_what_is_wrong_with_one_is_not_the_others_fault(
    embedded_folder: Path,
) -> None:
    said: list[FromWorker] = []
    cancelled: set[int] = set()
    worker = LocalWorker(WorkerConfig(str(embedded_folder), "cpu"), said.append, lambda: cancelled)
    drums = End("drums", seed=2, guidance=2.0)
    first, second = generate(1).request, generate(2, drums).request
    for message in (Generate(first), Generate(second), Generate(first, second)):
        worker.send(message)
    one, two, *both = (message for message in said if isinstance(message, Generated))
    assert [made.id for made in both] == [1, 2]
    for alone, made in zip((one, two), both, strict=True):
        assert np.abs(alone.clip.mel - made.clip.mel).max() < 0.02 * SMALL_EMBEDDED.full_scale
    said.clear()
    worker.send(Generate(generate(3, replace(PIANO, guidance=math.inf)).request, second))
    answers = [message for message in said if not isinstance(message, Progress)]
    assert isinstance(answers[0], Failed) and isinstance(answers[1], Generated)
    said.clear()
    cancelled.add(1)
    worker.send(Generate(first, second))
    assert said == [Cancelled(1)]


def test_who_starts_it_needs_no_torch() -> None:
    heavy = "{'torch', 'diffusers', 'transformers', 'scipy'}"
    code = f"import sys; import riffsynth.diffusion.worker; print(sorted({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
