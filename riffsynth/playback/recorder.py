"""Records what is sent to the sound card: a 24-bit WAV file that is whole after every write."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from riffsynth.playback.writer import BackgroundWriter

QUEUED_BLOCKS = 8192
"""Blocks that may wait for the disk: more than 20 s of sound."""


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


class Recorder:
    """One recording, mono: every channel gets the same samples. Raises OSError where the file cannot be made."""

    def __init__(self, path: Path, sample_rate: int) -> None:
        self.path = path
        wav = WavWriter(path, sample_rate)
        self._writer = BackgroundWriter[NDArray[np.float32]](
            lambda blocks: wav.write(np.concatenate(blocks)), wav.close, QUEUED_BLOCKS, "recorder"
        )

    @property
    def failure(self) -> str | None:
        return self._writer.failure

    def put(self, samples: NDArray[np.float32]) -> None:
        self._writer.put(samples)

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


def read_wav(path: Path) -> tuple[NDArray[np.float32], int]:
    """Samples (frames,) and rate of a recording. Raises OSError or wave.Error."""
    with wave.open(str(path), "rb") as file:
        if file.getsampwidth() != 3 or file.getnchannels() != 1:
            raise wave.Error(f"{path} is not a recording of riffsynth's (24 bit, one channel)")
        return from_24_bit(file.readframes(file.getnframes())), file.getframerate()
