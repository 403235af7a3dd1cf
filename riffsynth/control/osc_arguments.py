"""What the arguments of an OSC message mean for a parameter, as Max, TouchDesigner and others send them."""

from __future__ import annotations

from typing import Any

from riffsynth.control.osc_codec import IMPULSE
from riffsynth.parameters import Kind, Parameter, Value, ValueRefused, allowed, coerce, from_text


def value_of(parameter: Parameter, args: tuple[Any, ...]) -> Value:
    """The value that the arguments mean, as Max, TouchDesigner and others send it. Raises ValueRefused."""
    if parameter.kind is Kind.TRIGGER and (not args or args == (IMPULSE,)):
        return True
    if parameter.kind is Kind.TEXT:
        return _joined(parameter, args)
    if len(args) != 1:
        raise ValueRefused(f"{parameter.name} takes one value, found {len(args)}")
    return from_text(parameter, args[0]) if isinstance(args[0], str) else coerce(parameter, args[0])


def _joined(parameter: Parameter, args: tuple[Any, ...]) -> Value:
    """A text from its atoms: Max sends `808 kick` as a number and a word. Numbers alone are no text."""
    if not any(isinstance(arg, str) for arg in args):
        return coerce(parameter, args[0])
    odd = [arg for arg in args if not isinstance(arg, (str, int, float))]
    if odd:
        raise ValueRefused(f"{parameter.name} is {allowed(parameter)}, found {odd[0]!r}")
    return coerce(parameter, " ".join(f"{arg:.6g}" if isinstance(arg, float) else str(arg) for arg in args))


def value_in_unit(parameter: Parameter, args: tuple[Any, ...]) -> Value:
    """The value at the position 0..1 that the arguments give. Raises ValueRefused."""
    if len(args) != 1 or not isinstance(args[0], (int, float)) or not 0 <= args[0] <= 1:
        found = repr(args[0]) if len(args) == 1 else f"{len(args)} values"
        raise ValueRefused(f"{parameter.name} is a number 0..1 here, found {found}")
    return parameter.from_unit(float(args[0]))
