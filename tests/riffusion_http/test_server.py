"""Riffusion's server as its web app meets it: the same address, fields and answer, over a real socket."""

from __future__ import annotations

import asyncio
import base64
import io
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import torch
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from PIL import Image

from riffsynth.diffusion.generator import Generator
from riffsynth.diffusion.loading import load_model
from riffsynth.diffusion.request import ClipRequest
from riffsynth.diffusion.strengths import STRAIGHT, noise_at
from riffsynth.riffusion_http.answering import Answering
from riffsynth.riffusion_http.request import BadRequest, InferenceInput
from riffsynth.riffusion_http.server import MOST_WAITING, application
from riffsynth.spectrogram.clip import Clip

sys.path.append(str(Path(__file__).resolve().parents[1] / "diffusion"))
from small_models import SMALL, save_riffusion

START, END = {"prompt": "piano", "seed": 1}, {"prompt": "drums", "seed": 2, "negative_prompt": "bass", "guidance": 3}
REQUEST = {"start": START, "end": END, "alpha": 0.25, "num_inference_steps": 3}


@pytest.fixture(scope="module")
def answering(tmp_path_factory: pytest.TempPathFactory) -> Answering:
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("http")
    rng = np.random.default_rng(0)
    for name in ("og_beat", "mask_half"):
        Image.fromarray(rng.integers(0, 255, (512, 512), np.uint8)).save(folder / f"{name}.png")
    Image.new("L", (64, 64), 255).save(folder / "mask_small.png")
    generator = Generator(load_model(save_riffusion(folder / "model"), "cpu"))
    return Answering(generator.generate, generator.model.spec, folder)


def served(answer: Callable, talk: Callable[[ClientSession, str], Awaitable[Any]]) -> Any:
    """What `talk` finds out from a server that answers with `answer`."""

    async def session() -> Any:
        async with TestServer(application(answer)) as server, ClientSession() as client:
            return await talk(client, str(server.make_url("/run_inference/")))

    return asyncio.run(session())


def post(answer: Callable, body: Any) -> tuple[int, Any]:
    async def talk(client: ClientSession, url: str) -> tuple[int, Any]:
        data = {"data": body} if isinstance(body, bytes) else {"json": body}
        async with client.post(url, **data) as response:
            assert response.headers["Access-Control-Allow-Origin"] == "*"
            return response.status, await (response.json() if response.status == 200 else response.text())

    return served(answer, talk)


def content(uri: str, kind: str) -> bytes:
    head, _, data = uri.partition(",")
    assert head == f"data:{kind};base64"
    return base64.b64decode(data)


def test_a_request_is_answered_with_an_image_and_an_mp3(answering: Answering) -> None:
    status, made = post(answering.answer, REQUEST)
    assert status == 200 and set(made) == {"image", "audio", "duration_s"}
    assert made["duration_s"] == pytest.approx(0.64)  # 64 columns of 10 ms, none lost
    image = Image.open(io.BytesIO(content(made["image"], "image/jpeg")))
    assert image.size == (SMALL.columns, SMALL.bands) and image.getexif()[11010] == 10
    sound, rate = soundfile.read(io.BytesIO(content(made["audio"], "audio/mpeg")))
    assert rate == 44100 and np.abs(sound).max() > 0.001


def test_denoising_is_a_share_of_noise_with_every_model(answering: Answering, tmp_path: Path) -> None:
    asked: list[ClipRequest] = []

    def make(request: ClipRequest) -> Clip:
        asked.append(request)
        return Clip(np.zeros((SMALL.bands, SMALL.columns), np.float32), SMALL)

    Image.new("L", (512, 512)).save(tmp_path / "og_beat.png")
    curve = ((0.0, 0.0), (0.2, 0.7), (0.5, 0.9), (1.0, 1.0))
    wanted = InferenceInput.parse({**REQUEST, "end": {**END, "denoising": 0.7}})
    for noise_at_strength in (STRAIGHT, curve):
        Answering(make, SMALL, tmp_path, noise_at_strength).answer(wanted)
    plain, curved = asked
    assert (plain.a.strength, plain.b.strength) == (0.75, 0.7)
    assert (noise_at(curve, curved.a.strength), noise_at(curve, curved.b.strength)) == pytest.approx((0.75, 0.7))
    assert curved.b.strength == pytest.approx(0.2)


def test_everything_in_a_request_is_heard(answering: Answering) -> None:
    def image(**changes: Any) -> str:
        return answering.answer(InferenceInput.parse({**REQUEST, **changes}))["image"]

    plain = image()
    assert image() == plain
    for changes in (
        {"alpha": 0.5},
        {"num_inference_steps": 4},
        {"start": {**START, "seed": 3}},
        {"start": {**START, "denoising": 0.4}},
        {"end": {**END, "guidance": 7}},
        {"end": {**END, "negative_prompt": None}},
    ):
        assert image(**changes) != plain, changes


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        (b"{", "no JSON"),
        ([], "the request is an object"),
        ({**REQUEST, "start": None}, "start is an object"),
        ({**REQUEST, "start": {"seed": 1}}, "start.prompt is a text"),
        ({**REQUEST, "alpha": 1.5}, "alpha is a number 0..1"),
        ({**REQUEST, "alpha": "x"}, "alpha is a number 0..1"),
        ({"start": START, "end": END}, "alpha is a number 0..1"),
        ({**REQUEST, "num_inference_steps": 2.5}, "a whole number"),
        ({**REQUEST, "seed_image_id": "gone"}, "Invalid seed image: gone"),
        ({**REQUEST, "seed_image_id": "../og_beat"}, "the name of an image"),
        ({**REQUEST, "mask_image_id": "/etc/passwd"}, "the name of an image"),
        ({**REQUEST, "mask_image_id": "mask_small"}, None),
        ({**REQUEST, "mask_image_id": "mask_half"}, "the mask is 512 x 512 pixels"),
    ],
)
def test_bad_requests_are_told_and_the_next_one_is_answered(answering: Answering, body: Any, hint: str | None) -> None:
    status, text = post(answering.answer, body)
    assert status == (400 if hint else 200)
    assert hint is None or hint in text


def test_a_fault_inside_is_an_answer_too() -> None:
    def broken(wanted: InferenceInput) -> dict:
        raise RuntimeError("the driver\nis gone")

    assert post(broken, REQUEST) == (500, "the driver is gone")


def test_pages_of_other_places_may_ask_first(answering: Answering) -> None:
    async def talk(client: ClientSession, url: str) -> tuple[int, str]:
        async with client.options(url) as response:
            return response.status, response.headers["Access-Control-Allow-Headers"]

    assert served(answering.answer, talk) == (204, "Content-Type")


def test_requests_are_answered_one_by_one_and_a_crowd_is_turned_away() -> None:
    busy = []

    def slow(wanted: InferenceInput) -> dict:
        busy.append(1)
        assert len(busy) == 1
        for _ in range(100_000):
            pass
        busy.pop()
        return {"seed": wanted.start.seed}

    async def talk(client: ClientSession, url: str) -> list[int]:
        async def one() -> int:
            async with client.post(url, json=REQUEST) as response:
                return response.status

        return await asyncio.gather(*(one() for _ in range(MOST_WAITING + 20)))

    statuses = served(slow, talk)
    assert statuses.count(200) >= MOST_WAITING and set(statuses) <= {200, 503}


def test_what_riffusion_takes_for_granted_is_filled_in() -> None:
    parsed = InferenceInput.parse(
        {"start": {"prompt": "a"}, "end": {"prompt": "b", "transitionCounter": 3}, "alpha": 0}
    )
    assert (parsed.num_inference_steps, parsed.seed_image_id, parsed.mask_image_id) == (50, "og_beat", None)
    assert (parsed.start.denoising, parsed.start.guidance, parsed.start.seed) == (0.75, 7.0, 0)
    with pytest.raises(BadRequest):
        InferenceInput.parse({"start": {"prompt": "a", "seed": True}, "end": {"prompt": "b"}, "alpha": 0})
