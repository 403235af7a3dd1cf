"""Clips from another machine: what travels, who gets a turn, and what is heard when the far end is gone."""

from __future__ import annotations

import asyncio
import contextlib
import pickle
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import numpy as np
import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from riffsynth.diffusion.messages import Cancelled, Failed, FromWorker, Generate, Generated, Pace, Ready, Remark
from riffsynth.diffusion.model_error import UnfitFile
from riffsynth.diffusion.request import ClipRequest, End
from riffsynth.errors import RiffsynthError
from riffsynth.remote.address import checked_address
from riffsynth.remote.client import Connection, HangUp, Refused, Unreachable
from riffsynth.remote.making import LocalMaker, NobodyThere, Places
from riffsynth.remote.server import ClipServer, clip_application
from riffsynth.remote.turns import Overtaken, Turns
from riffsynth.remote.wire import FarModel, WireError, packed_clip, packed_request, unpacked_clip, unpacked_request
from riffsynth.remote.worker import RemoteWorker
from riffsynth.spectrogram.clip import Clip
from riffsynth.spectrogram.spec import EMBEDDED

SPEC = replace(EMBEDDED, columns=16)
PIANO = End("piano", "no", 7, 0.4, 3.5)
TIMEOUT_S = 20.0
CURVE = ((0.0, 0.0), (0.2, 0.7), (1.0, 1.0))


def some_clip(seed: int = 0) -> Clip:
    return Clip((np.random.default_rng(seed).random((SPEC.bands, SPEC.columns)) ** 4).astype(np.float32) * 0.16, SPEC)


@dataclass
class FarGenerator:
    """A model that takes `step_s` a step and answers the seed as a level."""

    step_s: float = 0.0
    made: list[ClipRequest] = field(default_factory=list)
    begun: threading.Event = field(default_factory=threading.Event)
    gate: threading.Event | None = None
    """Nothing is made before it is open."""

    def __post_init__(self) -> None:
        defaults = SimpleNamespace(steps=4, noise_at_strength=CURVE)
        self.model = SimpleNamespace(name="far", device="cuda:0", spec=SPEC, defaults=defaults)

    def generate(self, request: ClipRequest, on_step: Callable[[int, int], None]) -> Clip:
        self.begun.set()
        if self.gate:
            assert self.gate.wait(TIMEOUT_S)
        if request.a.prompt == "broken":
            raise RiffsynthError("nothing is\nas asked")
        if request.a.prompt == "masked":
            raise UnfitFile("the mask is\ntoo small", "mask")
        for step in range(request.steps):
            time.sleep(self.step_s)
            on_step(step + 1, request.steps)
        self.made.append(request)
        return some_clip(request.a.seed)


@contextmanager
def serving(far: FarGenerator | TwoFarAway, token: str | None = None, port: int = 0, loras=None) -> Iterator[str]:
    """The address of a server in a thread of its own."""
    loop = asyncio.new_event_loop()
    address: list[str] = []
    maker = LocalMaker(far, loras) if isinstance(far, FarGenerator) else far
    app = clip_application(ClipServer(maker, token))
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)

    async def start() -> None:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        address.append(f"http://127.0.0.1:{runner.addresses[0][1]}")

    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    asyncio.run_coroutine_threadsafe(start(), loop).result(TIMEOUT_S)
    try:
        yield address[0]
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(TIMEOUT_S)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(TIMEOUT_S)


def request(seed: int = 1, steps: int = 2, prompt: str = "piano") -> ClipRequest:
    end = replace(PIANO, prompt=prompt, seed=seed)
    return ClipRequest(9, end, end, 0.0, steps)


def test_a_request_travels_whole() -> None:
    asked = ClipRequest(
        3,
        PIANO,
        End("日本", seed=2),
        0.25,
        12,
        some_clip(),
        np.eye(4, dtype=np.float32),
        (0.5, 1.0),
        "lcm",
        (("/x/y/dub.safetensors", 0.5),),
    )
    came = unpacked_request(packed_request(asked))
    assert came == replace(asked, id=0, loras=(("dub.safetensors", 0.5),))
    assert came.init and came.init.spec == SPEC and np.array_equal(came.mask, asked.mask)
    plain = unpacked_request(packed_request(request()))
    assert plain.init is None and plain.mask is None


def test_a_clip_travels_in_eight_bits() -> None:
    clip = some_clip()
    body = packed_clip(clip)
    assert len(body) < clip.mel.size + 1000
    came = unpacked_clip(body, request())
    assert came.spec == SPEC and came.request == request()
    step = (came.mel / clip.mel.max()) ** 0.25 - (clip.mel / clip.mel.max()) ** 0.25
    assert np.abs(step).max() <= 0.51 / 255
    silence = Clip(np.zeros_like(clip.mel), SPEC)
    assert not unpacked_clip(packed_clip(silence)).mel.any()


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_damaged_bytes_are_refused_or_understood(data: st.DataObject) -> None:
    body = bytearray(packed_request(replace(request(), init=some_clip())))
    for _ in range(data.draw(st.integers(0, 4))):
        body[data.draw(st.integers(0, 400))] = data.draw(st.integers(0, 255))
    try:
        unpacked_request(bytes(body[: data.draw(st.integers(0, len(body)))]))
    except (WireError, RiffsynthError) as error:
        assert "\n" not in str(error)


def test_a_clip_is_made_far_away() -> None:
    with serving(FarGenerator()) as address:
        connection = Connection(address)
        far = connection.model()
        assert (far.name, far.device, far.spec, far.steps) == ("far", "cuda:0", SPEC, 4)
        assert far.noise_at_strength == CURVE
        made = connection.clip(request(seed=5))
        assert made.request == request(seed=5)
        assert np.abs(made.mel - some_clip(5).mel).max() < 0.02 * 0.16
        with pytest.raises(Refused, match="nothing is as asked"):
            connection.clip(request(prompt="broken"))


def test_a_token_guards_the_door() -> None:
    with serving(FarGenerator(), token="secret") as address:
        for token in (None, "wrong"):
            with pytest.raises(Refused, match="a token is needed"):
                Connection(address, token).model()
            with pytest.raises(Refused, match="a token is needed"):
                Connection(address, token).clip(request())
        assert Connection(address, "secret").clip(request()).spec == SPEC


def test_loras_come_out_of_the_servers_own_folder(tmp_path) -> None:
    (tmp_path / "dub.safetensors").touch()
    far = FarGenerator()
    with serving(far, loras=tmp_path) as address:
        Connection(address).clip(replace(request(), loras=(("/mine/dub.safetensors", 0.5),)))
        assert far.made[0].loras == ((str(tmp_path / "dub.safetensors"), 0.5),)
        with pytest.raises(UnfitFile, match="no LoRA other one") as refused:
            Connection(address).clip(replace(request(), loras=(("/my/other one", 1.0), ("dub.safetensors", 1.0))))
        assert refused.value.unfit == ("lora", "/my/other one"), "it is named as it was asked for"
    damaged = pickle.loads(pickle.dumps(UnfitFile("no", "mask")))
    assert (str(damaged), damaged.unfit) == ("no", ("mask", "")), "it crosses a Ray cluster"


def test_instruments_take_turns_and_only_the_newest_of_each_waits() -> None:
    async def taken() -> list[bytes]:
        turns = Turns()
        older = turns.ask("one", b"1")
        turns.ask("two", b"2")
        turns.ask("one", b"3")
        assert isinstance(older.answer.exception(), Overtaken)
        return [(await turns.next()).body for _ in range(2)]

    assert asyncio.run(taken()) == [b"3", b"2"]  # the newer one has the older one's place


def test_who_is_overtaken_is_told() -> None:
    far = FarGenerator(gate=threading.Event())
    answers: list[Clip | RiffsynthError] = []

    def ask(connection: Connection, seed: int) -> None:
        try:
            answers.append(connection.clip(request(seed)))
        except RiffsynthError as error:
            answers.append(error)

    with serving(far) as address, ThreadPoolExecutor() as pool:
        pool.submit(ask, Connection(address), 0)
        assert far.begun.wait(TIMEOUT_S)
        one = Connection(address)
        waiting = [pool.submit(ask, one, seed) for seed in (1, 2)]
        wait(waiting, TIMEOUT_S, FIRST_COMPLETED)
        assert [type(answer) for answer in answers] == [Refused] and "overtaken" in str(answers[0])
        far.gate.set()
    assert [type(answer) for answer in answers] == [Refused, Clip, Clip]


class TwoFarAway:
    """A Maker with two workers; `count` of them are up."""

    def __init__(self, count: int = 2) -> None:
        self.places = Places(count)
        self.workers = [LocalMaker(FarGenerator(step_s=0.05)) for _ in range(2)]
        self.busy = self.most_busy = 0

    @property
    def model(self) -> FarModel:
        if not self.places.count:
            raise NobodyThere
        return self.workers[0].model

    async def clip(self, body: bytes) -> bytes:
        self.busy += 1
        self.most_busy = max(self.busy, self.most_busy)
        try:
            return await self.workers[self.busy % 2].clip(body)
        finally:
            self.busy -= 1


def test_two_workers_serve_two_instruments_at_once() -> None:
    far = TwoFarAway()
    with serving(far) as address, ThreadPoolExecutor() as pool:
        asked = [pool.submit(Connection(address).clip, request(seed, steps=4)) for seed in range(4)]
        levels = [float(one.result(TIMEOUT_S).mel.max()) for one in asked]
    assert levels == pytest.approx([float(some_clip(seed).mel.max()) for seed in range(4)], rel=0.02)
    assert far.most_busy == 2


def test_while_no_worker_is_up_nobody_waits_for_one() -> None:
    with serving(TwoFarAway(count=0)) as address:
        for ask in (Connection(address).model, lambda: Connection(address).clip(request())):
            with pytest.raises(Unreachable, match="no worker is up"):
                ask()


def test_who_hangs_up_is_not_worked_for() -> None:
    far = FarGenerator(step_s=0.02)
    with serving(far) as address:
        hang_up = HangUp()

        def ask() -> None:
            with contextlib.suppress(Unreachable):
                Connection(address).clip(request(1, steps=190), hang_up)

        thread = threading.Thread(target=ask)
        thread.start()
        assert far.begun.wait(TIMEOUT_S)
        hang_up()
        thread.join(TIMEOUT_S)
        Connection(address).clip(request(2))
        assert [made.a.seed for made in far.made] == [2]


def test_who_hangs_up_before_the_line_stands_asks_for_nothing() -> None:
    far = FarGenerator()
    with serving(far) as address:
        hang_up = HangUp()
        hang_up()
        with pytest.raises(Unreachable, match="given up"):
            Connection(address).clip(request(1), hang_up)
        Connection(address).clip(request(2))
        assert [made.a.seed for made in far.made] == [2]


class NearWorker:
    """The worker beside us: answers at once."""

    usable = True

    def __init__(self, answer: Callable[[FromWorker], object]) -> None:
        self._answer = answer

    def ready(self) -> Ready:
        return Ready("near", "cpu", SPEC, Pace(0.1, 0.1), 4)

    def send(self, message: Generate) -> None:
        clip = some_clip()
        from riffsynth.spectrogram.grid import SynthesisGrid
        from riffsynth.spectrogram.loudness import playable

        score = playable(clip, SynthesisGrid.for_rate(44100))
        self._answer(Generated(message.request.id, replace(clip), score, Pace(0.1, 0.1)))


def remote_worker(address: str, said: list[FromWorker], cancelled: Callable[[], set[int]] = set) -> RemoteWorker:
    near = NearWorker(said.append)
    now = iter(range(10**9))  # every look at this clock is a second later
    return RemoteWorker(Connection(address), near, near.ready, said.append, 44100, cancelled, lambda: float(next(now)))


def until_found(worker: RemoteWorker, said: list[FromWorker], model: str) -> None:
    deadline = time.monotonic() + TIMEOUT_S
    while not any(isinstance(m, Ready) and m.model == model for m in said):
        assert time.monotonic() < deadline, said
        worker.poll()
        time.sleep(0.005)


def test_a_far_end_that_dies_costs_no_clip_and_comes_back_by_itself() -> None:
    said: list[FromWorker] = []
    with serving(FarGenerator()) as address:
        worker = remote_worker(address, said)
        until_found(worker, said, "far")
        worker.send(Generate(request()))
        assert isinstance(said[-1], Generated) and said[-1].clip.request == request()
        port = int(address.rsplit(":", 1)[1])
    said.clear()
    worker.send(Generate(request()))
    kinds = [type(message) for message in said if not isinstance(message, Remark)]
    assert kinds == [Generated, Ready]  # made here, then told who plays on
    told = [message.text for message in said if isinstance(message, Remark)]
    assert "nothing answers at" in told[0] and "near plays on here" in told[1]
    worker.send(Generate(request()))
    assert isinstance(said[-1], Generated)
    said.clear()
    with serving(FarGenerator(), port=port):
        until_found(worker, said, "far")
        worker.send(Generate(request(seed=3)))
        assert isinstance(said[-1], Generated)
        assert np.abs(said[-1].clip.mel - some_clip(3).mel).max() < 0.02 * 0.16


def test_a_far_end_that_falls_silent_costs_no_clip() -> None:
    """As when a cable is pulled: the connection stands, and nothing comes."""
    said: list[FromWorker] = []
    far = FarGenerator(step_s=0.02)
    with serving(far) as address:
        worker = remote_worker(address, said)
        until_found(worker, said, "far")
        with socket.create_server(("127.0.0.1", 0)) as silent:
            worker._connection._parts = checked_address(f"http://127.0.0.1:{silent.getsockname()[1]}")
            said.clear()
            worker.send(Generate(request()))
    assert [type(message) for message in said if not isinstance(message, Remark)] == [Generated, Ready]


def test_a_clip_on_its_way_is_cancelled_at_once_and_a_refusal_is_told() -> None:
    said: list[FromWorker] = []
    cancelled: set[int] = set()
    far = FarGenerator(step_s=0.02)
    with serving(far) as address:
        worker = remote_worker(address, said, lambda: cancelled)
        until_found(worker, said, "far")
        cancelled.add(9)
        worker.send(Generate(request(steps=190)))
        assert said[-1] == Cancelled(9)
        cancelled.clear()
        for prompt, told, unfit in (("broken", "nothing is as asked", None), ("masked", "too small", ("mask", ""))):
            worker.send(Generate(request(prompt=prompt)))
            assert isinstance(said[-1], Failed) and told in said[-1].text and said[-1].unfit == unfit


@pytest.mark.parametrize("address", ["", "host:3013", "ftp://host", "http://", "http://host:port"])
def test_what_is_no_address_is_told(address: str) -> None:
    with pytest.raises(RiffsynthError, match="--workers is an address"):
        Connection(address)
