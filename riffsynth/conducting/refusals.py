"""What could not be made, and files that cannot be used: so that neither is asked for again and again."""

from __future__ import annotations

from collections.abc import Callable

from riffsynth.conducting.recipe import Recipe, Unusable

MOST_FAILED = 32


class Refusals:
    """Remembers recipes that failed, and files that clips are to be made without.

    `locate` answers where the file lies that a value names.
    """

    def __init__(self, locate: Callable[[str], str]) -> None:
        self._locate = locate
        self._failed: set[Recipe] = set()
        self._unreadable: Unusable = frozenset()
        self._unfit: Unusable = frozenset()

    @property
    def unusable(self) -> Unusable:
        """What could not be read, and what this model cannot use."""
        return self._unreadable | self._unfit

    def __contains__(self, recipe: Recipe) -> bool:
        return recipe in self._failed

    def unreadable(self, kind: str, name: str) -> None:
        """The file that `init` or `mask` names is none."""
        self._unreadable |= {(kind, name)}

    def named(self, kind: str, name: str) -> None:
        """A parameter names a file anew, of the `kind` init, mask or lora: it may be another one than it was."""
        self._unreadable -= {(kind, name)}
        self._unfit -= {(kind, name)}

    def failed(self, recipe: Recipe, unfit: tuple[str, str] | None) -> bool:
        """The model could not make it, for the sake of `unfit` as `Failed` has it; true if without that it is another
        recipe, which may well be made."""
        unusable: Unusable = frozenset()
        if unfit and unfit[0] == "mask":
            unusable = frozenset({("mask", recipe.how.mask)})
        elif unfit:
            unusable = frozenset(("lora", name) for name, _ in recipe.how.loras if self._locate(name) == unfit[1])
        if recipe.how.without(unusable) != recipe.how:
            self._unfit |= unusable
            return True
        if len(self._failed) >= MOST_FAILED:
            self._failed.clear()
        self._failed.add(recipe)
        return False

    def retry(self) -> None:
        """A file has come that recipes speak of: what failed may be made now."""
        self._failed.clear()

    def forget(self) -> None:
        """Another model, or a panic: what it could not make or use may be tried again."""
        self._failed.clear()
        self._unfit = frozenset()
