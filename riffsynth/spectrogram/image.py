"""Clips as images: 8 bits, low frequencies at the bottom, dark is loud, as Riffusion paints them (riffusion-hobby
0.3.1, spectrogram_image_converter.py). Ours carry the spec and the request; Riffusion's are known by their EXIF tags
or their 512 rows.
"""

from __future__ import annotations

import json
import warnings
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from riffsynth.diffusion.request import ClipRequest, End
from riffsynth.spectrogram.analysis import from_image, to_image
from riffsynth.spectrogram.clip import Clip, ClipError
from riffsynth.spectrogram.panning import mixed
from riffsynth.spectrogram.spec import (
    RIFFUSION,
    RIFFUSION_INT16_REFERENCE,
    AnalysisWindow,
    SpecError,
    SpectrogramSpec,
)

TEXT_KEY = "riffsynth"
JPEG_SUFFIXES = (".jpg", ".jpeg")
JPEG_QUALITY = 95
LARGEST_SIDE = 16384
"""Pixels; what is larger is no clip, and opening it would cost more memory than a player can spare."""
# Riffusion's EXIF tags (riffusion-hobby 0.3.1, spectrogram_params.py).
_RATE, _STEREO, _STEP_MS, _WINDOW_MS, _PADDED_MS = 11000, 11005, 11010, 11020, 11030
_BANDS, _MIN_HZ, _MAX_HZ, _POWER, _MAX_VALUE = 11040, 11050, 11060, 11070, 11080
_RIFFUSION_COLUMNS_PER_BEAT = RIFFUSION.columns_per_beat
_EMPTY_CHANNEL, _FILLED_CHANNEL = 8.0, 16.0
"""Mean levels of 255 that tell an empty red channel, through JPEG too, from filled ones."""


def write_image(clip: Clip, path: Path | BinaryIO, right: Clip | None = None) -> None:
    """Writes a clip as a PNG with its spec and request inside, or as a JPEG where the path ends so.

    Where it is measured as Riffusion measures, Riffusion's tags are in it too. Of a request its init and mask are left
    out. With `right`, measured alike, `clip` is the left channel of a stereo image as Riffusion paints it. Raises
    ClipError for a JPEG of another measure, for which no tags would speak.
    """
    image, exif = picture(clip, right), exif_of(clip.spec, stereo=right is not None)
    if isinstance(path, Path) and path.suffix.lower() in JPEG_SUFFIXES:
        if exif is None:
            raise ClipError(f"{path}: only a PNG can say how this clip was measured")
        # Colours of half the resolution would mix what neighbouring bands hold left and right.
        subsampling = {"subsampling": 0} if right else {}
        image.save(path, format="JPEG", quality=JPEG_QUALITY, exif=exif, **subsampling)
        return
    fields = {"spec": asdict(clip.spec), "request": _request_fields(clip.request), "stereo": right is not None}
    text = PngInfo()
    text.add_itxt(TEXT_KEY, json.dumps(fields))
    image.save(path, format="PNG", pnginfo=text, **({"exif": exif} if exif else {}))


def picture(clip: Clip, right: Clip | None = None) -> Image.Image:
    """The clip as it is painted: grey, or of three equal colours where Riffusion's tools would look at it.

    With `right` red is empty, green is the clip as the left channel, and blue is the right one.
    """
    if right:
        left = _pixels(clip)
        return Image.fromarray(np.stack([np.zeros_like(left), left, _pixels(right)], axis=2))
    image = Image.fromarray(_pixels(clip))
    return image.convert("RGB") if clip.spec.negative else image


def _pixels(clip: Clip) -> NDArray[np.uint8]:
    """(rows, columns), low frequencies at the bottom."""
    return np.ascontiguousarray(np.rint(255.0 - 255.0 * to_image(clip.mel, clip.spec)).astype(np.uint8)[::-1])


def exif_of(spec: SpectrogramSpec, stereo: bool = False) -> Image.Exif | None:
    """Riffusion's tags for a spec, the inverse of reading them; None for one that they cannot describe."""
    if len(spec.windows) > 1 or spec.scale != "htk" or spec.seconds_per_column is None or spec.position_channels:
        return None
    window_s = spec.windows[0].window_s
    exif = Image.Exif()
    exif.update(
        {
            _RATE: spec.sample_rate,
            _STEREO: int(stereo),
            _STEP_MS: round(1000 * spec.seconds_per_column),
            _WINDOW_MS: round(1000 * window_s),
            _PADDED_MS: round(1000 * window_s * spec.padding),
            _BANDS: spec.bands,
            _MIN_HZ: round(spec.f_min),
            _MAX_HZ: round(spec.f_max),
            _POWER: float(spec.power),
            _MAX_VALUE: float(RIFFUSION_INT16_REFERENCE * spec.full_scale / RIFFUSION.full_scale * _lobe(spec)),
        }
    )
    return exif


def _lobe(spec: SpectrogramSpec) -> float:
    """How much larger int16 sines read than in RIFFUSION: with the window, and with the bins that a lobe covers."""
    ours = spec.windows[0].window_s * spec.sample_rate * spec.padding
    return ours / (RIFFUSION.windows[0].window_s * RIFFUSION.sample_rate * RIFFUSION.padding)


def read_image(path: Path) -> Clip:
    """The clip that an image shows: one of ours, or Riffusion's of any width, PNG or JPEG; stereo is mixed by power.

    Raises ClipError, in one line that names the file, for anything else.
    """
    return mixed(read_channels(path))


def read_channels(path: Path) -> tuple[Clip, ...]:
    """The clip that an image shows, or left and right where it is stereo. Raises ClipError as `read_image` does."""
    try:
        return _read(path)
    except (ClipError, SpecError) as error:
        raise ClipError(f"{path}: {error}") from error
    except FileNotFoundError as error:
        raise ClipError(f"{path}: there is no such file") from error
    except Exception as error:  # image decoders raise whatever they like on damaged files
        reason = " ".join(str(error).split())
        raise ClipError(f"{path}: not an image that can be read ({reason or type(error).__name__})") from error


def _read(path: Path) -> tuple[Clip, ...]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the size is checked here, and metadata that is bent may stay so
        with Image.open(path) as image:
            if max(image.size) > LARGEST_SIDE:
                raise ClipError(f"{image.width} x {image.height} pixels are no clip")
            image.load()
            pixels = np.asarray(image.convert("RGB"), np.float32)
            text = getattr(image, "text", {}).get(TEXT_KEY)
            tags = dict(image.getexif())
    if text is not None:
        return _ours(pixels, str(text))
    spec = _spec_of(tags, pixels.shape[0], pixels.shape[1])
    red, green, blue = pixels.mean(axis=(0, 1))
    coloured = red < _EMPTY_CHANNEL and max(green, blue) > _FILLED_CHANNEL
    return _clips(pixels, spec, coloured or bool(tags.get(_STEREO, False)))


def _ours(pixels: NDArray[np.float32], text: str) -> tuple[Clip, ...]:
    try:
        fields = json.loads(text)
        spec = SpectrogramSpec.from_dict(fields["spec"])
        request, stereo = _request_from(fields["request"]), bool(fields.get("stereo", False))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ClipError(f"its settings cannot be read: {error}") from error
    if pixels.shape[0] != spec.bands:
        raise ClipError(f"{spec.bands} rows are needed for its settings, found {pixels.shape[0]}")
    if pixels.shape[1] != spec.columns:
        spec = spec.with_columns(pixels.shape[1])
    return _clips(pixels, spec, stereo, request)


def _spec_of(tags: dict[int, Any], rows: int, columns: int) -> SpectrogramSpec:
    """Riffusion's spec as the tags change it."""
    if _BANDS not in tags and rows != RIFFUSION.bands:
        raise ClipError(
            f"{columns} x {rows} pixels without settings are no spectrogram of Riffusion's ({RIFFUSION.bands} rows)"
        )
    rate = int(tags.get(_RATE, RIFFUSION.sample_rate))
    window_s = float(tags.get(_WINDOW_MS, 1000 * RIFFUSION.windows[0].window_s)) / 1000
    step_s = float(tags.get(_STEP_MS, 10)) / 1000
    if rate <= 0 or step_s <= 0 or not 0.001 <= window_s <= 1:
        raise ClipError(f"its tags speak of {rate} Hz, windows of {window_s} s and steps of {step_s} s")
    padded_s = float(tags.get(_PADDED_MS, 1000 * RIFFUSION.padding * window_s)) / 1000
    f_max = min(float(tags.get(_MAX_HZ, RIFFUSION.f_max)), rate / 2)
    padding = max(1, round(padded_s / window_s))
    # The tag counts int16 samples through an unscaled transform, as in RIFFUSION.
    loudest = float(tags.get(_MAX_VALUE, RIFFUSION_INT16_REFERENCE)) / RIFFUSION_INT16_REFERENCE
    if loudest <= 0:
        raise ClipError("its tags name no positive maximum")
    spec = replace(
        RIFFUSION,
        bands=int(tags.get(_BANDS, RIFFUSION.bands)),
        columns=columns,
        beats=columns / _RIFFUSION_COLUMNS_PER_BEAT,
        f_min=float(tags.get(_MIN_HZ, RIFFUSION.f_min)),
        f_max=f_max,
        windows=(AnalysisWindow(below_hz=f_max, window_s=window_s),),
        sample_rate=rate,
        padding=padding,
        power=float(tags.get(_POWER, RIFFUSION.power)),
        seconds_per_column=step_s,
    )
    return replace(spec, full_scale=RIFFUSION.full_scale * loudest / _lobe(spec))


def _clips(
    pixels: NDArray[np.float32], spec: SpectrogramSpec, stereo: bool, request: ClipRequest | None = None
) -> tuple[Clip, ...]:
    """What (rows, columns, RGB) shows: one clip, or in stereo left, which is green, and right, which is blue."""
    if pixels.shape[0] != spec.bands:
        raise ClipError(f"{spec.bands} rows are needed, found {pixels.shape[0]}")
    channels = [pixels[..., 1], pixels[..., 2]] if stereo else [pixels.mean(axis=2)]
    return tuple(Clip(from_image(1.0 - channel[::-1] / 255.0, spec), spec, request) for channel in channels)


def _request_fields(request: ClipRequest | None) -> dict[str, Any] | None:
    if request is None:
        return None
    ends = {"a": asdict(request.a), "b": asdict(request.b)}
    how = {"alpha": request.alpha, "steps": request.steps, "sampler": request.sampler}
    return {"id": request.id, **ends, **how, "repaint": request.repaint, "loras": request.loras}


def _request_from(fields: dict[str, Any] | None) -> ClipRequest | None:
    if fields is None:
        return None
    made = {**fields, "a": End(**fields["a"]), "b": End(**fields["b"])}
    if "repaint" in fields:
        made |= {"repaint": tuple(fields["repaint"]), "loras": tuple((str(f), float(w)) for f, w in fields["loras"])}
    return ClipRequest(**made)
