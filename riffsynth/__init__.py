"""riffsynth: an instrument in which a diffusion model paints spectrograms and a streaming synthesiser plays them.

    import riffsynth
    clip = riffsynth.generate("funk bassline", seed=3)
    clip.save("bass.wav", tempo=96)

`docs/tour.ipynb` shows the rest. What is named here is imported when it is first used: the player imports this package
too, and must never wait for a model's libraries.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from riffsynth.diffusion.request import ClipRequest as ClipRequest
    from riffsynth.diffusion.request import End as End
    from riffsynth.errors import RiffsynthError as RiffsynthError
    from riffsynth.library.clips import generate as generate
    from riffsynth.library.clips import interpolate as interpolate
    from riffsynth.library.clips import load as load
    from riffsynth.library.clips import read as read
    from riffsynth.library.clips import sequence as sequence
    from riffsynth.spectrogram.clip import Clip as Clip

__version__ = "0.1.0"

_PUBLIC = {
    "Clip": "riffsynth.spectrogram.clip",
    "ClipRequest": "riffsynth.diffusion.request",
    "End": "riffsynth.diffusion.request",
    "RiffsynthError": "riffsynth.errors",
    "generate": "riffsynth.library.clips",
    "interpolate": "riffsynth.library.clips",
    "load": "riffsynth.library.clips",
    "read": "riffsynth.library.clips",
    "sequence": "riffsynth.library.clips",
}


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'riffsynth' has no attribute {name!r}")
    return getattr(importlib.import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_PUBLIC})
