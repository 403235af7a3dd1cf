"""From a request to a clip: words to embeddings, noise to latents, latents to a picture, picture to magnitudes."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from riffsynth.diffusion.alignment import aligned
from riffsynth.diffusion.compiled import fast_decoder, fast_unet
from riffsynth.diffusion.interpolation import lerp, noise_of, slerp
from riffsynth.diffusion.model import Model
from riffsynth.diffusion.model_error import ModelError
from riffsynth.diffusion.request import ClipRequest, End
from riffsynth.diffusion.sampling import StepCallback, guided, sample
from riffsynth.diffusion.text import TextEncoder, match_lengths
from riffsynth.spectrogram.analysis import from_image, to_image
from riffsynth.spectrogram.clip import Clip
from riffsynth.spectrogram.files import convert
from riffsynth.spectrogram.spec import SpectrogramSpec


class Generator:
    """Makes clips with one model. The same request gives the same clip."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._text = TextEncoder(model.tokenizer, model.text_encoder)
        self._unet = fast_unet(model.unet)
        self._decoder = fast_decoder(model.vae)
        self._position = _position(model)

    @torch.inference_mode()
    def generate(self, request: ClipRequest, on_step: StepCallback = lambda step, steps: None) -> Clip:
        """The clip asked for. `on_step` is told (steps done, steps in all) and may raise to abandon it.

        Strength 0 answers the init clip itself, in the model's spec. A clip that a model without position channels
        makes from noise is rolled to the beat. Raises ModelError where the model gives NaN, or for no steps.
        """
        model, alpha = self.model, request.alpha
        if request.steps < 1:
            raise ModelError(f"a clip takes at least one step, found {request.steps}")
        init = convert(request.init, model.spec) if request.init and request.strength < 1 else None
        if init and request.strength <= 0:
            return Clip(init.mel, model.spec, request)
        ends = _heard(request)
        embeddings = match_lengths(*(self._text.embed(text) for end in ends for text in (end.prompt, end.negative)))
        text, negative = (lerp(a, b, alpha) for a, b in (embeddings[0::2], embeddings[1::2]))
        a, b = (noise_of(end.seed, model.latent_shape) for end in ends)
        noise = slerp(a, b, alpha).to(model.device)
        latents = sample(
            guided(self._predict, text, negative, request.guidance),
            model.scheduler,
            noise,
            self._encoded(init) if init else None,
            request.strength,
            request.steps,
            ends[round(alpha)].seed,
            on_step,
        )
        mel = self._decoded(latents)
        if init is None and not model.spec.position_channels:
            mel = aligned(mel, model.spec)
        return Clip(mel, model.spec, request)

    def _predict(self, latents: Tensor, timestep: Tensor, embeddings: Tensor) -> Tensor:
        """The U-Net's answer to (batch, channels, rows, columns) latents, in float32."""
        model = self.model
        if self._position is not None:
            latents = torch.cat([latents, self._position.expand(len(latents), -1, -1, -1)], dim=1)
        return self._unet(latents.to(model.dtype), timestep, embeddings.to(model.dtype)).float()

    def _encoded(self, clip: Clip) -> Tensor:
        model = self.model
        picture = torch.from_numpy(_painted(to_image(clip.mel, clip.spec), model.spec)) * 2 - 1
        picture = picture.expand(1, model.vae.config.in_channels, -1, -1).to(model.device, model.dtype)
        return (model.vae.encode(picture).latent_dist.mode() * model.vae.config.scaling_factor).float()

    def _decoded(self, latents: Tensor) -> NDArray[np.float32]:
        """Mel magnitudes (bands, columns) of latents."""
        model = self.model
        picture = self._decoder((latents / model.vae.config.scaling_factor).to(model.dtype))[0]
        image = _painted((picture.float().mean(0) / 2 + 0.5).cpu().numpy(), model.spec)
        if not np.isfinite(image).all():
            raise ModelError(f"{model.name}: the model gave NaN; try another prompt, seed or --device")
        return from_image(image, model.spec)


def _heard(request: ClipRequest) -> tuple[End, End]:
    """Both ends; at one of them the other has no say, not even by the length of its text."""
    if request.alpha <= 0:
        return request.a, request.a
    return (request.a, request.b) if request.alpha < 1 else (request.b, request.b)


def _painted(image: NDArray[np.float32], spec: SpectrogramSpec) -> NDArray[np.float32]:
    """(bands, columns) image values as the model's own picture, and back: its own inverse."""
    return np.ascontiguousarray(1 - image[::-1]) if spec.negative else image


def _position(model: Model) -> Tensor | None:
    """(1, 4, rows, columns): sine and cosine of the place in the beat, then in the clip, where the model wants them."""
    if not model.spec.position_channels:
        return None
    _, _, rows, columns = model.latent_shape
    clip = torch.arange(columns) * (2 * torch.pi / columns)
    beat = clip * model.spec.beats
    waves = torch.stack([beat.sin(), beat.cos(), clip.sin(), clip.cos()])
    return waves[None, :, None, :].expand(1, 4, rows, columns).to(model.device)
