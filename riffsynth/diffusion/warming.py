"""What a model makes before anybody asks: buffers, plans, filters and graphs are there when they do."""

from __future__ import annotations

from riffsynth.diffusion.model import Model
from riffsynth.diffusion.request import ClipRequest, End

WARM_UP_STEPS = 3
UNGUIDED = 1.0


def warm_up_requests(model: Model) -> list[ClipRequest]:
    """Clips that are thrown away. The last one finds what those before it have made, so that its pace is the model's.

    On CUDA a graph holds for one shape of a call, and without guidance the batch is half as large.
    """
    guidances = [model.defaults.guidance] * 2
    if model.device.type == "cuda":
        guidances.insert(0, UNGUIDED)
    ends = [End("warming up", guidance=guidance) for guidance in guidances]
    return [ClipRequest(0, end, end, steps=WARM_UP_STEPS) for end in ends]
