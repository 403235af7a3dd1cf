"""What the command line asks of a performance or a rendering, as values."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TypeVar

from riffsynth.parameters import Value

DEFAULT_OSC_PORT = 9000
DEFAULT_WEB_PORT = 9080
DEFAULT_PRESET = "first-light"

Options = TypeVar("Options")


def taken(kind: type[Options], arguments: argparse.Namespace) -> Options:
    """The options of one kind out of the parsed arguments, which have the same names."""
    values = {field.name: getattr(arguments, field.name) for field in fields(kind)}  # type: ignore[arg-type]
    return kind(**values)


@dataclass(frozen=True, slots=True)
class PlayOptions:
    """`riffsynth play`."""

    preset: str = DEFAULT_PRESET
    setlist: str | None = None
    """A folder of presets or a YAML list of them; the preset's own folder where it is None."""
    audio: str | None = None
    """A device's name or part of it, `null`, or None for the system's default."""
    input: str | None = None
    """An input's name or part of it, or None for the system's default; opened when `init` is `input`."""
    channels: int = 2
    latency_ms: float | None = None
    record: Path | None = None
    flac: bool = False
    """A FLAC file beside each recording, when it is over."""
    log: Path | None = None
    session: Path | None = None
    """Every event that reaches the instrument; the player's log is written beside it."""
    duration_s: float | None = None
    model: str | None = None
    device: str = "auto"
    decoder: str | None = None
    """The folder of a small decoder, or None for the model's own."""
    workers: str | None = None
    """The address of `riffsynth serve` on another machine."""
    token: str | None = None
    osc_host: str = "127.0.0.1"
    osc_port: int = DEFAULT_OSC_PORT
    web_host: str = "127.0.0.1"
    web_port: int | None = DEFAULT_WEB_PORT
    """0 takes a free one; None is no page."""
    midi: tuple[str, ...] = ()
    clock: str | None = None
    clock_in: str | None = None
    """Part of the name of the MIDI clock to follow."""
    clock_out: str | None = None
    """Part of the name of the MIDI output that gets our clock, or `virtual`."""
    clock_offset: float | None = None
    tempo: float | None = None
    seed: int | None = None
    quiet: bool = False

    def overrides(self) -> dict[str, Value]:
        """Values of parameters that count instead of the preset's."""
        return _given(
            self.seed,
            tempo=self.tempo,
            clock=self.clock or (self.clock_in and "midi"),
            clock_in=self.clock_in,
            setlist=self.setlist,
            clock_offset=self.clock_offset,
        )


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """`riffsynth render`."""

    preset: str
    output: Path
    bars: int | None = None
    """How much of it; None is the length of the MIDI file."""
    midi: Path | None = None
    """A MIDI file as the performer."""
    tempo: float | None = None
    model: str | None = None
    device: str = "auto"
    decoder: str | None = None
    sample_rate: int = 44100
    seed: int | None = None
    generation_s: float = 0.5
    """What a generation takes in virtual time."""

    def overrides(self) -> dict[str, Value]:
        """Values of parameters that count instead of the preset's."""
        return _given(self.seed, tempo=self.tempo, clock="internal")


def _given(seed: int | None, **named: Value | None) -> dict[str, Value]:
    """What was said on the command line; a seed is that of both ends."""
    values = {**named, "a.seed": seed, "b.seed": seed}
    return {name: value for name, value in values.items() if value is not None}
