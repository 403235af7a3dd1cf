"""The instrument's model as a library: clips from prompts, between prompts, from files, and back into files.

No process is started and no sound card opened. The first clip waits for torch and the model, the others do not.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from riffsynth.diffusion.request import ClipRequest, End
from riffsynth.files.clips import read_any
from riffsynth.spectrogram.clip import Clip, ClipError
from riffsynth.spectrogram.image import write_image
from riffsynth.spectrogram.spec import EMBEDDED

if TYPE_CHECKING:
    from riffsynth.diffusion.generator import Generator

PICTURE_SUFFIX = ".png"
SOUND_SUFFIXES = (".wav", ".flac", ".ogg", ".mp3")
MODELS_KEPT = 2

OnStep = Callable[[int, int], Any]
_numbers = count(1)


def generate(
    prompt: str | End,
    seed: int = 0,
    *,
    negative: str = "",
    init: Clip | str | Path | None = None,
    strength: float | None = None,
    guidance: float | None = None,
    steps: int | None = None,
    model: str | Path | None = None,
    device: str = "auto",
    on_step: OnStep = lambda step, steps: None,
) -> Clip:
    """The clip of a prompt: the same one each time for the same arguments.

    With `init`, a clip or a sound or image file, `strength` says how far from it the new clip goes: 0 leaves it as it
    is, 1 starts from noise. `strength`, `guidance` and `steps` are the model's own unless given. `model` is a folder or
    a hub's id instead of the model inside, `device` one of auto, cpu, cuda and mps. `on_step` is told (steps done,
    steps in all).

    Raises RiffsynthError for a model or file that cannot be read.
    """
    generator = load(model, device)
    end = _end(prompt, generator, seed, negative, strength, guidance)
    return generator.generate(_request(generator, end, end, 0.0, steps, init), on_step)


def interpolate(
    start: str | End,
    end: str | End,
    clips: int | Sequence[float] = 5,
    *,
    seed: int = 0,
    negative: str = "",
    init: Clip | str | Path | None = None,
    strength: float | None = None,
    guidance: float | None = None,
    steps: int | None = None,
    model: str | Path | None = None,
    device: str = "auto",
    on_step: OnStep = lambda step, steps: None,
) -> list[Clip]:
    """Clips on the way from one prompt to another: so many at equal distances, both ends among them, or at each alpha.

    Words, strength and guidance move in a straight line, the noise of two seeds on a sphere, as in Riffusion. An `End`
    in place of a prompt has a negative prompt, seed, strength and guidance of its own; the rest is as in `generate`.
    """
    generator = load(model, device)
    a, b = (_end(prompt, generator, seed, negative, strength, guidance) for prompt in (start, end))
    alphas = [i / max(1, clips - 1) for i in range(clips)] if isinstance(clips, int) else clips
    beginning = read(init) if isinstance(init, (str, Path)) else init
    return [generator.generate(_request(generator, a, b, alpha, steps, beginning), on_step) for alpha in alphas]


def sequence(
    clips: Sequence[Clip], tempo: float | None = None, rate: int = 44100, crossfade: float = 1.0
) -> NDArray[np.float32]:
    """(samples,) mono at `rate` Hz: each clip once round, one after the other, `crossfade` beats from one to the next.

    `tempo` is the first clip's own unless given. Raises ClipError for no clips or clips of different lengths.
    """
    from riffsynth.playback.as_played import (
        sequence_as_played,
    )  # brings the synthesis, which a picture need not wait for

    return sequence_as_played(clips, tempo or (clips[0].tempo if clips else 0.0), rate, crossfade)


def read(path: str | Path) -> Clip:
    """The clip in a spectrogram image (ours, or Riffusion's of any width), or the first 8 beats of a sound file.

    Raises ClipError, in one line that names the file.
    """
    return read_any(Path(path).expanduser(), EMBEDDED)


def save(clip: Clip, path: str | Path, tempo: float | None = None, rate: int = 44100) -> Path:
    """Writes `clip` as a picture that holds its settings (.png), or as the sound of its loop (.wav, .flac, .ogg, .mp3).

    Raises ClipError for another ending, and OSError where the file cannot be written.
    """
    path = Path(path).expanduser()
    suffix = path.suffix.lower()
    if suffix == PICTURE_SUFFIX:
        write_image(clip, path)
    elif suffix in SOUND_SUFFIXES:
        from riffsynth.files.sounds import write_sound  # brings the synthesis, which a picture need not wait for

        write_sound(path, clip.sound(tempo, rate), rate)
    else:
        known = ", ".join((PICTURE_SUFFIX, *SOUND_SUFFIXES))
        raise ClipError(f"{path}: a clip is written as one of {known}")
    return path


def load(model: str | Path | None = None, device: str = "auto") -> Generator:
    """The generator of a model, the one inside where None; the last ones stay loaded. Raises ModelError."""
    return _loaded(str(model) if model else None, device)


@lru_cache(maxsize=MODELS_KEPT)
def _loaded(model: str | None, device: str) -> Generator:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # in a notebook tqdm asks for widgets, to draw bars that nobody wants
        from riffsynth.diffusion.generator import Generator
        from riffsynth.diffusion.loading import load_model
    from riffsynth.embedded import model_folder

    return Generator(load_model(model or model_folder(), device))


def _end(
    prompt: str | End, generator: Generator, seed: int, negative: str, strength: float | None, guidance: float | None
) -> End:
    if isinstance(prompt, End):
        return prompt
    own = generator.model.defaults
    strength = own.strength if strength is None else strength
    return End(prompt, negative, seed, strength, own.guidance if guidance is None else guidance)


def _request(
    generator: Generator, a: End, b: End, alpha: float, steps: int | None, init: Clip | str | Path | None
) -> ClipRequest:
    beginning = read(init) if isinstance(init, (str, Path)) else init
    steps = generator.model.defaults.steps if steps is None else steps
    return ClipRequest(next(_numbers), a, b, alpha, steps, beginning)
