"""`riffsynth convert`: spectrogram images to sound and sound to spectrogram images, files and folders of them."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from riffsynth.errors import RiffsynthError, told
from riffsynth.status.terminal import Terminal

if TYPE_CHECKING:
    from riffsynth.spectrogram.clip import Clip

EXIT_SOME_FAILED = 2
TO_IMAGE, TO_SOUND = ".png", ".wav"


def run(options: argparse.Namespace) -> int:
    """0 when all files were converted, 2 when some could not be; each of those is told in a line."""
    work = list(planned(options.sources, options.output, options.to))
    terminal = Terminal(options.quiet)
    failed = 0
    for number, (source, target) in enumerate(work):
        terminal.progress(f"{source.name} to {target.name}", number / len(work))
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            convert_file(source, target, options.loop, options.tempo, options.sample_rate, options.seed, options.stereo)
        except (RiffsynthError, OSError) as error:
            failed += 1
            terminal.warn(told(error))
    terminal.progress(f"{len(work) - failed} of {len(work)} files converted", 1.0)
    terminal.close()
    return EXIT_SOME_FAILED if failed else 0


def planned(sources: list[Path], output: Path | None, ending: str | None) -> Iterator[tuple[Path, Path]]:
    """Each source file with the file it becomes. Folders are gone through; what is neither image nor sound is not.

    Raises RiffsynthError where there is nothing to do, or where `output` would have to be two things.
    """
    from riffsynth.files.clips import IMAGE_SUFFIXES, SOUND_SUFFIXES

    found: list[tuple[Path, Path]] = []
    for source in sources:
        if source.is_dir():
            inside = (path for path in sorted(source.rglob("*")) if path.is_file())
            known = (path for path in inside if path.suffix.lower() in (*IMAGE_SUFFIXES, *SOUND_SUFFIXES))
            found += [(path, path.relative_to(source)) for path in known]
        elif source.exists():
            found.append((source, Path(source.name)))
        else:
            raise RiffsynthError(f"{source}: there is no such file or folder")
    if not found:
        raise RiffsynthError("there is no image and no sound file in what was named")
    one_file = output is not None and output.suffix.lower() in (*IMAGE_SUFFIXES, *SOUND_SUFFIXES)
    if one_file and len(found) > 1:
        raise RiffsynthError(f"{output}: {len(found)} files cannot become one; name a folder")
    for path, relative in found:
        if one_file and output:
            yield path, output
            continue
        suffix = ending or (TO_SOUND if path.suffix.lower() in IMAGE_SUFFIXES else TO_IMAGE)
        folder = path.parent if output is None else (output / relative).parent
        yield path, folder / (path.stem + suffix)


def convert_file(
    source: Path,
    target: Path,
    loop: bool = False,
    tempo: float | None = None,
    sample_rate: int = 44100,
    seed: int = 0,
    stereo: bool = False,
) -> None:
    """A stereo image becomes stereo sound, and sound a stereo image where `stereo` asks for one.

    Raises RiffsynthError or OSError, in one line that names the file.
    """
    from riffsynth.files.clips import IMAGE_SUFFIXES, read_sound, read_stereo, read_whole
    from riffsynth.files.sounds import channels_sound, write_sound
    from riffsynth.spectrogram.image import read_channels, write_image
    from riffsynth.spectrogram.spec import RIFFUSION

    if source.resolve() == target.resolve():
        raise RiffsynthError(f"{source}: would be written over by itself")
    clips: tuple[Clip, ...]
    if source.suffix.lower() in IMAGE_SUFFIXES:
        clips = read_channels(source)
    elif stereo:
        clips = read_stereo(source, RIFFUSION, loop)
    else:
        clips = ((read_sound if loop else read_whole)(source, RIFFUSION),)
    if target.suffix.lower() in IMAGE_SUFFIXES:
        left, *right = _uncut(clips)
        write_image(left, target, *right)
    else:
        write_sound(target, channels_sound(clips, sample_rate, tempo, seed), sample_rate)


def _uncut(clips: tuple[Clip, ...]) -> tuple[Clip, ...]:
    """The same, measured so that the loudest is within what an image can hold: its settings and tags say how."""
    full_scale = max(clips[0].spec.full_scale, *(float(clip.mel.max()) for clip in clips))
    return tuple(replace(clip, spec=replace(clip.spec, full_scale=full_scale)) for clip in clips)
