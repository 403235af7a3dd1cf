"""What stands behind the server's door and makes its clips: a model in this process, or any number elsewhere."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from riffsynth.diffusion.model_error import UnfitFile
from riffsynth.diffusion.request import ClipRequest
from riffsynth.remote.wire import FarModel, packed_clip, unpacked_request
from riffsynth.spectrogram.clip import Clip


class NobodyThere(Exception):
    """No worker is up now; later there may be one."""

    def __init__(self) -> None:
        super().__init__("no worker is up")


class MakesClips(Protocol):
    """A Generator, as far as it is used here."""

    model: Any

    def generate(self, request: ClipRequest, on_step: Callable[[int, int], None]) -> Clip: ...


class Places:
    """How many clips may be made at once."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._taken = 0
        self._news = asyncio.Event()

    @property
    def count(self) -> int:
        return self._count

    @count.setter
    def count(self, count: int) -> None:
        self._count = count
        self._news.set()

    async def take(self) -> None:
        """Waits for a free place."""
        while self._taken >= self._count:
            self._news.clear()
            await self._news.wait()
        self._taken += 1

    def give(self) -> None:
        self._taken -= 1
        self._news.set()


class Maker(Protocol):
    """Makes clips, as many at once as it has places."""

    places: Places

    @property
    def model(self) -> FarModel:
        """Raises NobodyThere."""
        ...

    async def clip(self, body: bytes) -> bytes:
        """The packed answer to a packed request; cancelled where nobody waits for it any more.

        Raises RiffsynthError for a request that cannot be met, NobodyThere, and whatever a device may raise.
        """
        ...


@dataclass(frozen=True, slots=True)
class ServedModel:
    """What a worker plays."""

    folder: str | None = None
    """A folder or a hub's id; None is the embedded model."""
    device: str = "auto"
    loras: Path | None = None
    """The folder in which LoRAs are looked for."""
    decoder: Path | None = None
    """The folder of a small decoder; None is the model's own."""


def load_maker(
    served: ServedModel,
    tell: Callable[[str], object] = lambda text: None,
    progress: Callable[[float, str], object] = lambda part, text: None,
) -> LocalMaker:
    """A model loaded and warm. Raises RiffsynthError for one that cannot be used."""
    from riffsynth.diffusion.generator import Generator
    from riffsynth.diffusion.loading import load_model
    from riffsynth.diffusion.warming import warm_up_requests
    from riffsynth.diffusion.worker import EMBEDDED_NAME
    from riffsynth.embedded import model_folder

    model = load_model(served.folder or model_folder(), served.device, progress, served.decoder)
    model = replace(model, name=served.folder or EMBEDDED_NAME)  # no path of this machine leaves it
    generator = Generator(model, tell)
    for request in warm_up_requests(model):
        generator.generate(request)
    return LocalMaker(generator, served.loras)


class _Gone(Exception):
    """Whoever asked has hung up."""


class LocalMaker:
    """A Maker with one model, which makes one clip after the other in a thread."""

    def __init__(self, generator: MakesClips, loras: Path | None = None) -> None:
        """LoRAs are looked for in the folder `loras`."""
        self.places = Places(1)
        self._generator = generator
        self._loras = loras
        self._lock = threading.Lock()
        """One that was given up is on its way to its next step while the next one is asked for."""

    @property
    def model(self) -> FarModel:
        made = self._generator.model
        own = made.defaults
        return FarModel(made.name, str(made.device), made.spec, own.steps, own.noise_at_strength)

    async def clip(self, body: bytes) -> bytes:
        request = _with_loras(unpacked_request(body), self._loras)
        gone = threading.Event()
        try:
            return await asyncio.to_thread(self._made, request, gone)
        finally:
            gone.set()

    def _made(self, request: ClipRequest, gone: threading.Event) -> bytes:
        def on_step(step: int, steps: int) -> None:
            if gone.is_set():
                raise _Gone

        with self._lock:
            on_step(0, 0)
            return packed_clip(self._generator.generate(request, on_step))


def _with_loras(request: ClipRequest, folder: Path | None) -> ClipRequest:
    """The same with LoRAs out of our own folder. Raises UnfitFile for one that is not there."""
    found = request.loras
    if found and folder is None:
        raise UnfitFile("this server has no folder of LoRAs (--loras)", "lora", found[0][0])
    for name, _ in found:
        if Path(name).name != name or not (folder and (folder / name).is_file()):
            raise UnfitFile(f"this server has no LoRA {name}", "lora", name)
    return replace(request, loras=tuple((str(folder / name), weight) for name, weight in found if folder))
