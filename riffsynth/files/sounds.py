"""Sound written to files: WAV, FLAC, OGG or MP3, by the name's ending."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from riffsynth.errors import RiffsynthError
from riffsynth.files.clips import SOUND_SUFFIXES
from riffsynth.spectrogram.clip import Clip
from riffsynth.spectrogram.rendering import rendered

CEILING = 0.98
DEFAULT_TEMPO = 120.0
"""Of clips whose model has no pace of its own."""
_FORMATS = {
    ".wav": ("WAV", "PCM_24"),
    ".flac": ("FLAC", "PCM_24"),
    ".ogg": ("OGG", "VORBIS"),
    ".mp3": ("MP3", "MPEG_LAYER_III"),
    ".aif": ("AIFF", "PCM_24"),
    ".aiff": ("AIFF", "PCM_24"),
}


class SoundFileError(RiffsynthError):
    """A sound that cannot be written; the message says why."""


def clip_sound(clip: Clip, sample_rate: int = 44100, tempo: float | None = None, seed: int = 0) -> NDArray[np.float32]:
    """(samples,) of a clip, closed as a loop and at the reference loudness, no sample above CEILING.

    It lasts its beats at `tempo`, or at its model's own pace, or at DEFAULT_TEMPO: exact to a sample.
    """
    return channels_sound((clip,), sample_rate, tempo, seed)[:, 0]


def channels_sound(
    clips: Sequence[Clip], sample_rate: int = 44100, tempo: float | None = None, seed: int = 0
) -> NDArray[np.float32]:
    """(samples, channels) of clips that sound together, measured alike, one a channel, as `clip_sound` has one."""
    spec, beats = clips[0].spec, clips[0].beats
    samples = round(beats * 60.0 / (tempo or spec.native_tempo or DEFAULT_TEMPO) * sample_rate)
    return limited(rendered(clips, samples, sample_rate, seed))


def limited(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """The sound, made softer as a whole where a sample would pass CEILING."""
    peak = float(np.abs(sound).max(initial=0.0))
    return sound * np.float32(CEILING / peak) if peak > CEILING else sound


def write_sound(path: Path, sound: NDArray[np.float32], sample_rate: int) -> None:
    """Writes (samples,) mono, or (samples, channels). Raises SoundFileError in one line that names the file."""
    path.write_bytes(encoded(sound, sample_rate, path.suffix.lower(), str(path)))


def encoded(sound: NDArray[np.float32], sample_rate: int, suffix: str, name: str = "sound") -> bytes:
    """A sound file's bytes, of the kind that ends in `suffix`. Raises SoundFileError."""
    import soundfile

    if suffix not in _FORMATS:
        raise SoundFileError(f"{name}: sound is written as {', '.join(SOUND_SUFFIXES)}, not as {suffix or 'nothing'}")
    kind, subtype = _FORMATS[suffix]
    file = io.BytesIO()
    try:
        soundfile.write(file, sound, sample_rate, format=kind, subtype=subtype)
    except Exception as error:  # an older libsndfile knows no MP3
        raise SoundFileError(f"{name}: cannot be written as {kind} ({' '.join(str(error).split())})") from error
    return file.getvalue()
