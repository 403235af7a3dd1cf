"""Clips from files: read in a thread of their own while the instrument plays, or at once in virtual time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from riffsynth.errors import RiffsynthError
from riffsynth.session import FileRead
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.spectrogram.spec import EMBEDDED


class DirectReader:
    """Reads when asked; the answers wait in `finished`."""

    def __init__(self, sample_rate: int) -> None:
        self._grid = SynthesisGrid.for_rate(sample_rate)
        self._finished: deque[FileRead] = deque()

    def read(self, name: str, path: Path, purpose: str) -> None:
        self._finished.append(read_file(name, path, purpose, self._grid))

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

    def read(self, name: str, path: Path, purpose: str) -> None:
        self._thread.submit(self._read, name, path, purpose)

    def finished(self) -> list[FileRead]:
        """What has been read since it was last asked, in order."""
        return [self._finished.popleft() for _ in range(len(self._finished))]

    def close(self) -> None:
        self._grid.cancel()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _read(self, name: str, path: Path, purpose: str) -> None:
        self._finished.append(read_file(name, path, purpose, self._grid.result()))
        self._wake()


def _warm() -> None:
    """The libraries that files are read with are imported while the player starts, not before it."""
    import riffsynth.spectrogram.files
    import riffsynth.spectrogram.loudness  # noqa: F401


def read_file(name: str, path: Path, purpose: str, grid: SynthesisGrid) -> FileRead:
    """A file as a clip on `grid`; what is wrong with it is in the answer, never raised."""
    from riffsynth.spectrogram.files import IMAGE_SUFFIXES, read_sound
    from riffsynth.spectrogram.image import read_image
    from riffsynth.spectrogram.loudness import playable

    try:
        clip = read_image(path) if path.suffix.lower() in IMAGE_SUFFIXES else read_sound(path, EMBEDDED)
        return FileRead(name, purpose, clip, playable(clip, grid))
    except (RiffsynthError, OSError) as error:
        return FileRead(name, purpose, error=str(error))
