"""Who is told over OSC that a value changed, and how often."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from riffsynth.control.store import Change
from riffsynth.parameters import PARAMETERS, Value

FEEDBACK_INTERVAL_S = 1 / 30
"""A parameter that moves faster is told at this pace; its last value always arrives."""
MAX_SUBSCRIBERS = 64
"""Beyond it the oldest subscription ends: `oscsend` makes a new sender with every message."""

_NOBODY = ""
"""The source of a fixed address that has sent nothing itself."""

Address = tuple[str, int]
"""Host and port."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to one receiver."""

    to: Address
    address: str
    args: tuple[Any, ...] = ()


@dataclass(slots=True)
class _Subscriber:
    source: str
    pending: dict[str, Value] = field(default_factory=dict)
    sent: dict[str, float] = field(default_factory=dict)
    """When each parameter was last told."""


class Feedback:
    """Collects changes for every subscriber and says which are due.

    A change is not told to the one who made it: a fader must not be moved by its own echo. `fixed` addresses are told
    from the start and for ever.
    """

    def __init__(self, fixed: Iterable[Address] = ()) -> None:
        self._fixed = tuple(fixed)
        self._subscribers: dict[Address, _Subscriber] = {to: _Subscriber(_NOBODY) for to in self._fixed}

    def subscribe(self, to: Address, source: str) -> None:
        """`to` hears of every change that `source` did not make."""
        self._subscribers.pop(to, None)
        if len(self._subscribers) - len(self._fixed) >= MAX_SUBSCRIBERS:
            del self._subscribers[next(address for address in self._subscribers if address not in self._fixed)]
        self._subscribers[to] = _Subscriber(source)

    def unsubscribe(self, source: str) -> None:
        for to in [to for to, subscriber in self._subscribers.items() if subscriber.source == source]:
            if to in self._fixed:
                self._subscribers[to].source = _NOBODY
            else:
                del self._subscribers[to]

    def target(self, source: str) -> Address | None:
        """Where `source` asked to be told, if it did."""
        return next((to for to, subscriber in self._subscribers.items() if subscriber.source == source), None)

    @property
    def targets(self) -> list[Address]:
        return list(self._subscribers)

    @property
    def subscribers(self) -> tuple[tuple[Address, str], ...]:
        """Who asked to be told, and as whom."""
        asked = ((to, subscriber.source) for to, subscriber in self._subscribers.items() if to not in self._fixed)
        return tuple(asked)

    def resume(self, subscribers: Iterable[tuple[Address, str]], values: Mapping[str, Value]) -> None:
        """Goes on telling them, and tells them all `values`: they may have missed some."""
        for to, source in subscribers:
            self.subscribe(to, source)
            self._subscribers[to].pending.update(values)

    def changed(self, change: Change) -> None:
        for subscriber in self._subscribers.values():
            if change.source == subscriber.source and not change.derived:
                subscriber.pending.pop(change.name, None)  # it knows a newer value than the one that waits
            else:
                subscriber.pending[change.name] = change.value

    def due(self, now: float) -> list[Reply]:
        """What is to be sent at `now` seconds."""
        replies = []
        for to, subscriber in self._subscribers.items():
            ready = [
                name for name in subscriber.pending if now - subscriber.sent.get(name, -1e9) >= FEEDBACK_INTERVAL_S
            ]
            for name in ready:
                subscriber.sent[name] = now
                replies.append(Reply(to, PARAMETERS[name].osc_address, (subscriber.pending.pop(name),)))
        return replies
