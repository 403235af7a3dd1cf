"""Clips from files of sounds and images: what strength can work against."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from riffsynth.spectrogram.analysis import analyse_loop
from riffsynth.spectrogram.clip import Clip, ClipError
from riffsynth.spectrogram.conversion import convert
from riffsynth.spectrogram.image import LARGEST_SIDE, read_image
from riffsynth.spectrogram.spec import SpectrogramSpec
from riffsynth.spectrogram.tempo import fitted

IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")
SOUND_SUFFIXES = (".wav", ".flac", ".ogg", ".mp3", ".aif", ".aiff")
SHORTEST_S = 0.05


def read_clip(path: Path, spec: SpectrogramSpec) -> Clip:
    """A sound file or a spectrogram image, told apart by the name's ending, as a clip of `spec`.

    Raises ClipError, in one line that names the file.
    """
    return convert(read_any(path, spec), spec)


def read_any(path: Path, spec: SpectrogramSpec) -> Clip:
    """The same, where an image stays in its own measure. Raises ClipError."""
    return read_image(path) if path.suffix.lower() in IMAGE_SUFFIXES else read_sound(path, spec)


def loop_file(folder: Path, number: int) -> Path:
    """Sound or image `number` (from 0) of a folder, by name; past the last one it begins again. Raises ClipError."""
    found = sorted(path for path in folder.iterdir() if path.suffix.lower() in (*SOUND_SUFFIXES, *IMAGE_SUFFIXES))
    if not found:
        raise ClipError(f"{folder}: holds no sound file ({', '.join(SOUND_SUFFIXES)}) and no image")
    return found[number % len(found)]


def read_sound(path: Path, spec: SpectrogramSpec) -> Clip:
    """A sound file of any rate and length as one loop of `spec.beats` beats; channels are mixed down.

    Its tempo is found, and of a longer file the first beats are taken, a shorter one is repeated; a sound without a
    beat is taken as a whole. Raises ClipError, in one line that names the file.
    """
    audio, rate = read_audio(path)
    return _loops(path, audio[:, None], rate, spec)[0]


def read_whole(path: Path, spec: SpectrogramSpec) -> Clip:
    """All of a sound file at the spec's own pace, as a clip as wide as it is long.

    Raises ClipError, in one line that names the file, also for sound that would be wider than an image can be.
    """
    audio, rate = read_audio(path)
    return _whole(path, audio[:, None], rate, spec)[0]


def read_stereo(path: Path, spec: SpectrogramSpec, loop: bool = False) -> tuple[Clip, Clip]:
    """Left and right of a sound file, each as `read_whole` reads it, or with `loop` as `read_sound` does.

    One channel is both, of more the first two are taken. Raises ClipError as those do.
    """
    audio, rate = _read_audio(path)
    both = audio[:, [0, min(1, audio.shape[1] - 1)]]
    left, right = (_loops if loop else _whole)(path, both, rate, spec)
    return left, right


def _loops(path: Path, audio: NDArray[np.float32], rate: int, spec: SpectrogramSpec) -> list[Clip]:
    """A clip of each channel of `audio` (samples, channels), fitted to the beats of all of them."""
    if len(audio) < SHORTEST_S * rate:
        raise ClipError(f"{path}: {len(audio)} samples are too short for a loop of {spec.beats:g} beats")
    part = fitted(audio, rate, round(spec.beats), path.stem)
    return [Clip(analyse_loop(channel, rate, spec), spec) for channel in part.T]


def _whole(path: Path, audio: NDArray[np.float32], rate: int, spec: SpectrogramSpec) -> list[Clip]:
    """A clip of each channel of `audio` (samples, channels), as wide as it is long."""
    if spec.seconds_per_column is None:
        raise ClipError(f"{path}: columns of this measure are counted in beats; take the file as a loop")
    seconds, step_s = len(audio) / rate, spec.seconds_per_column
    columns = round(seconds / step_s)
    if not 1 <= columns <= LARGEST_SIDE:
        raise ClipError(
            f"{path}: {seconds:.3g} s of sound; an image holds {step_s:g} to {LARGEST_SIDE * step_s:g} s of it"
        )
    wide = spec.with_columns(columns)
    return [Clip(analyse_loop(channel, rate, wide), wide) for channel in audio.T]


def read_audio(path: Path) -> tuple[NDArray[np.float32], int]:
    """(samples,) mixed down to one channel, 1.0 full scale, and the rate in Hz.

    Raises ClipError, in one line that names the file.
    """
    audio, rate = _read_audio(path)
    return audio.mean(axis=1), rate


def _read_audio(path: Path) -> tuple[NDArray[np.float32], int]:
    """(samples, channels)."""
    import soundfile  # loads libsndfile, which a session without sound files need not wait for

    try:
        audio, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except Exception as error:  # decoders raise whatever they like on damaged files
        reason = " ".join(str(error).split()) if path.exists() else "there is no such file"
        raise ClipError(f"{path}: not a sound file that can be read ({reason})") from error
    if not np.isfinite(audio).all():
        raise ClipError(f"{path}: the sound holds NaN or infinity")
    return audio, rate
