"""Clips from files: read in a thread of their own while the instrument plays, or at once in virtual time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from riffsynth.errors import RiffsynthError
from riffsynth.spectrogram.clip import Clip, Score
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.spectrogram.spec import EMBEDDED


@dataclass(frozen=True, eq=False)
class FileRead:
    """A sound or image file as a clip, or what was wrong with it."""

    name: str
    purpose: str
    """`init`, `mask` or `first`."""
    clip: Clip | None = None
    score: Score | None = None
    mask: NDArray[np.float32] | None = None
    error: str = ""


class FileReader(Protocol):
    """Reads clips and masks from files, at once or in time; each one is answered through `News.on_file`."""

    def read(self, name: str, path: Path, purpose: str, number: int = 0) -> None:
        """`number` says which file, where `path` is a folder."""
        ...


class DirectReader:
    """Reads when asked; the answers wait in `finished`."""

    def __init__(self, sample_rate: int) -> None:
        self._grid = SynthesisGrid.for_rate(sample_rate)
        self._finished: deque[FileRead] = deque()

    def read(self, name: str, path: Path, purpose: str, number: int = 0) -> None:
        self._finished.append(read_file(name, path, purpose, self._grid, number))

    def finished(self) -> list[FileRead]:
        """What has been read since it was last asked, in order."""
        return [self._finished.popleft() for _ in range(len(self._finished))]


class ThreadedReader:
    """Reads one file after the other in a thread; waits with all of them until the output's rate is known."""

    def __init__(self, wake: Callable[[], object]) -> None:
        self._wake = wake
        self._thread = ThreadPoolExecutor(1, "clip files")
        self._grid: Future[SynthesisGrid] = Future()
        self._finished: deque[FileRead] = deque()
        self._thread.submit(_warm)

    def open(self, sample_rate: int) -> None:
        """The output runs at `sample_rate`: reading can begin."""
        self._grid.set_result(SynthesisGrid.for_rate(sample_rate))

    def read(self, name: str, path: Path, purpose: str, number: int = 0) -> None:
        self._thread.submit(self._read, name, path, purpose, number)

    def finished(self) -> list[FileRead]:
        """What has been read since it was last asked, in order."""
        return [self._finished.popleft() for _ in range(len(self._finished))]

    def close(self) -> None:
        self._grid.cancel()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _read(self, name: str, path: Path, purpose: str, number: int) -> None:
        self._finished.append(read_file(name, path, purpose, self._grid.result(), number))
        self._wake()


def _warm() -> None:
    """The libraries that files are read with are imported while the player starts, not before it."""
    import riffsynth.files.clips
    import riffsynth.spectrogram.loudness  # noqa: F401


def read_file(name: str, path: Path, purpose: str, grid: SynthesisGrid, number: int = 0) -> FileRead:
    """A file, or file `number` of a folder, as a clip on `grid` or as a mask; what is wrong is in the answer."""
    from riffsynth.files.clips import loop_file, read_any
    from riffsynth.spectrogram.loudness import playable
    from riffsynth.spectrogram.mask import read_mask

    try:
        if purpose == "mask":
            return FileRead(name, purpose, mask=read_mask(path))
        clip = read_any(loop_file(path, number) if path.is_dir() else path, EMBEDDED)
        return FileRead(name, purpose, clip, playable(clip, grid))
    except (RiffsynthError, OSError) as error:
        return FileRead(name, purpose, error=str(error))
