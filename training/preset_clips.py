"""The first clip of each preset: what its end A sounds like, made by the embedded model and kept as an image beside it.

python -m training.preset_clips [PRESET ...]
"""

from __future__ import annotations

import sys

from riffsynth.diffusion.generator import Generator
from riffsynth.diffusion.loading import load_model
from riffsynth.diffusion.request import ClipRequest, End
from riffsynth.embedded import model_folder
from riffsynth.recall.preset import load_preset, presets
from riffsynth.recall.state import state_of
from riffsynth.spectrogram.image import write_image


def main(names: list[str]) -> None:
    """Writes `NAME.png` beside each preset that names it as its clip."""
    generator = Generator(load_model(model_folder()))
    for name, path in presets().items():
        clip_file = path.with_suffix(".png")
        if names and name not in names:
            continue
        if not clip_file.exists():
            clip_file.touch()  # a preset whose clip is missing would not load
        preset = load_preset(path)
        if preset.clip != clip_file:
            continue
        state = state_of(preset)
        values = {name: state[f"a.{name}"] for name in ("prompt", "negative", "seed", "guidance")}
        end = End(**values)
        clip = generator.generate(ClipRequest(0, end, end, steps=generator.model.defaults.steps))
        write_image(clip, clip_file)
        print(f"{clip_file}: {end.prompt!r}, seed {end.seed}")


if __name__ == "__main__":
    main(sys.argv[1:])
