"""From Riffusion's request to its answer, in a thread that may wait for the model."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from riffsynth.diffusion.request import ClipRequest, End
from riffsynth.diffusion.strengths import STRAIGHT, Curve, strength_at
from riffsynth.files.sounds import clip_sound, encoded
from riffsynth.riffusion_http.request import InferenceInput, PromptInput, data_uri, image_file
from riffsynth.spectrogram.clip import Clip
from riffsynth.spectrogram.conversion import convert
from riffsynth.spectrogram.image import exif_of, picture, read_image
from riffsynth.spectrogram.mask import read_mask
from riffsynth.spectrogram.spec import SpectrogramSpec

SAMPLE_RATE = 44100


class Answering:
    """Answers requests with one model, and seed images and masks from one folder."""

    def __init__(
        self,
        make: Callable[[ClipRequest], Clip],
        spec: SpectrogramSpec,
        images: Path,
        noise_at_strength: Curve = STRAIGHT,
    ) -> None:
        """`make` answers with a clip of the model's `spec`, and waits for it; `noise_at_strength` is the model's."""
        self._make = make
        self._spec = spec
        self._images = images
        self._noise_at_strength = noise_at_strength
        self._seeds: dict[str, Clip] = {}

    def answer(self, wanted: InferenceInput) -> dict[str, Any]:
        """`{image, audio, duration_s}` with data URIs of a JPEG and an MP3. Raises RiffsynthError."""
        request = self._request(wanted)
        clip = self._make(request)
        sound = clip_sound(clip, SAMPLE_RATE)
        image = io.BytesIO()
        exif = exif_of(clip.spec)
        picture(clip).save(image, "JPEG", **({"exif": exif} if exif else {}))
        return {
            "image": data_uri("image/jpeg", image.getvalue()),
            "audio": data_uri("audio/mpeg", encoded(sound, SAMPLE_RATE, ".mp3")),
            "duration_s": sound.size / SAMPLE_RATE,
        }

    def _request(self, wanted: InferenceInput) -> ClipRequest:
        mask = read_mask(image_file(self._images, wanted.mask_image_id)) if wanted.mask_image_id else None
        return ClipRequest(
            0,
            self._end(wanted.start),
            self._end(wanted.end),
            wanted.alpha,
            wanted.num_inference_steps,
            self._seed(wanted.seed_image_id),
            mask,
        )

    def _seed(self, name: str) -> Clip:
        if name not in self._seeds:
            self._seeds[name] = convert(read_image(image_file(self._images, name)), self._spec)
        return self._seeds[name]

    def _end(self, end: PromptInput) -> End:
        # Riffusion's clients mean a share of noise: with the model's strength, 0.75 would leave no beat to keep.
        strength = strength_at(self._noise_at_strength, end.denoising)
        return End(end.prompt, end.negative_prompt or "", end.seed, strength, end.guidance)
