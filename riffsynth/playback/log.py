"""The player's log: what it consumed, so that the same sound can be made again, sample for sample.

A file is a line that names the format, then records: the length of a header (4 bytes, little-endian), the header as
JSON, then the raw bytes of the arrays that it names. A record that a crash cut off is the end of the log.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator
from dataclasses import asdict, fields, is_dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from riffsynth.errors import RiffsynthError
from riffsynth.playback import messages
from riffsynth.playback.core import PlayerCore
from riffsynth.playback.recorder import WavParts
from riffsynth.playback.writer import BackgroundWriter
from riffsynth.spectrogram.clip import Score
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.timing.card_clock import FrameLine
from riffsynth.timing.timeline import Timeline

FORMAT = b"riffsynth player log 1\n"
QUEUED_RECORDS = 4096

_TYPES: dict[str, type] = {
    kind.__name__: kind
    for kind in (
        Timeline,
        Score,
        messages.PlaybackState,
        messages.Deck,
        messages.SetTimeline,
        messages.SetPlayback,
        messages.AddScore,
        messages.ForgetScores,
        messages.Enter,
        messages.Hold,
        messages.Record,
        messages.Silence,
        messages.Finish,
    )
}


class LogError(RiffsynthError):
    """A file that is no log of a player; the message says so."""


class PlayerLog:
    """Writes a log as things happen, in a thread of its own. Raises OSError where the file cannot be made."""

    def __init__(self, path: Path, sample_rate: int, seed: int, start: float) -> None:
        self._file = path.open("wb")
        self._file.write(FORMAT)
        self._writer = BackgroundWriter[tuple[dict[str, Any], Any]](
            self._write, self._file.close, QUEUED_RECORDS, "player log"
        )
        self._writer.put(({"is": "start", "rate": sample_rate, "seed": seed, "time": start}, None))

    @property
    def failure(self) -> str | None:
        return self._writer.failure

    def message(self, block: int, message: Any) -> None:
        """`message` was applied before block number `block` was made."""
        self._writer.put(({"is": "message", "block": block}, message))

    def gap(self, block: int, blocks: int, made: bool) -> None:
        """Before block number `block` came `blocks` blocks of silence; `made`: it had been made before they came."""
        self._writer.put(({"is": "gap", "block": block, "blocks": blocks, "made": made}, None))

    def line(self, block: int, line: FrameLine) -> None:
        """From block number `block` on frames leave the speaker as `line` says."""
        self._writer.put(({"is": "line", "block": block, **asdict(line)}, None))

    def mark(self, block: int) -> None:
        """All blocks before number `block` have been sent."""
        self._writer.put(({"is": "mark", "block": block}, None))

    def close(self, block: int) -> None:
        self.mark(block)
        self._writer.close()

    def _write(self, records: list[tuple[dict[str, Any], Any]]) -> None:
        for header, message in records:
            arrays: list[NDArray[Any]] = []
            if message is not None:
                header["message"] = _encoded(message, arrays)
            text = json.dumps(header).encode()
            self._file.write(struct.pack("<I", len(text)) + text)
            for array in arrays:
                self._file.write(np.ascontiguousarray(array).tobytes())
        self._file.flush()


def read_log(path: Path) -> Iterator[tuple[dict[str, Any], Any]]:
    """Headers and messages, in order; a message is None for records that hold none. Raises LogError or OSError."""
    with path.open("rb") as file:
        if file.read(len(FORMAT)) != FORMAT:
            raise LogError(f"{path} is no log of a player")
        while len(size := file.read(4)) == 4:
            text = file.read(struct.unpack("<I", size)[0])
            try:
                header = json.loads(text)
                message = _decoded(header["message"], _array_reader(file)) if "message" in header else None
            except (ValueError, EOFError):
                return
            yield header, message


def line_of(header: dict[str, Any]) -> FrameLine:
    """What a record of a line says."""
    return FrameLine(header["frame"], header["time"], header["period"])


def replay(path: Path) -> Iterator[NDArray[np.float32]]:
    """The sound that the log's player sent, in pieces. Raises LogError or OSError."""
    core: PlayerCore | None = None
    index = 0
    for header, message in read_log(path):
        if header["is"] == "start":
            core = PlayerCore(SynthesisGrid.for_rate(header["rate"]), header["seed"])
            clock = FrameLine.counting(header["time"], header["rate"])
            continue
        if core is None:
            raise LogError(f"{path} has no beginning")
        while index < header["block"]:
            yield core.block(clock.time_of(index * core.block_size))
            index += 1
        if header["is"] == "gap":
            waiting = [core.block(clock.time_of(index * core.block_size))] if header["made"] else []
            yield np.zeros(header["blocks"] * core.block_size, np.float32)
            yield from waiting
            index += header["blocks"] + len(waiting)
        elif header["is"] == "line":
            clock = line_of(header)
        elif header["is"] == "message" and not isinstance(message, messages.Record):
            core.apply(message)


def replay_to_wav(log: Path, output: Path) -> None:
    """Makes the sound of a whole session again, as a 24-bit WAV file, or several. Raises LogError or OSError."""
    try:
        start, _ = next(read_log(log))
    except StopIteration:
        raise LogError(f"{log} is empty") from None
    with WavParts(output, start["rate"]) as wav:
        for piece in replay(log):
            wav.write(piece)


def _encoded(value: Any, arrays: list[NDArray[Any]]) -> Any:
    """`value` as JSON; arrays are put aside and named by their type and shape. Raises TypeError for other types."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, tuple):
        return [_encoded(item, arrays) for item in value]
    if isinstance(value, Path):
        return {"path": str(value)}
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        arrays.append(value)
        return {"array": value.dtype.str, "shape": value.shape}
    if is_dataclass(value) and type(value).__name__ in _TYPES:
        named = {field.name: _encoded(getattr(value, field.name), arrays) for field in fields(value)}
        return {"type": type(value).__name__, "fields": named}
    return {"unknown": repr(value)[:200]}


def _decoded(value: Any, read: Callable[[str, list[int]], NDArray[Any]]) -> Any:
    if isinstance(value, list):
        return tuple(_decoded(item, read) for item in value)
    if not isinstance(value, dict):
        return value
    if "path" in value:
        return Path(value["path"])
    if "array" in value:
        return read(value["array"], value["shape"])
    if "type" in value:
        return _TYPES[value["type"]](**{name: _decoded(item, read) for name, item in value["fields"].items()})
    return value["unknown"]


def _array_reader(file: BinaryIO) -> Callable[[str, list[int]], NDArray[Any]]:
    def read(dtype: str, shape: list[int]) -> NDArray[Any]:
        size = int(np.prod(shape)) * np.dtype(dtype).itemsize
        data = file.read(size)
        if len(data) < size:
            raise EOFError
        return np.frombuffer(data, dtype).reshape(shape)

    return read
