"""The one table of everything a performer can move.

OSC addresses, MIDI mapping, preset keys and the reference are derived from it: adding a parameter is one row here and
the code that reads it.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import Enum
from typing import Any

from riffsynth.errors import RiffsynthError
from riffsynth.timing.musical import BY_BEATS, QUANTIZE

Value = float | int | bool | str

SEED_MAX = 2**32 - 1
TEXT_MAX = 4000
"""Characters of a text; a prompt is far shorter, and an answer must fit into a packet."""


class Kind(Enum):
    FLOAT = "float"
    INT = "int"
    BOOL = "bool"
    TEXT = "text"
    CHOICE = "choice"
    TRIGGER = "trigger"
    """Carries no lasting value: something happens when it arrives."""


class Acts(Enum):
    """When a new value is heard."""

    NOW = "now"
    CLIP = "next clip"
    BOTH = "now, and with the next clip"
    TIME = "clock"
    INSTRUMENT = "instrument"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row: what a value may be, what it means and when it is heard."""

    name: str
    """Dots between parts; OSC has slashes in their place."""
    kind: Kind
    description: str
    default: Value = 0.0
    minimum: float = -math.inf
    maximum: float = math.inf
    unit: str = ""
    acts: Acts = Acts.NOW
    choices: tuple[str, ...] = ()
    curve: str = "linear"
    """How 0..1 of a knob covers the range: `linear` or `exponential`."""
    smoothing_s: float = 0.0
    """Time over which the player glides to a new value, so that no step is heard."""

    @property
    def osc_address(self) -> str:
        return "/riffsynth/" + self.name.replace(".", "/")

    @property
    def norm_address(self) -> str | None:
        """The OSC address of the twin that counts in 0..1; None where there is no range."""
        if self.bounded or self.kind in (Kind.BOOL, Kind.CHOICE):
            return "/riffsynth/norm/" + self.name.replace(".", "/")
        return None

    @property
    def bounded(self) -> bool:
        return math.isfinite(self.minimum) and math.isfinite(self.maximum)

    def from_unit(self, position: float) -> Value:
        """The value at `position` 0..1 of a knob. Positions outside are held at the ends."""
        position = min(1.0, max(0.0, position))
        if self.kind is Kind.BOOL:
            return position >= 0.5
        if self.kind is Kind.CHOICE:
            return self.choices[min(len(self.choices) - 1, int(position * len(self.choices)))]
        if self.curve == "exponential":
            value = self.minimum * (self.maximum / self.minimum) ** position
        else:
            value = self.minimum + position * (self.maximum - self.minimum)
        return round(value) if self.kind is Kind.INT else value

    def to_unit(self, value: Value) -> float:
        """The knob position 0..1 of a value in range: the inverse of `from_unit`."""
        if self.kind is Kind.BOOL:
            return float(bool(value))
        if self.kind is Kind.CHOICE:
            return self.choices.index(str(value)) / max(1, len(self.choices) - 1)
        number = float(value)
        if self.curve == "exponential":
            return math.log(number / self.minimum) / math.log(self.maximum / self.minimum)
        return (number - self.minimum) / (self.maximum - self.minimum)


# fmt: off
def _end(letter: str) -> tuple[Parameter, ...]:
    end = f"of end {letter.upper()}"
    return (
        Parameter(f"{letter}.prompt", Kind.TEXT, f"The prompt {end}.", "", acts=Acts.CLIP),
        Parameter(f"{letter}.negative", Kind.TEXT, f"What must not be heard: the negative prompt {end}.", "", acts=Acts.CLIP),
        Parameter(f"{letter}.seed", Kind.INT, f"The seed {end}: same seed, same noise.", 0, 0, SEED_MAX, acts=Acts.CLIP),
        Parameter(f"{letter}.strength", Kind.FLOAT, f"Denoising strength {end}: 0 leaves the init clip, 1 starts from noise.", 1.0, 0.0, 1.0, acts=Acts.CLIP),
        Parameter(f"{letter}.guidance", Kind.FLOAT, f"How strictly clips follow the prompt {end}.", 3.0, 0.0, 20.0, acts=Acts.CLIP),
    )


def _lora(number: int) -> tuple[Parameter, ...]:
    return (
        Parameter(f"lora{number}", Kind.TEXT, "A LoRA that is added to the model: none, or a .safetensors file.", "none", acts=Acts.CLIP),
        Parameter(f"lora{number}_weight", Kind.FLOAT, f"How much of LoRA {number} is added; 0 is none of it.", 1.0, -2.0, 2.0, acts=Acts.CLIP),
    )


TABLE: tuple[Parameter, ...] = (
    *_end("a"),
    *_end("b"),
    Parameter("alpha", Kind.FLOAT, "The way from end A (0) to end B (1).", 0.0, 0.0, 1.0, acts=Acts.BOTH, smoothing_s=0.02),
    Parameter("strength", Kind.FLOAT, "Sets the strength of both ends; asked, it answers the value at alpha.", 1.0, 0.0, 1.0, acts=Acts.CLIP),
    Parameter("guidance", Kind.FLOAT, "Sets the guidance of both ends; asked, it answers the value at alpha.", 3.0, 0.0, 20.0, acts=Acts.CLIP),
    Parameter("steps", Kind.INT, "Diffusion steps a clip; 0 chooses as many as reach the next boundary.", 0, 0, 100, acts=Acts.CLIP),
    Parameter("harmony", Kind.TEXT, "Added to both prompts, such as C minor; held chords set it where notes is harmony.", "", acts=Acts.CLIP),
    Parameter("init", Kind.TEXT, "The clip that strength works against: none, playing, input, or a sound or image file, or a folder of them.", "none", acts=Acts.CLIP),
    Parameter("init_number", Kind.INT, "Which file of the init folder, by name; past the last one it begins again.", 0, 0, 999, acts=Acts.CLIP),
    Parameter("mask", Kind.TEXT, "What of the init clip is painted anew: none (all of it), or an image file, white where it is.", "none", acts=Acts.CLIP),
    Parameter("sampler", Kind.CHOICE, "The way of the steps: the model's own, or another; lcm is for few-step LoRAs.", "own", acts=Acts.CLIP, choices=("own", "ddim", "euler", "dpm", "lcm")),
    *_lora(1),
    *_lora(2),
    *_lora(3),
    Parameter("endless", Kind.BOOL, "Music that never repeats: while one half of the clip plays, the other is painted on.", False, acts=Acts.CLIP),
    Parameter("quantize", Kind.FLOAT, "New clips enter at multiples of this many beats; 0 at once.", 4.0, 0.0, 64.0, "beats", Acts.INSTRUMENT),
    Parameter("quantize_to", Kind.CHOICE, "Sets quantize in beats or bars of the meter, and follows it; beats leaves it to quantize.", BY_BEATS, acts=Acts.INSTRUMENT, choices=(BY_BEATS, *QUANTIZE)),
    Parameter("crossfade", Kind.FLOAT, "Length of the crossfade to a new clip.", 1.0, 0.0, 32.0, "beats", Acts.INSTRUMENT),
    Parameter("drift", Kind.BOOL, "The seeds move on by one with each pass of the clip.", False, acts=Acts.CLIP),
    Parameter("level", Kind.FLOAT, "Loudness.", 0.0, -60.0, 12.0, "dB", smoothing_s=0.01),
    Parameter("mute", Kind.BOOL, "Silence, while everything goes on.", False, smoothing_s=0.01),
    Parameter("freeze", Kind.BOOL, "The playhead stands; what sounds now is held.", False),
    Parameter("speed", Kind.FLOAT, "Speed of the playhead against the clock; at 1, and at half, double and whole speeds, it falls in with the beat.", 1.0, 0.0, 4.0, "x"),
    Parameter("reverse", Kind.BOOL, "The playhead runs backwards, in time with the beat.", False),
    Parameter("pitch", Kind.FLOAT, "Transposition; the tempo stays.", 0.0, -24.0, 24.0, "semitones", smoothing_s=0.02),
    Parameter("loop_beats", Kind.FLOAT, "Repeats the slice of this length that the playhead is in, down to 1/8 beat; 0 plays all of the clip.", 0.0, 0.0, 8.0, "beats"),
    Parameter("tempo", Kind.FLOAT, "Tempo of the internal clock, and of everybody on Link.", 120.0, 20.0, 400.0, "beats/min", Acts.TIME),
    Parameter("meter", Kind.INT, "Beats a bar; a clip loops its largest whole number of bars.", 4, 1, 16, "beats", Acts.TIME),
    Parameter("clock", Kind.CHOICE, "Who sets the time.", "internal", acts=Acts.TIME, choices=("internal", "midi", "link")),
    Parameter("clock_in", Kind.TEXT, "Part of the name of the MIDI clock to follow; empty follows the first one heard.", "", acts=Acts.TIME),
    Parameter("clock_offset", Kind.FLOAT, "Moves the sound against the clock; positive is later.", 0.0, -500.0, 500.0, "ms", Acts.TIME),
    Parameter("play", Kind.TRIGGER, "Starts the clock.", acts=Acts.TIME),
    Parameter("stop", Kind.TRIGGER, "Stops the clock.", acts=Acts.TIME),
    Parameter("tap", Kind.TRIGGER, "Taps the tempo.", acts=Acts.TIME),
    Parameter("nudge", Kind.FLOAT, "Moves the beat once, later if positive, and is 0 again; under another clock it moves clock_offset.", 0.0, -100.0, 100.0, "ms", Acts.TIME),
    Parameter("jump", Kind.FLOAT, "Jumps so many beats on, or back, and is 0 again.", 0.0, -64.0, 64.0, "beats", Acts.TIME),
    Parameter("locate", Kind.FLOAT, "Goes to this beat of the song, and is -1 again.", -1.0, -1.0, 4096.0, "beats", Acts.TIME),
    Parameter("notes", Kind.CHOICE, "What keys do that are not bound: nothing, transpose the clip, or set the harmony.", "off", acts=Acts.INSTRUMENT, choices=("off", "transpose", "harmony")),
    Parameter("modulation", Kind.BOOL, "The preset's LFOs, envelopes and audio inputs move what they are bound to.", True, acts=Acts.INSTRUMENT),
    Parameter("preset", Kind.TEXT, "Loads a preset by name or path.", "", acts=Acts.INSTRUMENT),
    Parameter("setlist", Kind.TEXT, "The set: a folder of presets or a YAML list of them; empty is the preset's own folder.", "", acts=Acts.INSTRUMENT),
    Parameter("next", Kind.TRIGGER, "Goes to the next preset of the set, over morph_beats.", acts=Acts.INSTRUMENT),
    Parameter("previous", Kind.TRIGGER, "Goes to the previous preset of the set, over morph_beats.", acts=Acts.INSTRUMENT),
    Parameter("morph", Kind.FLOAT, "The place in the set: 0 is its first preset, 1.5 halfway between the 2nd and the 3rd.", 0.0, 0.0, 127.0, acts=Acts.INSTRUMENT),
    Parameter("morph_beats", Kind.FLOAT, "What a morph to another place, next or previous takes; 0 is at once.", 0.0, 0.0, 256.0, "beats", Acts.INSTRUMENT),
    Parameter("snapshot", Kind.INT, "Recalls a snapshot of this preset; 0 is none.", 0, 0, 128, acts=Acts.INSTRUMENT),
    Parameter("snapshot_store", Kind.INT, "Stores what shapes the sound, as it stands, as a snapshot of this preset; 0 is none.", 0, 0, 128, acts=Acts.INSTRUMENT),
    Parameter("undo", Kind.TRIGGER, "Takes back the last move, preset, snapshot or morph.", acts=Acts.INSTRUMENT),
    Parameter("redo", Kind.TRIGGER, "Takes back the last undo.", acts=Acts.INSTRUMENT),
    Parameter("panic", Kind.TRIGGER, "Silences the sound at once, drops what is being generated, and starts again.", acts=Acts.INSTRUMENT),
)
# fmt: on

PARAMETERS: dict[str, Parameter] = {parameter.name: parameter for parameter in TABLE}

LORAS = ("lora1", "lora2", "lora3")
"""Parameters that name LoRAs, each with a `_weight` beside it; they add up."""

BOTH_ENDS = ("strength", "guidance")
"""Parameters that stand for the same one of both ends."""


ALWAYS_EVENTS = ("preset", "snapshot", "snapshot_store")
"""Parameters that act again when set to the value that they have: a preset is recalled after its knobs were moved."""

MOMENTARY = ("nudge", "jump", "locate")
"""Parameters that act once and spring back to their default."""

NOT_IN_PRESETS = ("preset", "setlist", "morph", "snapshot", "snapshot_store", *MOMENTARY)
"""Parameters that say where the instrument is, and not how a preset sounds."""

NOT_BETWEEN = ("steps", "quantize", "meter", "loop_beats", "init_number")
"""Numbers that a morph changes at its middle: halfway between a bar and half a bar nothing is in time."""


class ValueRefused(RiffsynthError, ValueError):
    """A value that a parameter cannot take; the message says what was found and what is allowed."""


def coerce(parameter: Parameter, raw: Any) -> Value:
    """`raw` as a value of `parameter`. Raises ValueRefused: nothing is clipped or guessed silently.

    Numbers may come as ints, floats or booleans (Max and TouchDesigner send either); text never comes from a number.
    A trigger is True for a press and False for the release of a button (0), which triggers nothing.
    """
    match parameter.kind:
        case Kind.TRIGGER:
            return _press(parameter, raw)
        case Kind.TEXT:
            return _text(parameter, raw)
        case Kind.CHOICE:
            if isinstance(raw, str) and raw in parameter.choices:
                return raw
        case Kind.BOOL:
            if _is_number(raw) and raw in (0, 1):
                return bool(raw)
        case Kind.INT:
            if _is_number(raw) and parameter.minimum <= raw <= parameter.maximum and raw == int(raw):
                return int(raw)
        case Kind.FLOAT:
            if _is_number(raw) and parameter.minimum <= raw <= parameter.maximum:
                return float(raw)
    raise ValueRefused(f"{parameter.name} is {allowed(parameter)}, found {_shown(raw)}")


def allowed(parameter: Parameter) -> str:
    """What `parameter` can be, for a sentence: "a number 20..400 beats/min"."""
    match parameter.kind:
        case Kind.TRIGGER:
            return "a trigger (1, true or bang)"
        case Kind.TEXT:
            return f"text of at most {TEXT_MAX} characters"
        case Kind.CHOICE:
            return "one of " + ", ".join(parameter.choices)
        case Kind.BOOL:
            return "0 or 1"
    number = "a whole number" if parameter.kind is Kind.INT else "a number"
    return f"{number} {parameter.minimum:.10g}..{parameter.maximum:.10g} {parameter.unit}".rstrip()


_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_SWITCH = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


def from_text(parameter: Parameter, text: str) -> Value:
    """The value that `text` spells: from a preset, a command line, or a number that a patch sends as a string.

    For a text parameter it is `text` itself, whatever it looks like. Raises ValueRefused.
    """
    if parameter.kind in (Kind.BOOL, Kind.TRIGGER) and text.lower() in _SWITCH:
        return _SWITCH[text.lower()]
    if parameter.kind in (Kind.INT, Kind.FLOAT) and _NUMBER.fullmatch(text):
        whole = len(text) < 20 and text.lstrip("+-").isdecimal()
        return coerce(parameter, int(text) if whole else float(text))
    return coerce(parameter, text)


def _is_number(raw: Any) -> bool:
    return isinstance(raw, int) or (isinstance(raw, float) and math.isfinite(raw))


def _press(parameter: Parameter, raw: Any) -> bool:
    if raw == "bang":
        return True
    if not _is_number(raw):
        raise ValueRefused(f"{parameter.name} is {allowed(parameter)}, found {_shown(raw)}")
    return bool(raw)


def _text(parameter: Parameter, raw: Any) -> str:
    if not isinstance(raw, str) or len(raw) > TEXT_MAX:
        raise ValueRefused(f"{parameter.name} is {allowed(parameter)}, found {_shown(raw)}")
    try:
        raw.encode()
    except UnicodeEncodeError as error:
        raise ValueRefused(f"{parameter.name} is text, found half of a character at {error.start}") from None
    return raw


def _shown(raw: Any) -> str:
    """`raw` for an error message: short, whatever it is."""
    text = f"{raw:g}" if isinstance(raw, float) else repr(raw)
    return text if len(text) <= 60 else text[:57] + "..."
