"""Between clips and the latents that a model paints: pictures, the autoencoder, masks."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from riffsynth.diffusion.model import Model
from riffsynth.diffusion.model_error import UnfitFile
from riffsynth.diffusion.request import WHOLE, ClipRequest
from riffsynth.spectrogram.analysis import to_image
from riffsynth.spectrogram.clip import Clip
from riffsynth.spectrogram.conversion import transposed
from riffsynth.spectrogram.mel import band_centres
from riffsynth.spectrogram.spec import SpectrogramSpec

REMEMBERED_LATENTS = 8
"""Clips whose latents are kept: one that is painted on needs no encoding, which would lose a little each time."""


class Canvas:
    """Encodes and decodes for one model. `decoder` maps latents (batch, channels, rows, columns) to pictures.

    `semitones` is how much higher a clip sounds than what the latents show.
    """

    def __init__(self, model: Model, decoder: Callable[[Tensor], Tensor]) -> None:
        self._model = model
        self._decoder = decoder
        self._latents: OrderedDict[tuple[int, bytes], Tensor] = OrderedDict()

    def encoded(self, clip: Clip, semitones: int = 0) -> Tensor:
        """(1, channels, rows, columns) float32 latents of a clip of the model's spec."""
        model = self._model
        if (known := self._latents.get(_key(clip.mel, semitones))) is not None:
            return known
        mel = transposed(clip.mel, clip.spec, -semitones) if semitones else clip.mel
        picture = torch.from_numpy(_painted(to_image(mel, clip.spec), model.spec)) * 2 - 1
        picture = picture.expand(1, model.vae.config.in_channels, -1, -1).to(model.device, model.dtype)
        return (_latents_of(model.vae.encode(picture)) * model.vae.config.scaling_factor).float()

    def decoded(self, latents: Tensor) -> Tensor:
        """Mel magnitudes (batch, bands, columns) of latents (batch, channels, rows, columns), on their device.

        They are NaN where the model gave no number.
        """
        model, spec = self._model, self._model.spec
        pictures = self._decoder((latents / model.decoder.config.scaling_factor).to(model.dtype))
        images = pictures.float().mean(1) / 2 + 0.5
        if spec.negative:
            images = 1 - images.flip(1)
        mels = images.clamp(0, 1) ** (1 / spec.power) * spec.full_scale  # from_image, where the picture is
        return torch.where(images.isfinite(), mels, torch.nan)

    def remember(self, mel: NDArray[np.float32], latents: Tensor, semitones: int = 0) -> None:
        """`mel` (bands, columns) was decoded from `latents` (1, channels, rows, columns)."""
        self._latents[_key(mel, semitones)] = latents
        if len(self._latents) > REMEMBERED_LATENTS:
            self._latents.popitem(last=False)

    def repainted(self, requests: Sequence[ClipRequest], semitones: Sequence[int]) -> Tensor | None:
        """How much of each clip is painted anew, (batch, 1, rows, columns) 0..1; None where all of every one is.

        Raises UnfitFile for a mask of another shape than the model's clips.
        """
        if all(request.mask is None and request.repaint == WHOLE for request in requests):
            return None
        return torch.cat([self._repainted(*pair) for pair in zip(requests, semitones, strict=True)])

    def _repainted(self, request: ClipRequest, semitones: int) -> Tensor:
        _, _, rows, columns = self._model.latent_shape
        place = torch.arange(columns, device=self._model.device) / columns
        within = ((place >= request.repaint[0]) & (place < request.repaint[1])).float()
        whole = within.expand(1, 1, rows, columns)
        return whole if request.mask is None else whole * self._mask(request.mask, semitones)

    def _mask(self, mask: NDArray[np.float32], semitones: int) -> Tensor:
        """(1, 1, rows, columns) of (bands, columns): the pixel in the middle of each latent, as Riffusion takes it."""
        model = self._model
        if mask.shape != (model.spec.bands, model.spec.columns):
            raise UnfitFile(
                f"the mask is {mask.shape[1]} x {mask.shape[0]} pixels, and this model's clips are "
                f"{model.spec.columns} x {model.spec.bands}: resize it, or set mask to none",
                "mask",
            )
        if semitones:  # it says what is heard: each row of the latents is heard somewhat higher
            centres = band_centres(model.spec)
            heard = np.interp(centres * 2.0 ** (semitones / 12.0), centres, np.arange(centres.size))
            mask = mask[np.rint(heard).astype(int)]
        picture = mask[::-1] if model.spec.negative else mask
        middle, step = model.vae_scale // 2, model.vae_scale
        return torch.from_numpy(np.ascontiguousarray(picture[middle::step, middle::step]))[None, None].to(model.device)


def _latents_of(encoded: Any) -> Tensor:
    """The most likely latents that an AutoencoderKL answers, or the ones of an AutoencoderTiny."""
    return encoded.latent_dist.mode() if hasattr(encoded, "latent_dist") else encoded.latents  # type: ignore[no-any-return]


def _painted(image: NDArray[np.float32], spec: SpectrogramSpec) -> NDArray[np.float32]:
    """(bands, columns) image values as the model's own picture, and back: its own inverse."""
    return np.ascontiguousarray(1 - image[::-1]) if spec.negative else image


def _key(mel: NDArray[np.float32], semitones: int) -> tuple[int, bytes]:
    return semitones, hashlib.blake2b(np.ascontiguousarray(mel).tobytes(), digest_size=16).digest()
