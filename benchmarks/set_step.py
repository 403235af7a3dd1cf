"""From the OSC packet that goes on in the set to the moment when the next preset's clip begins to enter.

`riffsynth play` runs as a process on the null output, which keeps real time; its log tells when each deck entered. With
`--set` the model, which has time to spare, has made the next preset's clip beforehand; the same presets opened by name,
without a set, show what it takes otherwise.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from measuring.performance import Performance, Take

from riffsynth.playback.messages import Enter

PRESET = 'a: {{prompt: "{}", seed: 3}}\ntempo: 120\nquantize: 0\ncrossfade: 0.25\n'
PROMPTS = ("warm pad", "solo piano", "techno drums", "slap bass solo", "flute melody", "string orchestra")
SETTLED_S = 4.0


def run() -> dict[str, Any]:
    """Medians and the worst in ms, in a set and by name."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        presets = [folder / f"{i}.yaml" for i in range(len(PROMPTS))]
        for path, prompt in zip(presets, PROMPTS, strict=True):
            path.write_text(PRESET.format(prompt))
        (folder / "set.yaml").write_text("".join(f"- {path.name}\n" for path in presets))
        in_a_set = _steps(folder, presets, True)
        by_name = _steps(folder, presets, False)
    return {
        "in_a_set_ms": statistics.median(in_a_set),
        "in_a_set_worst_ms": max(in_a_set),
        "by_name_ms": statistics.median(by_name),
        "by_name_worst_ms": max(by_name),
    }


def _steps(folder: Path, presets: list[Path], in_a_set: bool) -> list[float]:
    stage = Performance(folder, presets[0], *(("--set", str(folder / "set.yaml")) if in_a_set else ()))
    stage.wait(clips=1)
    sent = []
    for preset in presets[1:]:
        time.sleep(SETTLED_S)
        sent.append(stage.send("next", 1) if in_a_set else stage.send("preset", str(preset)))
    time.sleep(SETTLED_S)
    take = stage.stop()
    return [1000 * (_entered(take, packet) - packet) for packet in sent]


def _entered(take: Take, sent: float) -> float:
    return next(
        take.time_of(block)
        for block, message in take.messages
        if isinstance(message, Enter) and take.time_of(block) > sent
    )
