"""How a clip shows itself in a notebook: its picture, what was asked for, and a player."""

from __future__ import annotations

import base64
import html
import io

from riffsynth.spectrogram.clip import Clip
from riffsynth.spectrogram.image import write_image

PICTURE_WIDTH, PICTURE_HEIGHT = 640, 288
"""Pixels on the page; the picture itself has one for each band and column."""


def png_of(clip: Clip) -> bytes:
    """The picture, with the clip's settings inside."""
    file = io.BytesIO()
    write_image(clip, file)
    return file.getvalue()


def flac_of(clip: Clip, rate: int = 44100) -> bytes:
    """The loop's sound: FLAC plays in every browser and is half the size of WAV."""
    import soundfile  # loads libsndfile, which a picture need not wait for

    file = io.BytesIO()
    soundfile.write(file, clip.sound(rate=rate), rate, "PCM_16", format="FLAC")
    return file.getvalue()


def html_of(clip: Clip) -> str:
    """Picture, caption and player as a piece of HTML that needs nothing around it."""
    text = html.escape(caption(clip))
    return (
        f'<figure style="margin:0"><img alt="Spectrogram: {text}" width="{PICTURE_WIDTH}" height="{PICTURE_HEIGHT}" '
        f'style="image-rendering:pixelated;max-width:100%" src="{_data("image/png", png_of(clip))}">'
        f"<figcaption>{text}</figcaption>"
        f'<audio controls loop aria-label="{text}" src="{_data("audio/flac", flac_of(clip))}"></audio></figure>'
    )


def caption(clip: Clip) -> str:
    """What was asked for, and how long the clip is, in one line."""
    length = f"{clip.beats:g} beats at {clip.tempo:g} beats/min"
    request = clip.request
    if request is None:
        return length
    a, b = (f"{end.prompt or 'no prompt'}, seed {end.seed}" for end in (request.a, request.b))
    asked = a if request.alpha <= 0 else b if request.alpha >= 1 else f"{request.alpha:.0%} from {a} to {b}"
    return f"{asked}; {length}"


def _data(kind: str, data: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"
