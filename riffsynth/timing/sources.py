"""Which of several clocks is followed."""

from __future__ import annotations

PATIENCE_S = 2.0
"""A clock silent for this long gives way to another one that is heard."""


class SourceChoice:
    """The first clock heard is followed, by name, until it falls silent while another one speaks."""

    def __init__(self, wanted: str | None = None) -> None:
        """`wanted` is followed and no other; None takes what comes."""
        self._wanted = wanted
        self._heard: dict[str, float] = {}
        self.chosen = wanted or ""

    def admits(self, source: str, time: float) -> bool:
        """A message of `source` came at `time` (s): is it the one to follow?"""
        if self._wanted is not None:
            return source == self._wanted
        silence = time - self._heard.get(self.chosen, -PATIENCE_S)
        self._heard[source] = time
        if len(self._heard) == 1 or silence > PATIENCE_S:
            self.chosen = source
        return source == self.chosen

    def others(self, now: float) -> list[str]:
        """Names of the clocks that are heard as well."""
        return sorted(s for s, time in self._heard.items() if s != self.chosen and now - time <= PATIENCE_S)
