"""OSC address patterns (OSC 1.0): `?`, `*`, `[a-z]`, `[!a-z]` and `{this,that}` within one part of an address."""

from __future__ import annotations

from functools import lru_cache

_SPECIAL = frozenset("?*[{")
_ANY = "*"
Token = str | tuple[bool, frozenset[str]] | tuple[str, ...]
"""A character itself, `*`, a set of characters (with True if it is negated), or alternatives."""


def is_pattern(address: str) -> bool:
    return not _SPECIAL.isdisjoint(address)


def matches(pattern: str, address: str) -> bool:
    """Does `pattern` match the whole of `address`? Raises ValueError for a bracket that does not close.

    Follows all ways at once as a set of positions, so that no pattern takes long.
    """
    positions = {0}
    for token in _tokens(pattern):
        if token == _ANY:
            positions = {end for start in positions for end in range(start, _part_end(address, start) + 1)}
        elif isinstance(token, str):
            positions = {p + 1 for p in positions if address[p : p + 1] == token}
        elif isinstance(token[0], bool):
            negated, characters = token
            positions = {
                p + 1
                for p in positions
                if p < len(address) and address[p] != "/" and (address[p] in characters) != negated
            }
        else:
            positions = {p + len(word) for word in token for p in positions if address.startswith(word, p)}
        if not positions:
            return False
    return len(address) in positions


def _part_end(address: str, start: int) -> int:
    end = address.find("/", start)
    return len(address) if end < 0 else end


@lru_cache(maxsize=256)
def _tokens(pattern: str) -> tuple[Token, ...]:
    tokens: list[Token] = []
    at = 0
    while at < len(pattern):
        character = pattern[at]
        if character in "[{":
            close = pattern.find("]" if character == "[" else "}", at)
            if close < 0:
                raise ValueError(f"{character} does not close in {pattern}")
            inner = pattern[at + 1 : close]
            tokens.append(_set(inner) if character == "[" else tuple(inner.split(",")))
            at = close
        elif character == "?":
            tokens.append((True, frozenset()))
        elif character != "*" or tokens[-1:] != [_ANY]:
            tokens.append(character)
        at += 1
    return tuple(tokens)


def _set(inner: str) -> tuple[bool, frozenset[str]]:
    negated = inner.startswith("!")
    inner = inner[negated:]
    characters: set[str] = set()
    at = 0
    while at < len(inner):
        if inner[at + 1 : at + 2] == "-" and at + 2 < len(inner):
            characters.update(map(chr, range(ord(inner[at]), min(ord(inner[at + 2]), 127) + 1)))
            at += 3
        else:
            characters.add(inner[at])
            at += 1
    return negated, frozenset(characters)
