"""`riffsynth generate`: clips from prompts, ranges of seeds and lists, into image and sound files."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riffsynth.errors import RiffsynthError, told
from riffsynth.files.clip_lists import ListError, Wanted, file_names, read_list, seeds
from riffsynth.status.terminal import Terminal

if TYPE_CHECKING:
    from riffsynth.diffusion.model import Model
    from riffsynth.diffusion.request import ClipRequest

EXIT_SOME_FAILED = 2


def run(options: argparse.Namespace) -> int:
    """0 when every clip was made, 2 when some could not be; each of those is told in a line."""
    wanted = [*(read_list(options.list_file) if options.list_file else []), *_from_arguments(options)]
    if not wanted:
        raise ListError("a prompt or --list FILE is needed")
    options.output.mkdir(parents=True, exist_ok=True)
    terminal = Terminal(options.quiet)

    from riffsynth.diffusion.generator import Generator
    from riffsynth.diffusion.loading import load_model
    from riffsynth.embedded import model_folder

    model = load_model(
        options.model or model_folder(),
        options.device,
        lambda part, text: terminal.progress(f"loading {text}", part),
        options.decoder,
    )
    terminal.progress("loaded", 1.0)
    generator = Generator(model, terminal.warn)
    named = list(file_names(wanted))
    requests: list[tuple[ClipRequest, str]] = []
    failed = 0
    for number, (entry, seed, name) in enumerate(named):
        try:
            requests.append((_request(number, entry, seed, model), name))
        except (RiffsynthError, OSError) as error:
            failed += 1
            terminal.warn(told(error))
    done = 0
    for batch in _batches(requests, options.batch):
        terminal.progress(f"{batch[0][1]}", done / len(named))
        try:
            for clip, (_, name) in zip(generator.generate_all([r for r, _ in batch]), batch, strict=True):
                _write(clip, options.output / name, options.sound, options.tempo)
        except (RiffsynthError, OSError) as error:
            failed += len(batch)
            terminal.warn(told(error))
        done += len(batch)
    terminal.progress(f"{len(named) - failed} of {len(named)} clips made", 1.0)
    terminal.close()
    return EXIT_SOME_FAILED if failed else 0


def _from_arguments(options: argparse.Namespace) -> Iterator[Wanted]:
    for name in ("alpha", "strength"):
        number = getattr(options, name)
        if number is not None and not 0 <= number <= 1:
            raise ListError(f"--{name} is a number 0..1, found {number:g}")
    for prompt in options.prompts:
        yield Wanted(
            prompt,
            options.negative,
            seeds(options.seeds),
            options.to,
            options.alpha,
            options.strength,
            options.guidance,
            options.steps,
            options.init,
            options.mask,
            options.sampler,
            dict(_lora(text) for text in options.lora),
        )


def _lora(text: str) -> tuple[str, float]:
    file, equals, weight = text.rpartition("=")
    if not equals:
        return text, 1.0
    try:
        return file, float(weight)
    except ValueError:
        raise ListError(f"--lora is FILE or FILE=WEIGHT, found {text!r}") from None


def _request(number: int, wanted: Wanted, seed: int, model: Model) -> ClipRequest:
    from riffsynth.diffusion.request import ClipRequest, End
    from riffsynth.files.clips import read_clip
    from riffsynth.spectrogram.mask import read_mask

    guidance = model.defaults.guidance if wanted.guidance is None else wanted.guidance
    strength = model.defaults.strength if wanted.strength is None else wanted.strength
    a = End(wanted.prompt, wanted.negative, seed, strength, guidance)
    b = End(wanted.prompt if wanted.to is None else wanted.to, wanted.negative, seed, strength, guidance)
    return ClipRequest(
        number,
        a,
        b,
        wanted.alpha,
        wanted.steps or model.defaults.steps,
        read_clip(Path(wanted.init), model.spec) if wanted.init else None,
        read_mask(Path(wanted.mask)) if wanted.mask else None,
        sampler=wanted.sampler,
        loras=tuple(wanted.loras.items()),
    )


def _batches(requests: Iterable[tuple[ClipRequest, str]], most: int) -> Iterator[list[tuple[ClipRequest, str]]]:
    """Neighbours that may share a batch, at most so many at a time."""
    from riffsynth.diffusion.generator import plan_of

    for _, run_of in groupby(requests, key=lambda each: plan_of(each[0])):
        whole = list(run_of)
        yield from (whole[start : start + most] for start in range(0, len(whole), most))


def _write(clip: Any, stem: Path, sound: str, tempo: float | None) -> None:
    from riffsynth.files.sounds import clip_sound, write_sound
    from riffsynth.spectrogram.image import write_image

    write_image(clip, stem.with_name(stem.name + ".png"))
    write_sound(stem.with_name(stem.name + sound), clip_sound(clip, tempo=tempo), 44100)
