"""From the command to the first sound, and to the first clip that the model made."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from measuring.performance import Performance

from riffsynth.playback.messages import Enter

AUDIBLE = 1e-3
"""-60 dB full scale."""


def run() -> dict[str, Any]:
    """Seconds after the process was started: `first_sound_s`, `first_clip_s` (the presets's default one)."""
    from riffsynth.performance.options import DEFAULT_PRESET
    from riffsynth.recall.preset import find_preset

    preset = find_preset(DEFAULT_PRESET)
    with tempfile.TemporaryDirectory() as folder:
        stage = Performance(Path(folder), preset)
        stage.wait(clips=1)
        take = stage.stop()
    sound = np.abs(take.sound())
    enters = [block for block, message in take.messages if isinstance(message, Enter)]
    return {
        "first_sound_s": take.start + float(np.argmax(sound > AUDIBLE)) / take.rate - stage.started,
        "first_clip_s": take.time_of(enters[1] if len(enters) > 1 else enters[0]) - stage.started,
    }
