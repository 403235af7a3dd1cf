"""Records what is sent to the sound card: 24-bit WAV files that are whole after every write."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from riffsynth.playback.writer import BackgroundWriter

QUEUED_BLOCKS = 8192
"""Blocks that may wait for the disk: more than 20 s of sound."""
LARGEST_BYTES = 2**31 - 2**16
"""Of samples in one file: some programs read the sizes in a WAV file as signed numbers."""
FLAC_FRAMES = 2**16
"""Read at a time while a recording is compressed."""


class WavWriter:
    """A mono 24-bit WAV file, whole after every write. Raises OSError where it cannot be made."""

    def __init__(self, path: Path, sample_rate: int) -> None:
        self._file = path.open("wb")
        self._wave = wave.open(self._file, "wb")  # noqa: SIM115 - closed with the file
        self._wave.setnchannels(1)
        self._wave.setsampwidth(3)
        self._wave.setframerate(sample_rate)
        self.write(np.zeros(0, np.float32))

    def write(self, samples: NDArray[np.float32]) -> None:
        self._wave.writeframes(to_24_bit(samples))
        self._file.flush()

    def close(self) -> None:
        self._wave.close()
        self._file.close()

    def __enter__(self) -> WavWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class WavParts:
    """One sound in as many WAV files as it needs: a.wav, a-part2.wav ... Raises OSError where one cannot be made."""

    def __init__(self, path: Path, sample_rate: int, largest_bytes: int = LARGEST_BYTES) -> None:
        self.path = path
        """Of the file that is being written."""
        self._first, self._sample_rate = path, sample_rate
        self._frames_a_part = largest_bytes // 3
        self._left = self._frames_a_part
        self._number = 1
        self._wav = WavWriter(path, sample_rate)

    def write(self, samples: NDArray[np.float32]) -> None:
        while samples.size:
            if not self._left:
                self._next()
            now, samples = samples[: self._left], samples[self._left :]
            self._wav.write(now)
            self._left -= now.size

    def close(self) -> None:
        self._wav.close()

    def _next(self) -> None:
        self._wav.close()
        self._number += 1
        self.path = self._first.with_stem(f"{self._first.stem}-part{self._number}")
        self._wav = WavWriter(self.path, self._sample_rate)
        self._left = self._frames_a_part

    def __enter__(self) -> WavParts:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Recorder:
    """One recording, mono: every channel gets the same samples. Raises OSError where the file cannot be made."""

    def __init__(self, path: Path, sample_rate: int) -> None:
        self._wav = wav = WavParts(path, sample_rate)
        self._writer = BackgroundWriter[NDArray[np.float32]](
            lambda blocks: wav.write(np.concatenate(blocks)), wav.close, QUEUED_BLOCKS, "recorder"
        )

    @property
    def path(self) -> Path:
        """Of the file that is being written."""
        return self._wav.path

    @property
    def failure(self) -> str | None:
        return self._writer.failure

    def put(self, samples: NDArray[np.float32]) -> None:
        self._writer.put(samples)

    def end(self) -> None:
        """Closes the file once everything is written, without waiting for that."""
        self._writer.end()

    def close(self) -> None:
        self._writer.close()


def to_24_bit(samples: NDArray[np.float32]) -> bytes:
    """(frames,) samples in -1..1 as little-endian 24-bit PCM; full scale is 2^23, so 24-bit samples stay exact."""
    whole = np.clip(np.rint(samples.astype(np.float64) * 2**23), -(2**23), 2**23 - 1).astype("<i4")
    return whole.view(np.uint8).reshape(-1, 4)[:, :3].tobytes()


def from_24_bit(data: bytes) -> NDArray[np.float32]:
    """The inverse of `to_24_bit`."""
    padded = np.zeros((len(data) // 3, 4), np.uint8)
    padded[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 3)
    return ((padded.view("<i4").ravel() >> 8) / 2**23).astype(np.float32)


def compress(recording: Path) -> Path:
    """Makes a FLAC file with the same samples beside a recording, which stays. Raises OSError or wave.Error."""
    import soundfile

    target = recording.with_suffix(".flac")
    try:
        with (
            wave.open(str(recording), "rb") as wav,
            soundfile.SoundFile(target, "w", wav.getframerate(), 1, "PCM_24", format="FLAC") as flac,
        ):
            for samples in _pieces(wav):
                flac.write(samples)
    except soundfile.LibsndfileError as error:
        target.unlink(missing_ok=True)
        raise OSError(str(error)) from error
    return target


def _pieces(wav: wave.Wave_read) -> Iterator[NDArray[np.float32]]:
    while data := wav.readframes(FLAC_FRAMES):
        yield from_24_bit(data)


def read_wav(path: Path) -> tuple[NDArray[np.float32], int]:
    """Samples (frames,) and rate of a recording. Raises OSError or wave.Error."""
    with wave.open(str(path), "rb") as file:
        if file.getsampwidth() != 3 or file.getnchannels() != 1:
            raise wave.Error(f"{path} is not a recording of riffsynth's (24 bit, one channel)")
        return from_24_bit(file.readframes(file.getnframes())), file.getframerate()
