"""The values that make a sound, apart from those that stay in the performer's hands whatever is recalled."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from riffsynth.conducting.recipe import NO_FILE
from riffsynth.parameters import BOTH_ENDS, TABLE, Acts, Value
from riffsynth.recall.preset import FILES, Preset

State = Mapping[str, Value]
"""Values by the parameters' names; those of both ends are given for each end."""

_KEPT = ("level", "mute", *BOTH_ENDS)

SOUND: dict[str, Value] = {
    parameter.name: parameter.default
    for parameter in TABLE
    if (parameter.acts in (Acts.NOW, Acts.CLIP, Acts.BOTH) and parameter.name not in _KEPT)
    or parameter.name in ("quantize", "quantize_to", "crossfade", "notes")
}
"""Everything that shapes the sound, and what keys do to it, with its default. Time, level and mute are not in it."""


class Values(Protocol):
    """Read access to the parameters' current values by name."""

    def get(self, name: str) -> Value: ...


def state_of(preset: Preset) -> State:
    """What loading `preset` sets: all it names, and the default of what shapes the sound and is not named.

    So a preset sounds the same whatever was played before it. Files are named by their whole paths.
    """
    both = {f"{end}.{name}": preset.values[name] for name in BOTH_ENDS if name in preset.values for end in "ab"}
    named = {name: value for name, value in preset.values.items() if name not in BOTH_ENDS}
    state = {**SOUND, **both, **named}
    for name in FILES:
        if state[name] not in NO_FILE:
            state[name] = str((preset.folder or Path()) / Path(str(state[name])).expanduser())
    return state


def captured(values: Values) -> dict[str, Value]:
    """What shapes the sound, as it stands."""
    return {name: values.get(name) for name in SOUND}
