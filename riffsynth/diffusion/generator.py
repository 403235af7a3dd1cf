"""From a request to a clip: words to embeddings, noise to latents, latents to a picture, picture to magnitudes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from riffsynth.diffusion.absences import absent
from riffsynth.diffusion.alignment import beat_offset
from riffsynth.diffusion.canvas import Canvas
from riffsynth.diffusion.compiled import fast_decoder, fast_unet
from riffsynth.diffusion.host import to_host
from riffsynth.diffusion.interpolation import lerp, noise_of, slerp
from riffsynth.diffusion.keys import at_home
from riffsynth.diffusion.lora import LoraStack
from riffsynth.diffusion.model import Model
from riffsynth.diffusion.model_error import ModelError
from riffsynth.diffusion.pieces import InPieces
from riffsynth.diffusion.request import WHOLE, ClipRequest, End
from riffsynth.diffusion.sampling import StepCallback, guided, sample
from riffsynth.diffusion.schedulers import chosen_scheduler
from riffsynth.diffusion.scoring import DeviceScorer
from riffsynth.diffusion.text import TextEncoder, match_lengths
from riffsynth.spectrogram.clip import Clip, Score
from riffsynth.spectrogram.conversion import convert, transposed


@dataclass(frozen=True, eq=False)
class Made:
    """A clip and, where it was made on the same device, its score."""

    clip: Clip
    score: Score | None = None


class Generator:
    """Makes clips with one model. The same request gives the same clip.

    `tell` hears, in one line, what a performer should know of the device: that its memory ran out. With a `scorer`
    what is painted becomes a score on the device as well, and both reach the host in one copy.
    """

    def __init__(
        self, model: Model, tell: Callable[[str], object] = lambda text: None, scorer: DeviceScorer | None = None
    ) -> None:
        self.model = model
        self._scorer = scorer
        self._tell = tell
        self._text = TextEncoder(model.tokenizer, model.text_encoder)
        self._unet = InPieces(fast_unet(model.unet), "U-Net", tell)
        self._canvas = Canvas(model, InPieces(fast_decoder(model.decoder), "decoder", tell))
        self._position = _position(model)
        self._loras = LoraStack({"unet": model.unet, "text_encoder": model.text_encoder})

    def generate(self, request: ClipRequest, on_step: StepCallback = lambda step, steps: None) -> Clip:
        """The clip asked for. `on_step` is told (steps done, steps in all) and may raise to abandon it.

        Strength 0 answers the init clip itself, in the model's spec. A clip that a model without position channels
        makes from noise is rolled to the beat. Raises ModelError where the model gives NaN, for no steps, and for a
        mask or a LoRA of another shape than the model's.
        """
        return self.generate_all([request], on_step)[0]

    def generate_all(
        self, requests: Sequence[ClipRequest], on_step: StepCallback = lambda step, steps: None
    ) -> list[Clip]:
        """The clips of `make_all`."""
        return [made.clip for made in self.make_all(requests, on_step)]

    @torch.inference_mode()
    def make_all(self, requests: Sequence[ClipRequest], on_step: StepCallback = lambda step, steps: None) -> list[Made]:
        """The clips asked for, as one batch; each is the same as by itself, up to rounding.

        They must have the same steps, strength, sampler and LoRAs, and all of them an init or none.
        """
        first = requests[0]
        if first.steps < 1:
            raise ModelError(f"a clip takes at least one step, found {first.steps}")
        if any(plan_of(request) != plan_of(first) for request in requests):
            raise ValueError("clips of one batch have the same steps, strength, sampler, LoRAs and kind of start")
        inits = self._inits(requests)
        if inits and first.strength <= 0:
            pairs = zip(inits, requests, strict=True)
            return [Made(Clip(init.mel, self.model.spec, request)) for init, request in pairs]
        self._wear(first.loras)
        ends, shifts = zip(*(self._at_home(request) for request in requests), strict=True)
        latents = self._sampled(requests, ends, inits, shifts, on_step)
        mels, scores = self._on_host(self._canvas.decoded(latents))
        made = []
        for number, (mel, request, shift) in enumerate(zip(mels, requests, shifts, strict=True)):
            offset = 0 if inits or self.model.spec.position_channels else beat_offset(mel, self.model.spec)
            heard = np.roll(mel, -offset, axis=1)
            if shift:
                heard = transposed(heard, self.model.spec, shift)
            if not offset:  # rolled by columns, it is no longer what the latents show
                self._canvas.remember(heard, latents[number : number + 1], shift)
            clip, score = Clip(heard, self.model.spec, request), None
            if scores is not None and not shift:  # a clip is transposed on the host
                score = Score(np.roll(scores[number], -offset, axis=0), clip.beats)
            made.append(Made(clip, score))
        return made

    def _on_host(self, mels: Tensor) -> tuple[NDArray[np.float32], NDArray[np.float16] | None]:
        """Mel magnitudes (batch, bands, columns), and scores where a scorer makes them, in one copy."""
        parts = [mels] if self._scorer is None else [mels, torch.stack([self._scorer.magnitudes(mel) for mel in mels])]
        here, *scores = to_host(*parts)
        if not np.isfinite(here).all():
            raise ModelError(f"{self.model.name}: the model gave NaN; try another prompt, seed or --device")
        return here, scores[0] if scores else None

    def _inits(self, requests: Sequence[ClipRequest]) -> list[Clip] | None:
        if not _has_init(requests[0]):
            return None
        return [convert(request.init, self.model.spec) for request in requests if request.init]

    def _wear(self, loras: tuple[tuple[str, float], ...]) -> None:
        changed = self._loras.wear(loras)
        if "text_encoder" in changed:
            self._text.forget()
        if "unet" in changed:
            self._unet = InPieces(fast_unet(self.model.unet), "U-Net", self._tell)

    def _at_home(self, request: ClipRequest) -> tuple[tuple[End, End], int]:
        """Both ends as the model is asked for them, and the semitones to the key of the one that is nearer.

        At one of them the other has no say, not even by the length of its text.
        """
        at_homes = [at_home(end.prompt, self.model.defaults.home) for end in (request.a, request.b)]
        a, b = (replace(end, prompt=text) for end, (text, _) in zip((request.a, request.b), at_homes, strict=True))
        shift = at_homes[round(request.alpha)][1]
        if request.alpha <= 0:
            return (a, a), shift
        return ((a, b) if request.alpha < 1 else (b, b)), shift

    def _sampled(
        self,
        requests: Sequence[ClipRequest],
        ends: Sequence[tuple[End, End]],
        inits: list[Clip] | None,
        shifts: Sequence[int],
        on_step: StepCallback,
    ) -> Tensor:
        """(batch, channels, rows, columns) latents."""
        model, first = self.model, requests[0]
        both = [end for pair in ends for end in pair]
        words = (embedding for end in both for embedding in (self._text.embed(end.prompt), self._unwanted(end)))
        embeddings = iter(match_lengths(*words))
        texts, negatives, noises = [], [], []
        for request, (a, b) in zip(requests, ends, strict=True):
            text_a, negative_a, text_b, negative_b = (next(embeddings) for _ in range(4))
            texts.append(lerp(text_a, text_b, request.alpha))
            negatives.append(lerp(negative_a, negative_b, request.alpha))
            noise_a, noise_b = (noise_of(end.seed, model.latent_shape) for end in (a, b))
            noises.append(slerp(noise_a, noise_b, request.alpha))
        guidance = torch.tensor([request.guidance for request in requests])[:, None, None, None]
        noise = torch.cat(noises).to(model.device)
        return sample(
            guided(self._predict, torch.cat(texts), torch.cat(negatives), guidance),
            chosen_scheduler(model.scheduler, first.sampler),
            noise,
            torch.cat([self._canvas.encoded(*pair) for pair in zip(inits, shifts, strict=True)]) if inits else None,
            model.defaults.noise(first.strength),
            first.steps,
            [pair[round(request.alpha)].seed for pair, request in zip(ends, requests, strict=True)],
            on_step,
            self._canvas.repainted(requests, shifts),
            model.defaults.solver_order,
        )

    def _unwanted(self, end: End) -> Tensor:
        """What guidance leads away from: the negative prompt and, where the model says so, what the prompt refuses."""
        negative, weight = self._text.embed(end.negative), self.model.defaults.absence_weight
        refused = absent(end.prompt) if weight else ""
        if not refused:
            return negative
        negative, away = match_lengths(negative, self._text.embed(refused))
        return lerp(negative, away, weight)

    def _predict(self, latents: Tensor, timestep: Tensor, embeddings: Tensor) -> Tensor:
        """The U-Net's answer to (batch, channels, rows, columns) latents, in float32."""
        model = self.model
        if self._position is not None:
            latents = torch.cat([latents, self._position.expand(len(latents), -1, -1, -1)], dim=1)
        dtype = model.unet.dtype
        return self._unet(latents.to(dtype), timestep, embeddings.to(dtype)).float()


def _has_init(request: ClipRequest) -> bool:
    """Whether the init clip is heard in what is made: all of it below strength 1, what a mask keeps at any."""
    part = request.mask is not None or request.repaint != WHOLE
    return request.init is not None and (request.strength < 1 or part)


def plan_of(request: ClipRequest) -> tuple[object, ...]:
    """What clips of one batch share."""
    return (request.steps, round(request.strength, 6), request.sampler, request.loras, _has_init(request))


def _position(model: Model) -> Tensor | None:
    """(1, 4, rows, columns): sine and cosine of the place in the beat, then in the clip, where the model wants them."""
    if not model.spec.position_channels:
        return None
    _, _, rows, columns = model.latent_shape
    clip = torch.arange(columns) * (2 * torch.pi / columns)
    beat = clip * model.spec.beats
    waves = torch.stack([beat.sin(), beat.cos(), clip.sin(), clip.cos()])
    return waves[None, :, None, :].expand(1, 4, rows, columns).to(model.device)
