"""The ways to sample a model that a performer can choose from: its own, and others that need fewer steps."""

from __future__ import annotations

from typing import Any

from riffsynth.diffusion.model_error import ModelError
from riffsynth.diffusion.request import OWN_SAMPLER

SAMPLERS = {
    "ddim": ("DDIMScheduler", {"set_alpha_to_one": False, "clip_sample": False}),
    "euler": ("EulerDiscreteScheduler", {}),
    "dpm": ("DPMSolverMultistepScheduler", {}),
    "lcm": ("LCMScheduler", {}),
}
"""Classes of diffusers by the names in the table of parameters; `lcm` is for models distilled to a few steps."""


def chosen_scheduler(own: Any, sampler: str) -> Any:
    """The model's `own` scheduler, or the one called `sampler` with the noise that the model was trained on.

    Raises ModelError for a name that there is not, and for a model that only its own scheduler can sample.
    """
    if sampler == OWN_SAMPLER:
        return own
    if sampler not in SAMPLERS:
        raise ModelError(f"sampler is one of {OWN_SAMPLER}, {', '.join(SAMPLERS)}, found {sampler!r}")
    if not hasattr(own, "alphas_cumprod"):
        raise ModelError(f"sampler {sampler} is for models like Stable Diffusion; this one has a flow: set it to own")
    import diffusers

    name, options = SAMPLERS[sampler]
    return getattr(diffusers, name).from_config(own.config, **options)
