"""What the numbers of a mel spectrogram mean: rate, windows, bands, scale, range and length in beats."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from riffsynth.errors import RiffsynthError

SPEC_FILE = "spectrogram.json"


class SpecError(RiffsynthError, ValueError):
    """A spectrogram description that cannot be used; the message says which field and why."""


@dataclass(frozen=True, slots=True)
class AnalysisWindow:
    """A Hann window of `window_s` seconds that measures the bands whose centre lies below `below_hz`."""

    below_hz: float
    window_s: float


@dataclass(frozen=True, slots=True)
class SpectrogramSpec:
    """Everything needed to turn sound into the image of a model and back.

    Magnitudes are linear and scaled so that a steady full-scale sine reads 1.0 in an unpadded spectrum. A mel band is
    the sum of its triangle's weights (peak 1, no area normalisation) times the magnitudes, times
    `bin_hz * window_s / 2`: the lobe of one sine adds up to about its amplitude whatever the padding is.
    An image value in 0..1 is `(band / full_scale) ** power`.
    """

    bands: int
    columns: int
    f_min: float
    f_max: float
    windows: tuple[AnalysisWindow, ...]
    sample_rate: int = 44100
    scale: Literal["htk", "slaney", "kaldi"] = "htk"
    padding: int = 2
    """The Fourier transform is this many times longer than the window."""
    power: float = 0.25
    full_scale: float = 1.0
    """The band magnitude that image value 1.0 stands for."""
    beats: float = 8.0
    """Length of a clip of `columns` columns, in beats."""
    seconds_per_column: float | None = None
    """The model's own pace, where it has one; None where columns are counted in beats alone."""
    position_channels: bool = False
    """The model's U-Net takes sine and cosine of the position in the beat and in the clip as extra channels."""
    negative: bool = False
    """The model's picture is dark where it is loud and has the lowest band in its bottom row, as Riffusion's is."""

    def __post_init__(self) -> None:
        if self.bands < 1 or self.columns < 1:
            raise SpecError(f"bands and columns must be positive, found {self.bands} x {self.columns}")
        if not 0 <= self.f_min < self.f_max <= self.sample_rate / 2:
            raise SpecError(
                f"0 <= f_min < f_max <= sample_rate / 2 is needed, found {self.f_min}, {self.f_max} at "
                f"{self.sample_rate} Hz"
            )
        if not self.windows or self.windows[-1].below_hz < self.f_max:
            raise SpecError("the last analysis window must reach f_max")
        if self.power <= 0 or self.full_scale <= 0 or self.beats <= 0 or self.padding < 1:
            raise SpecError("power, full_scale and beats must be positive, padding at least 1")

    @property
    def columns_per_beat(self) -> float:
        return self.columns / self.beats

    @property
    def native_tempo(self) -> float | None:
        """Beats a minute at which the clip has the pace its model learned, or None."""
        if self.seconds_per_column is None:
            return None
        return 60.0 * self.beats / (self.columns * self.seconds_per_column)

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=2) + "\n"

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> SpectrogramSpec:
        try:
            windows = tuple(AnalysisWindow(**w) for w in fields["windows"])
            return cls(**{**fields, "windows": windows})
        except (KeyError, TypeError) as error:
            raise SpecError(f"not a spectrogram description: {error}") from error

    @classmethod
    def load(cls, folder: Path) -> SpectrogramSpec:
        """The spec saved with a model, or Riffusion's where there is none.

        Raises SpecError naming the file when it is there and cannot be read.
        """
        path = folder / SPEC_FILE
        if not path.exists():
            return RIFFUSION
        try:
            return cls.from_dict(json.loads(path.read_text()))
        except (OSError, ValueError, TypeError) as error:
            raise SpecError(f"{path}: {error}") from error

    def with_columns(self, columns: int) -> SpectrogramSpec:
        """The same measure for a longer or shorter clip, beats in proportion."""
        return replace(self, columns=columns, beats=self.beats * columns / self.columns)


# Riffusion v1 (riffusion-hobby 0.3.1, spectrogram_params.py): 44.1 kHz, window 4410, one column is 10 ms, 512 mel
# bands to 10 kHz on the HTK scale, magnitude ** 0.25. Its reference 30e6 belongs to int16 samples and an unscaled
# transform of 17640 points, where 32768 * 4410 / 4 is a full-scale sine and its lobe adds up to 8 times that. Each
# image was normalised alone, so the absolute level is ours to choose: half of it leaves room for the loudest.
RIFFUSION_INT16_REFERENCE = 30e6
RIFFUSION = SpectrogramSpec(
    bands=512,
    columns=512,
    f_min=0.0,
    f_max=10000.0,
    windows=(AnalysisWindow(below_hz=10000.0, window_s=0.1),),
    padding=4,
    full_scale=RIFFUSION_INT16_REFERENCE / (32768 * 4410 / 4) / 8 / 2,
    seconds_per_column=0.01,
    negative=True,
)

# The embedded model: 32 columns a beat, short windows where drums live and long ones where the bass needs them.
EMBEDDED = SpectrogramSpec(
    bands=192,
    columns=256,
    f_min=20.0,
    f_max=16000.0,
    windows=(
        AnalysisWindow(below_hz=400.0, window_s=4096 / 44100),
        AnalysisWindow(below_hz=16000.0, window_s=2048 / 44100),
    ),
    full_scale=0.16,
    position_channels=True,
)
