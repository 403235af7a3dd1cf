"""Weights inside a prompt: `(louder)`, `(much louder:1.5)`, `[softer]`, nested, a backslash before a real bracket."""

from __future__ import annotations

import re
from itertools import groupby

STEP = 1.1
"""One pair of round brackets multiplies by it, one pair of square brackets divides."""

_TOKEN = re.compile(
    r"""
      \\(?P<escaped>[\\()\[\]])
    | (?P<open>[(\[])
    | :\s*(?P<weight>[+-]?(?:\d+\.?\d*|\.\d+))\s*\)
    | (?P<close>[)\]])
    | (?P<text>[^\\()\[\]:]+|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_OPENED_BY = {")": "(", "]": "["}


def parse_weights(prompt: str) -> list[tuple[str, float]]:
    """The prompt as pieces of text with their weights, in order; [("", 1.0)] for an empty one.

    Riffusion's syntax (prompt_weighting.py, 2022). Nothing is an error: a bracket that is never closed weighs all
    that follows it, and one that was never opened is text.
    """
    pieces: list[tuple[str, float]] = []
    opened: list[tuple[str, int]] = []

    def close(weight: float) -> None:
        _, first = opened.pop()
        pieces[first:] = [(text, w * weight) for text, w in pieces[first:]]

    for match in _TOKEN.finditer(prompt):
        if match["open"]:
            opened.append((match["open"], len(pieces)))
        elif match["weight"] and opened and opened[-1][0] == "(":
            close(float(match["weight"]))
        elif match["close"] and opened and opened[-1][0] == _OPENED_BY[match["close"]]:
            close(_weight_of(opened[-1][0]))
        else:
            pieces.append((match["escaped"] or match[0], 1.0))
    while opened:
        close(_weight_of(opened[-1][0]))
    joined = [("".join(text for text, _ in run), weight) for weight, run in groupby(pieces, key=lambda p: p[1])]
    return joined or [("", 1.0)]


def _weight_of(bracket: str) -> float:
    return STEP if bracket == "(" else 1 / STEP
