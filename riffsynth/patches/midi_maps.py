"""Presets' `midi:` lists for controllers as they leave the factory.

Where each number comes from stands in the file that is made of it. The strips of all of them follow one plan, so that
a performer who changes the controller finds things again: the crossing of the ends under the best fader, then the
ends' strength and guidance, then what bends the sound.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from riffsynth.parameters import PARAMETERS, Kind, Parameter

FADERS = ("alpha", "a.strength", "b.strength", "a.guidance", "b.guidance", "speed", "pitch", "level")
KNOBS = ("tempo", "quantize", "crossfade", "loop_beats", "morph", "morph_beats", "strength", "guidance")
SWITCHES = ("mute", "freeze", "reverse", "drift")
TRIGGERS = ("play", "stop", "tap")
"""Panic stands apart from them on every map: a hand that taps must not hit it."""
SET = ("previous", "next", "undo", "redo")

RANGES = {
    "tempo": (60, 180),
    "speed": (0, 2),
    "pitch": (-12, 12),
    "level": (-40, 6),
    "quantize": (0, 16),
    "crossfade": (0, 8),
    "morph": (0, 7),
    "morph_beats": (0, 32),
    "guidance": (0, 10),
    "a.guidance": (0, 10),
    "b.guidance": (0, 10),
}
"""The part of a range that a stage needs: 128 steps are too few for all of it."""


@dataclass(frozen=True, slots=True)
class Control:
    """One binding of a map: `settings` are the keys of a preset's MIDI entry, in the order they are written."""

    to: str
    settings: tuple[tuple[str, object], ...]
    where: str = ""
    """What the performer reads on the device."""


@dataclass(frozen=True, slots=True)
class Controller:
    """A device: its name as its MIDI port has it, and its controls in factory settings."""

    file: str
    title: str
    device: str
    source: str
    setting: str
    """What must be set on the device, in a sentence."""
    controls: tuple[Control, ...] = field(default=())


def fragment(controller: Controller, table: Sequence[Parameter]) -> str:
    """The YAML text: a preset with nothing but a `midi:` list, or the list to copy into another."""
    mapped = {control.to for control in controller.controls}
    rest = [parameter.name for parameter in table if parameter.name not in mapped]
    lines = [
        f"# {controller.title}. Made by `riffsynth patches`: copy the list into a preset of yours and change it there.",
        f"# {controller.setting}",
        f"# Source of the numbers: {controller.source}",
        "# Without a control here, to be added by hand or by MIDI learn:",
        *(f"#   {line}" for line in _wrapped(rest)),
        "midi:",
    ]
    for control in controller.controls:
        settings = [*control.settings, ("device", controller.device), ("to", control.to)]
        if control.to in RANGES and _continuous(control):
            low, high = RANGES[control.to]
            settings.append(("range", f"[{low}, {high}]"))
        entry = ", ".join(f"{key}: {_scalar(value)}" for key, value in settings)
        lines.append(f"  - {{{entry}}}" + (f"  # {control.where}" if control.where else ""))
    return "\n".join(lines) + "\n"


def _continuous(control: Control) -> bool:
    return PARAMETERS[control.to].kind in (Kind.FLOAT, Kind.INT)


def _scalar(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _wrapped(words: Iterable[str], width: int = 100) -> Iterator[str]:
    line = ""
    for word in words:
        if line and len(line) + len(word) + 2 > width:
            yield line + ","
            line = ""
        line = f"{line}, {word}" if line else word
    if line:
        yield line


def _row(kind: str, numbers: Iterable[int], names: Iterable[str], where: str, **settings: object) -> list[Control]:
    """Controls side by side, from the left; of the longer list the rest stays free."""
    pairs = zip(numbers, names, strict=False)
    return [
        Control(name, ((kind, at), *settings.items()), f"{where} {index}") for index, (at, name) in enumerate(pairs, 1)
    ]


def _numbered(kind: str, numbers: Iterable[int], to: str, where: str, **settings: object) -> list[Control]:
    """Buttons side by side that set `to` to 1, 2 and so on."""
    return [
        Control(to, ((kind, at), *settings.items(), ("value", f'"{number}"')), f"{where} {number}")
        for number, at in enumerate(numbers, 1)
    ]


def _one(kind: str, at: int, to: str, where: str, **settings: object) -> Control:
    return Control(to, ((kind, at), *settings.items()), where)


NANOKONTROL2 = Controller(
    file="nanokontrol2.yaml",
    title="KORG nanoKONTROL2",
    device="nanoKONTROL2",
    source="nanoKontrol2.h of github.com/kripton/jukuzregie; notes.zatvia.com, Korg nano2 notes (CC mode).",
    setting="CC mode: hold SET and CYCLE while plugging it in. Channel 1, as from the factory.",
    controls=(
        *_row("cc", range(0, 8), FADERS, "slider", channel=1),
        *_row("cc", range(16, 24), KNOBS, "knob", channel=1),
        *_row("cc", range(48, 56), SWITCHES, "M", channel=1, mode="toggle"),
        _one("cc", 41, "play", "play", channel=1),
        _one("cc", 42, "stop", "stop", channel=1),
        _one("cc", 46, "tap", "cycle", channel=1),
        _one("cc", 60, "panic", "marker set", channel=1),
        *_row("cc", (58, 59, 61, 62), SET, "track and marker arrow", channel=1),
        *_numbered("cc", range(32, 40), "snapshot", "S", channel=1),
        *_numbered("cc", range(64, 72), "snapshot_store", "R", channel=1),
    ),
)

APC40_MKII = Controller(
    file="apc40-mkii.yaml",
    title="Akai APC40 mkII",
    device="APC40 mkII",
    source="Akai, APC40 Mk2 Communications Protocol 1.2, generic mode; APC40Mk2.java of LX (Heron Arts).",
    setting="Nothing is to be set: generic mode, as it starts. The rings of the track knobs follow.",
    controls=(
        _one("cc", 15, "alpha", "crossfader"),
        *(_one("cc", 7, name, f"track fader {track}", channel=track) for track, name in enumerate(FADERS[1:7], 1)),
        _one("cc", 14, "level", "master fader"),
        *_row("cc", range(48, 56), KNOBS, "track knob", channel=1, feedback=True),
        *(
            _one("note", 50, name, f"activator {track}", channel=track, mode="gate", feedback=True)
            for track, name in enumerate(SWITCHES, 1)
        ),
        _one("note", 91, "play", "play"),
        _one("note", 81, "stop", "stop all clips"),
        _one("note", 99, "tap", "tap tempo"),
        _one("note", 103, "panic", "bank"),
        *_row("note", (97, 96, 95, 94), SET, "bank arrow: left, right, down, up", channel=1),
        *_numbered("note", range(0, 8), "snapshot", "bottom row of clips", channel=1),
        *_numbered("note", range(8, 16), "snapshot_store", "second row of clips", channel=1),
    ),
)

LAUNCH_CONTROL_XL = Controller(
    file="launch-control-xl.yaml",
    title="Novation Launch Control XL (mk1 and mk2)",
    device="Launch Control XL",
    source="LaunchControlXL.js of github.com/asktree/megadrome; channel 9 as VCV modules for template 1 have it.",
    setting="Factory template 1: hold FACTORY and press the first track button.",
    controls=(
        *_row("cc", range(77, 85), FADERS, "fader", channel=9),
        *_row("cc", range(13, 21), KNOBS, "send A knob", channel=9),
        *_row("cc", range(29, 31), ("a.seed", "b.seed"), "send B knob", channel=9, range="[0, 127]"),
        *_row("note", (41, 42, 43, 44), SWITCHES, "track focus", channel=9, mode="toggle"),
        *_row("note", (73, 74, 75), TRIGGERS, "track control", channel=9),
        _one("note", 92, "panic", "track control 8", channel=9),
        *_row("cc", (106, 107, 105, 104), SET, "arrow: track left, track right, send down, send up", channel=9),
        *_numbered("note", range(57, 61), "snapshot", "track focus 5 to 8: snapshot", channel=9),
        *_numbered("note", (76, 89, 90, 91), "snapshot_store", "track control 4 to 7: snapshot", channel=9),
    ),
)

X_TOUCH_MINI = Controller(
    file="x-touch-mini.yaml",
    title="Behringer X-Touch Mini",
    device="X-TOUCH MINI",
    source="a MIDI-OX recording of factory settings; LEDs from Behringer's RX MIDI data (manuals.plus).",
    setting="Standard mode (MC off), layer A. The encoders count by themselves, and their rings follow.",
    controls=(
        *_row("cc", range(1, 9), ("alpha", *FADERS[1:7], "tempo"), "encoder", channel=11, feedback=True),
        _one("cc", 9, "level", "fader", channel=11),
        *_row("note", range(8, 12), SWITCHES, "upper button", channel=11, mode="toggle"),
        *_row("note", range(16, 19), TRIGGERS, "lower button", channel=11),
        _one("note", 23, "panic", "lower button 8", channel=11),
        *_row("note", range(19, 23), SET, "lower button 4 to 7:", channel=11),
        *_numbered("note", range(12, 16), "snapshot", "upper button 5 to 8: snapshot", channel=11),
        *_numbered("note", range(4, 8), "snapshot_store", "press encoder 5 to 8: snapshot", channel=11),
    ),
)

TWISTER = Controller(
    file="midi-fighter-twister.yaml",
    title="DJ TechTools Midi Fighter Twister",
    device="Midi Fighter Twister",
    source="DJ TechTools, Midi Fighter Twister user guide 1.04 (which counts channels from 0).",
    setting="Bank 1. Encoders send on channel 1 and their switches on channel 2; the rings follow.",
    controls=(
        *_row("cc", range(0, 16), (*FADERS, *KNOBS), "encoder", channel=1, feedback=True),
        *_row("cc", range(0, 4), SWITCHES, "press encoder", channel=2, mode="toggle", feedback=True),
        _one("cc", 8, "tap", "press encoder 9", channel=2),
        _one("cc", 12, "play", "press encoder 13", channel=2),
        _one("cc", 13, "stop", "press encoder 14", channel=2),
        _one("cc", 15, "panic", "press encoder 16", channel=2),
        *_row("cc", (9, 10, 11, 14), SET, "press encoder 10, 11, 12, 15:", channel=2),
        *_numbered("cc", range(4, 8), "snapshot", "press encoder 5 to 8: snapshot", channel=2),
    ),
)

CONTROLLERS = (NANOKONTROL2, APC40_MKII, LAUNCH_CONTROL_XL, X_TOUCH_MINI, TWISTER)
