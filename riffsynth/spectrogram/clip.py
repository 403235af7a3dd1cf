"""What the model makes (a clip) and what the player reads (a score)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from riffsynth.errors import RiffsynthError
from riffsynth.spectrogram.spec import SpectrogramSpec

if TYPE_CHECKING:
    from riffsynth.diffusion.request import ClipRequest

DEFAULT_TEMPO = 120.0


class ClipError(RiffsynthError, ValueError):
    """Magnitudes that cannot be played: wrong shape, not finite, negative."""


@dataclass(frozen=True, eq=False)
class Clip:
    """A loop of mel magnitudes as a model made them, and the request that made it.

    `mel` is (bands, columns) float32, linear, in the units of `spec`; column 0 is centred on the first beat, and
    after the last column the first one follows.
    """

    mel: NDArray[np.float32]
    spec: SpectrogramSpec
    request: ClipRequest | None = None

    def __post_init__(self) -> None:
        if self.mel.shape != (self.spec.bands, self.spec.columns):
            raise ClipError(f"({self.spec.bands}, {self.spec.columns}) magnitudes are needed, found {self.mel.shape}")
        _check_magnitudes(self.mel)
        self.mel.flags.writeable = False

    @property
    def beats(self) -> float:
        return self.spec.beats

    @property
    def tempo(self) -> float:
        """Beats a minute at which it is heard where nobody names another: its model's own, or 120."""
        return self.spec.native_tempo or DEFAULT_TEMPO

    # How a clip is heard, written and shown. What that takes is imported when it is asked for: a clip also crosses to
    # processes that do none of it.

    def sound(self, tempo: float | None = None, rate: int = 44100, pitch: float = 0.0) -> NDArray[np.float32]:
        """(samples,) mono at `rate` Hz, 1.0 full scale: once round at `tempo` beats a minute, closed as a loop.

        Another tempo bends no pitch; `pitch` transposes by semitones and keeps the tempo. Raises ClipError for values
        out of range.
        """
        from riffsynth.playback.as_played import loop_as_played

        return loop_as_played(self, tempo or self.tempo, rate, pitch)

    def save(self, path: str | Path, tempo: float | None = None, rate: int = 44100) -> Path:
        """Writes a picture that holds its settings (.png), or the sound (.wav, .flac, .ogg, .mp3). Raises ClipError."""
        from riffsynth.library.clips import save

        return save(self, path, tempo, rate)

    def _repr_png_(self) -> bytes:
        from riffsynth.library.notebook import png_of

        return png_of(self)

    def _repr_html_(self) -> str:
        from riffsynth.library.notebook import html_of

        return html_of(self)


@dataclass(frozen=True, eq=False)
class Score:
    """A clip on the session's synthesis grid: what crosses to the player, so that clips of two models can be mixed.

    `magnitudes` is (columns, bins) float16 or float32, linear, 1.0 a full-scale sine, bins as in `SynthesisGrid`.
    """

    magnitudes: NDArray[np.float16] | NDArray[np.float32]
    beats: float

    def __post_init__(self) -> None:
        if self.magnitudes.ndim != 2 or self.beats <= 0:
            raise ClipError(f"(columns, bins) magnitudes are needed, found {self.magnitudes.shape}, {self.beats} beats")
        _check_magnitudes(self.magnitudes)
        self.magnitudes.flags.writeable = False

    @property
    def columns(self) -> int:
        return self.magnitudes.shape[0]


def _check_magnitudes(magnitudes: NDArray[np.floating]) -> None:
    if not np.isfinite(magnitudes).all():
        raise ClipError("magnitudes hold NaN or infinity")
    if (magnitudes < 0).any():
        raise ClipError("magnitudes are negative")
