"""The seam between what plays (decks, playhead) and how it sounds (streaming synthesis)."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class MagnitudeSource(Protocol):
    """Answers what the spectrum is at moments around the hop that is being made."""

    def rows(self, resolution: int, offsets_s: NDArray[np.float64]) -> NDArray[np.float32]:
        """(frames, bins) magnitudes of resolution number `resolution` of the grid, 1.0 a full-scale sine.

        `offsets_s` (frames,) are seconds after the first sample of the hop being made, where each frame is centred.
        Asked anew for every hop: what lies ahead follows the performer's hands until it is committed.
        """
        ...
