"""Audio to audio for sound of any length: clip by clip, each one continuing what was made before it.

A window of one clip moves over the spectrogram by half its width. Its first quarter holds what was just made, and is
kept; the next two quarters are what is made now; the last one only shows the model what follows, and keeps the seam,
where a clip would close as a loop, out of what is heard.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from riffsynth.diffusion.generator import Generator
from riffsynth.diffusion.model_error import ModelError
from riffsynth.diffusion.request import WHOLE, ClipRequest
from riffsynth.parameters import SEED_MAX
from riffsynth.spectrogram.clip import Clip


def remade(
    generator: Generator,
    mel: NDArray[np.float32],
    request: ClipRequest,
    walk: bool = False,
    on_clip: Callable[[int, int], object] = lambda done, clips: None,
) -> Iterator[NDArray[np.float32]]:
    """`mel` (bands, any columns), measured as the model measures, made anew as `request` says: pieces side by side.

    `request` gives ends, alpha, strength and steps; its seeds go up by one with each clip. With `walk` alpha goes from
    0 at the start to 1 at the end. `on_clip` is told (clips done, clips in all). Raises ModelError.
    """
    spec = generator.model.spec
    if spec.columns % 4 or mel.shape[0] != spec.bands:
        raise ModelError(
            f"{mel.shape[0]} bands, and clips of {spec.columns} columns: this model cannot go on clip by clip"
        )
    quarter, half = spec.columns // 4, spec.columns // 2
    clips = max(1, -(-mel.shape[1] // half))
    padded = np.pad(mel, ((0, 0), (quarter, clips * half + quarter - mel.shape[1])))
    before: NDArray[np.float32] | None = None
    for index in range(clips):
        window = padded[:, index * half : index * half + spec.columns].copy()
        if before is not None:
            window[:, :quarter] = before[:, half : half + quarter]
        a, b = (replace(end, seed=(end.seed + index) % (SEED_MAX + 1)) for end in (request.a, request.b))
        made = generator.generate(
            replace(
                request,
                a=a,
                b=b,
                alpha=index / max(1, clips - 1) if walk else request.alpha,
                init=Clip(window, spec),
                repaint=WHOLE if before is None else (0.25, 1.0),
            )
        )
        before = made.mel
        on_clip(index + 1, clips)
        yield made.mel[:, quarter : quarter + half][:, : mel.shape[1] - index * half]
