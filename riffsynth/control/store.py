"""The current value of every parameter, and who is told when one changes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from riffsynth.parameters import ALWAYS_EVENTS, BOTH_ENDS, PARAMETERS, TABLE, Kind, Value, ValueRefused, coerce


@dataclass(frozen=True, slots=True)
class Change:
    """A parameter has a new value, or a trigger was pressed (value True)."""

    name: str
    value: Value
    source: str
    """Who made it: "osc:127.0.0.1:4711", "midi:nanoKONTROL2", "preset", "drift" ..."""
    derived: bool = False
    """It followed from another parameter's change: the one who made that has not heard of it yet."""


Listener = Callable[[Change], None]


class ParameterStore:
    """Owns the values of the whole table, all of them always in range.

    It has no lock: one thread, the control loop, uses it; other threads hand what they receive to that loop.
    Listeners run in that thread, after all values of a `together` block are in place, in the order of the changes. A
    listener may set values itself; those changes follow after the ones that are being told.
    """

    def __init__(self, values: Mapping[str, Any] | None = None) -> None:
        self._values: dict[str, Value] = {
            parameter.name: parameter.default for parameter in TABLE if parameter.kind is not Kind.TRIGGER
        }
        self._listeners: list[Listener] = []
        self._untold: deque[Change] = deque()
        self._depth = 0
        if values:
            self.load(values)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Calls `listener` with every change from now on; the answer ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def get(self, name: str) -> Value:
        """The value; `strength` and `guidance` answer the value at alpha. A trigger has none: False. KeyError."""
        if name in BOTH_ENDS:
            alpha = self._values["alpha"]
            a, b = self._values[f"a.{name}"], self._values[f"b.{name}"]
            assert not isinstance(alpha, str) and not isinstance(a, str) and not isinstance(b, str)
            return a if a == b else (1 - alpha) * a + alpha * b
        if PARAMETERS[name].kind is Kind.TRIGGER:
            return False
        return self._values[name]

    def snapshot(self) -> dict[str, Value]:
        """All values but the triggers, by name in the table's order."""
        return {name: self.get(name) for name in self._values}

    def set(self, name: str, raw: Any, source: str) -> bool:
        """Sets a parameter; true if that was an event. Raises ValueRefused, and nothing has changed.

        A message that changes no value is no event; a trigger's press always is one.
        """
        if name not in PARAMETERS:
            raise ValueRefused(f"there is no parameter {name}")
        value = coerce(PARAMETERS[name], raw)
        with self.together():
            if PARAMETERS[name].kind is Kind.TRIGGER:
                if value:
                    self._untold.append(Change(name, True, source))
                return bool(value)
            targets = (f"a.{name}", f"b.{name}") if name in BOTH_ENDS else (name,)
            changed = [target for target in targets if self._values[target] != value or target in ALWAYS_EVENTS]
            before = {both: self.get(both) for both in BOTH_ENDS}
            for target in changed:
                self._values[target] = value
                self._untold.append(Change(target, value, source, derived=target != name))
            for both in BOTH_ENDS:
                if self.get(both) != before[both]:
                    self._untold.append(Change(both, self.get(both), source, derived=both != name))
        return bool(changed)

    def load(self, values: Mapping[str, Any], source: str = "preset") -> None:
        """Sets many values as one. Raises ValueRefused for the first bad one, and nothing has changed.

        Values for both ends come first, so that one given for a single end stands.
        """
        for name, raw in values.items():
            if name not in PARAMETERS:
                raise ValueRefused(f"there is no parameter {name}")
            coerce(PARAMETERS[name], raw)
        with self.together():
            for name, raw in sorted(values.items(), key=lambda item: item[0] not in BOTH_ENDS):
                self.set(name, raw, source)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Changes made inside are told once all of them are in place. Blocks may be nested; the outermost counts."""
        self._depth += 1
        try:
            yield
        finally:
            try:
                if self._depth == 1:
                    self._tell()
            finally:
                self._depth -= 1

    def _tell(self) -> None:
        while self._untold:
            change = self._untold.popleft()
            for listener in tuple(self._listeners):
                listener(change)
