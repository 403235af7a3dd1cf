"""What crosses the pipe between control and worker. Frozen values, each whole in itself."""

from __future__ import annotations

from dataclasses import dataclass

from riffsynth.diffusion.request import ClipRequest
from riffsynth.spectrogram.clip import Clip, Score
from riffsynth.spectrogram.spec import SpectrogramSpec


@dataclass(frozen=True, slots=True)
class Generate:
    request: ClipRequest
    also: ClipRequest | None = None
    """Made in one batch with `request`, with which it shares steps, strength and manner, and answered after it."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Abandons a request at its next step; answered by `Cancelled` unless it was finished already."""

    id: int


ToWorker = Generate | Cancel


def device_batches(device: str) -> bool:
    """Whether two clips in one batch take a device, as `Ready` names it, less than twice as long as one."""
    return device.startswith("cuda")


@dataclass(frozen=True, slots=True)
class Loading:
    """Progress of loading and warming up, 0..1."""

    fraction: float
    text: str


@dataclass(frozen=True, slots=True)
class Pace:
    """What a clip costs: `overhead_s + steps * step_s` seconds, as last measured."""

    step_s: float
    overhead_s: float

    def seconds(self, steps: int) -> float:
        return self.overhead_s + steps * self.step_s


@dataclass(frozen=True, slots=True)
class Ready:
    """The model is loaded and warm."""

    model: str
    device: str
    spec: SpectrogramSpec
    pace: Pace
    default_steps: int


@dataclass(frozen=True, slots=True)
class Progress:
    id: int
    step: int
    steps: int


@dataclass(frozen=True, slots=True)
class Generated:
    """A finished clip, and the same on the session's grid."""

    id: int
    clip: Clip
    score: Score
    pace: Pace


@dataclass(frozen=True, slots=True)
class Cancelled:
    id: int


@dataclass(frozen=True, slots=True)
class Failed:
    """A request that could not be met, or with id None a model that could not be loaded; one line of text."""

    id: int | None
    text: str
    unfit: tuple[str, str] | None = None
    """What of the request the model cannot use, if that is why: `mask` or `lora`, and which of its LoRAs' files."""


@dataclass(frozen=True, slots=True)
class Alive:
    """Said each second, whatever the worker is busy with: one that is silent has been stopped, or hangs."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a performer should know of the model's device, in one line."""

    text: str


FromWorker = Alive | Loading | Ready | Progress | Generated | Cancelled | Failed | Remark
