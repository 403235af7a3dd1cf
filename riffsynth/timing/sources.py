"""Which of several clocks is followed."""

from __future__ import annotations

import math

PATIENCE_S = 2.0
"""A clock silent for this long gives way to another one that is heard."""


class SourceChoice:
    """The first clock heard is followed, by name, until it falls silent while another one speaks."""

    def __init__(self, wanted: str = "") -> None:
        """See `choose`."""
        self._heard: dict[str, float] = {}
        self.wanted = wanted
        self.chosen: str | None = None
        """None until one was heard that is wanted."""

    def choose(self, wanted: str) -> None:
        """Only clocks whose names contain `wanted` are followed from now on, in whatever case; empty: any."""
        self.wanted = wanted
        if self.chosen is not None and not self._fits(self.chosen):
            self.chosen = None

    def admits(self, source: str, time: float) -> bool:
        """A message of `source` came at `time` (s): is it the one to follow?"""
        silence = math.inf if self.chosen is None else time - self._heard[self.chosen]
        self._heard[source] = time
        if self._fits(source) and silence > PATIENCE_S:
            self.chosen = source
        return source == self.chosen

    def others(self, now: float) -> list[str]:
        """Names of the clocks that are heard as well."""
        return sorted(s for s, time in self._heard.items() if s != self.chosen and now - time <= PATIENCE_S)

    def _fits(self, source: str) -> bool:
        return self.wanted.casefold() in source.casefold()
