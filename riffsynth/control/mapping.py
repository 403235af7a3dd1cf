"""Which control of a MIDI device moves which parameter: the `midi` list of a preset."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from riffsynth.control.takeover import Takeover
from riffsynth.parameters import PARAMETERS, Kind, Parameter, Value, ValueRefused, from_text

Curve = Literal["linear", "exponential", "logarithmic"]
CURVE_POWER = {"linear": 1.0, "exponential": 3.0, "logarithmic": 1 / 3}
"""position ** power: exponential is fine at the bottom of the range, logarithmic at the top."""

FINE_OFFSET = 32
"""The fine part of controller n is controller n + 32 (MIDI 1.0)."""

Control = tuple[str, int]
"""("cc", 7), ("nrpn", 300), ("note", 36), ("key pressure", 36), ("program", 3), ("bend", 0) or ("pressure", 0)."""

Seven = Annotated[int, Field(ge=0, le=127)]
Fourteen = Annotated[int, Field(ge=0, le=16383)]


class Target(BaseModel):
    """Where something that moves between 0 and 1 goes: a parameter, or a part of its range."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    to: str
    range: tuple[float, float] | None = None
    """Values of the parameter at 0 and 1; the whole range of the table where it is left out."""
    curve: Curve = "linear"
    invert: bool = False

    @property
    def parameter(self) -> Parameter:
        return PARAMETERS[self.to]

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        if self.to not in PARAMETERS:
            raise ValueError(f"there is no parameter {self.to}")
        if self.range is not None:
            self._check_range(self.range)
        return self

    def _check_range(self, ends: tuple[float, float]) -> None:
        low, high = sorted(ends)
        if not self.parameter.bounded:
            raise ValueError(f"{self.to} has no range")
        if not self.parameter.minimum <= low < high <= self.parameter.maximum:
            raise ValueError(
                f"range must be two different values in {self.parameter.minimum:g}..{self.parameter.maximum:g}"
            )

    def value_at(self, position: float) -> Value:
        """The parameter's value at `position` 0..1. Always in the parameter's range."""
        if self.invert:
            position = 1 - position
        fraction = min(1.0, max(0.0, position)) ** CURVE_POWER[self.curve]
        if self.range is None:
            return self.parameter.from_unit(fraction)
        start, end = self.range
        value = min(max(start, end), max(min(start, end), start + fraction * (end - start)))
        return round(value) if self.parameter.kind is Kind.INT else value

    def position_of(self, value: Value) -> float:
        """The position 0..1 at which the parameter has `value`; the nearest end outside `range`."""
        if self.range is None:
            fraction = self.parameter.to_unit(value)
        else:
            start, end = self.range
            assert not isinstance(value, str)
            fraction = (value - start) / (end - start)
        position = math.pow(min(1.0, max(0.0, fraction)), 1 / CURVE_POWER[self.curve])
        return 1 - position if self.invert else position

    def plain(self) -> dict[str, Any]:
        """What a file says of it: the source, where it goes, then the rest that is not understood anyway."""
        said = self.model_dump(mode="json", exclude_defaults=True)
        source = next(key for key in said if key not in Target.model_fields)
        return {source: said[source], "to": self.to} | said


class Binding(Target):
    """One control and the parameter it moves. Several bindings may share a control (a macro) or a parameter."""

    cc: Seven | None = None
    nrpn: Fourteen | None = None
    note: Seven | None = None
    program: Seven | None = None
    bank: Fourteen | None = None
    """Of a program: cc 0 times 128 plus cc 32; any where it is left out."""
    bend: bool = False
    pressure: bool = False
    """Of the channel or of any key; with `note`, of that key."""
    channel: Annotated[int, Field(ge=1, le=16)] | None = None
    """1..16; any where it is left out."""
    device: str = ""
    """Part of the name of the device; any where it is left out."""
    takeover: Takeover = "pickup"
    """What happens where the knob does not stand at the parameter's value: wait for it, jump, or share out the way."""
    bits: int = 7
    """14: `cc` 0..31 with its fine part on `cc` + 32."""
    relative: Literal["absolute", "twos", "offset", "sign"] = "absolute"
    """An endless encoder, by how it writes -1: 127 (twos), 63 (offset) or 65 (sign)."""
    step: Annotated[float, Field(gt=0, le=1)] = 1 / 128
    """Of the range, for each step of an endless encoder."""
    mode: Literal["gate", "toggle", "trigger", "velocity"] | None = None
    """What a note does: on while held, on and off in turn, once when pressed, or how hard it was hit."""
    value: str | None = None
    """What a note, program or button sets."""
    feedback: bool = False
    """Tell the device where the value is: LED rings, lit pads, motor faders. Only where asked, for a synthesiser on
    the same port would take it for playing."""
    touch: Seven | None = None
    """The note, on any channel, that the fader's touch sensor sends: while it is held the motor stands still."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        numbers = (self.cc, self.nrpn, self.note, self.program)
        sources = sum(number is not None for number in numbers) + self.bend + self.pressure
        if sources != 1 and not (sources == 2 and self.pressure and self.note is not None):
            raise ValueError("needs exactly one of cc, nrpn, note, program, bend and pressure")
        if self.bank is not None and self.program is None:
            raise ValueError("bank needs a program")
        if self.feedback and not self.bend and (self.pressure or (self.cc is None and self.note is None)):
            raise ValueError("feedback needs a cc, a note or a bend")
        if self.touch is not None and not self.feedback:
            raise ValueError("touch is for a fader with feedback: true")
        if self.bits not in (7, 14):
            raise ValueError(f"bits are 7 or 14, found {self.bits}")
        if self.bits == 14 and (self.cc is None or self.cc > 31 or self.relative != "absolute"):
            raise ValueError("bits: 14 needs cc 0..31, whose fine part is cc + 32")
        if self.value is not None:
            try:
                from_text(self.parameter, self.value)
            except ValueRefused as refusal:
                raise ValueError(str(refusal)) from None
        elif self.program is not None or self.parameter.kind is Kind.TEXT:
            raise ValueError(f"needs `value`: what {self.to} is set to")
        return self

    @property
    def controls(self) -> tuple[Control, ...]:
        """The control that it listens to; the fine part of a pair comes second."""
        if self.cc is not None:
            return (("cc", self.cc), ("cc", self.cc + FINE_OFFSET)) if self.bits == 14 else (("cc", self.cc),)
        if self.note is not None:
            return (("key pressure" if self.pressure else "note", self.note),)
        if self.nrpn is not None:
            return (("nrpn", self.nrpn),)
        if self.program is not None:
            return (("program", self.program),)
        return (("bend", 0),) if self.bend else (("pressure", 0),)
