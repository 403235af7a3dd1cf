"""Which genres are kin: the tree that beets (MIT licence; `pip install --no-deps beets`) tags music libraries with."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import yaml

TREE = "beetsplug/lastgenre/genres-tree.yaml"
OTHER_THAN_LETTERS = re.compile(r"[\W_]")
MUSIC = " music"

Branch = tuple[str, ...]
"""A genre's name after those of the genres it belongs to: ("reggae", "ska")."""


def tree_file() -> Path:
    """Where beets keeps its tree; FileNotFoundError where it is not installed."""
    try:
        return Path(str(distribution("beets").locate_file(TREE)))
    except PackageNotFoundError:
        raise FileNotFoundError("the tree of genres is missing: pip install --no-deps beets") from None


def branches(tree: Any) -> Iterator[Branch]:
    """Every genre of a tree as YAML has it: lists of names, or of {name: list}."""
    for entry in tree or ():
        for name, below in entry.items() if isinstance(entry, dict) else [(entry, ())]:
            yield (name,)
            yield from ((name, *branch) for branch in branches(below))


def kin(tree: Any, phrases: Collection[str]) -> dict[str, frozenset[str]]:
    """The `phrases` that each genre of one word is kin to, where there are any: those in the smallest part of the tree
    around it that holds some, be it the genre itself, what belongs to it, or what belongs to the same as it does.
    """
    spelled: dict[str, str] = {}
    for phrase in phrases:
        spelled.setdefault(_spelling(phrase), phrase)
    every = list(branches(tree))
    inside: dict[Branch, set[str]] = {}
    for branch in every:
        phrase = spelled.get(_spelling(branch[-1]))
        if phrase:
            for depth in range(1, len(branch) + 1):
                inside.setdefault(branch[:depth], set()).add(phrase)
    found: dict[str, frozenset[str]] = {}
    for branch in every:
        around = next((branch[:depth] for depth in range(len(branch), 0, -1) if branch[:depth] in inside), None)
        name = branch[-1].removesuffix(MUSIC)
        if around and " " not in name:
            found[name] = found.get(name, frozenset()) | inside[around]
    return found


def _spelling(name: str) -> str:
    """ "Synth-pop music" as "synthpop"."""
    return OTHER_THAN_LETTERS.sub("", name.removesuffix(MUSIC)).lower()


def known_kin(phrases: Collection[str]) -> dict[str, frozenset[str]]:
    """`kin` in the tree of the installed beets."""
    return kin(yaml.safe_load(tree_file().read_text(encoding="utf-8")), phrases)
