"""`riffsynth remake`: audio to audio, a sound file of any length played anew by the model."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from riffsynth.errors import RiffsynthError
from riffsynth.status.terminal import Terminal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from riffsynth.diffusion.model import Model
    from riffsynth.spectrogram.clip import Clip

SAMPLE_RATE = 44100


def run(options: argparse.Namespace) -> int:
    """Raises RiffsynthError for what cannot be read, made or written."""
    import numpy as np

    from riffsynth.diffusion.generator import Generator
    from riffsynth.diffusion.loading import load_model
    from riffsynth.diffusion.remaking import remade
    from riffsynth.diffusion.request import ClipRequest, End
    from riffsynth.embedded import model_folder
    from riffsynth.files.clips import read_audio
    from riffsynth.files.sounds import limited, write_sound
    from riffsynth.spectrogram.clip import Clip
    from riffsynth.spectrogram.grid import SynthesisGrid
    from riffsynth.spectrogram.inversion import score_of
    from riffsynth.spectrogram.looping import long_sound
    from riffsynth.spectrogram.loudness import common_gain

    if not 0 <= options.strength <= 1:
        raise RiffsynthError(f"--strength is a number 0..1, found {options.strength:g}")
    audio, rate = read_audio(options.source)
    terminal = Terminal(options.quiet)
    model = load_model(
        options.model or model_folder(),
        options.device,
        lambda part, text: terminal.progress(f"loading {text}", part),
        options.decoder,
    )
    whole, column_s = _measured(audio, rate, options, model)
    guidance = model.defaults.guidance if options.guidance is None else options.guidance
    a = End(options.prompt, options.negative, options.seed, options.strength, guidance)
    b = a if options.to is None else End(options.to, options.negative, options.seed, options.strength, guidance)
    request = ClipRequest(0, a, b, steps=options.steps or model.defaults.steps)
    grid = SynthesisGrid.for_rate(SAMPLE_RATE)

    def told(done: int, clips: int) -> None:
        terminal.progress(f"clip {done} of {clips}", min(0.999, done / clips))

    def clips() -> Iterator[Clip]:
        for mel in remade(Generator(model, terminal.warn), whole.mel, request, options.to is not None, told):
            yield Clip(np.ascontiguousarray(mel), model.spec.with_columns(mel.shape[1]))

    scores = [score_of(clip, grid) for clip in clips()]
    sound = np.concatenate(list(long_sound(scores, grid, 1.0 / column_s)))
    write_sound(options.output, limited(sound * np.float32(common_gain(scores, grid))), SAMPLE_RATE)
    terminal.progress(f"{options.output}: {sound.size / SAMPLE_RATE:.1f} s", 1.0)
    terminal.close()
    return 0


def _measured(audio: NDArray[np.float32], rate: int, options: argparse.Namespace, model: Model) -> tuple[Clip, float]:
    """All of the file as the model measures, and how long a column lasts in seconds."""
    from riffsynth.files.sounds import DEFAULT_TEMPO
    from riffsynth.spectrogram.analysis import analyse_loop
    from riffsynth.spectrogram.clip import Clip
    from riffsynth.spectrogram.tempo import find_beats, named_tempo

    step_s = model.spec.seconds_per_column
    if step_s is None:  # its columns are counted in beats: the file's own
        beats = None if options.tempo else find_beats(audio, rate, named_tempo(options.source.stem))
        tempo = options.tempo or (beats.tempo if beats else DEFAULT_TEMPO)
        step_s = 60.0 / tempo / model.spec.columns_per_beat
    columns = round(audio.size / rate / step_s)
    if columns < 1:
        raise RiffsynthError(f"{options.source}: {audio.size} samples are too short")
    wide = model.spec.with_columns(columns)
    return Clip(analyse_loop(audio, rate, wide), wide), audio.size / rate / columns
