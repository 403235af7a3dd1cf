"""What each OSC message does: the pure part, without a socket."""

from __future__ import annotations

import difflib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from riffsynth.control.osc_arguments import value_in_unit, value_of
from riffsynth.control.osc_codec import OscBundle, OscError, OscMessage
from riffsynth.control.osc_feedback import Address, Feedback, Reply
from riffsynth.control.osc_pattern import is_pattern, matches
from riffsynth.control.osc_schedule import Schedule, groups
from riffsynth.control.store import ParameterStore
from riffsynth.errors import RiffsynthError
from riffsynth.parameters import TABLE, Kind, Parameter, ValueRefused

PREFIX = "/riffsynth/"
TCP = "tcp:"
"""What the host of a sender begins with that is a TCP connection: answers go back through it."""
WEB = "web:"
"""The same for a viewer of the page, or another client of its WebSocket."""
_CONNECTIONS = (TCP, WEB)
HELD_S = 0.05
"""TouchDesigner sends a pressed button's 1 again each frame: ones that follow this soon are the same press."""
ERRORS_PER_SECOND = 50
"""Answers to bad messages; the rest of a flood is only counted."""
CACHED_PATTERNS = 256


@dataclass(frozen=True, slots=True)
class Received:
    """A packet as it came in: what it holds, from whom, and when."""

    content: OscMessage | OscBundle | OscError
    sender: Address
    time: float
    """Seconds of the program's clock."""
    wall: float
    """Seconds since 1970 at the same moment, which time tags count in."""


Command = Callable[[tuple[Any, ...]], tuple[Any, ...]]
"""What an address beside the parameters does: its arguments in, the answer's out. Raises RiffsynthError."""


class _Refused(Exception):
    """Nothing changed; the sentence says why."""


@dataclass(frozen=True, slots=True)
class _Route:
    parameter: Parameter
    norm: bool = False
    """The twin that counts in 0..1."""


def _routes() -> dict[str, _Route]:
    routes = {parameter.osc_address: _Route(parameter) for parameter in TABLE}
    for parameter in TABLE:
        if parameter.norm_address:
            routes[parameter.norm_address] = _Route(parameter, norm=True)
    return routes


class OscRouter:
    """Applies messages to the store and answers them.

    `status` gives what `/riffsynth/status` tells: a flat dictionary of numbers and texts. Answers go to the port that
    the sender named with `/riffsynth/notify`, else to `reply_port` of its host, else where the message came from.
    `targets` are told of changes without asking. `commands` are further addresses, by name. `heard` is
    called with every message before it is applied, its sender, and when it came or was due.
    """

    def __init__(
        self,
        store: ParameterStore,
        status: Callable[[], Mapping[str, Any]] = dict,
        reply_port: int | None = None,
        targets: Iterable[Address] = (),
        commands: Mapping[str, Command] | None = None,
        heard: Callable[[OscMessage, Address, float], Any] = lambda *_: None,
    ) -> None:
        self.counts: Counter[str] = Counter()
        """`messages` handled, `refused` among them, and `malformed` packets."""
        self.feedback = Feedback(targets)
        self._store = store
        self._status = status
        self._reply_port = reply_port
        self._heard = heard
        self._routes = _routes()
        self._commands = {
            PREFIX + "notify": self._notify,
            PREFIX + "status": self._tell_status,
            PREFIX + "sync": self._sync,
            PREFIX + "refresh": self._refresh,
        }
        for name, command in (commands or {}).items():
            self._commands[PREFIX + name] = partial(self._run, name, command)
        self._patterns: dict[str, list[str]] = {}
        self._schedule = Schedule()
        self._presses: dict[tuple[str, str], float] = {}
        self._error_second = 0
        self._errors = 0
        store.listen(self.feedback.changed)

    def handle(self, received: Received) -> list[Reply]:
        """Applies a packet, or schedules it for its time tag; the answers, after everything in it was applied."""
        content, sender, now = received.content, received.sender, received.time
        if isinstance(content, OscMessage):
            return self._apply([content], sender, now)
        if isinstance(content, OscError):
            self.counts["malformed"] += 1
            return self._error(sender, now, lambda: f"malformed packet: {content}")
        replies: list[Reply] = []
        at_once: list[OscMessage] = []
        for tag, messages in groups(content):
            due = now if tag is None else now + tag - received.wall
            if due <= now:
                at_once += messages
            elif refusal := self._schedule.put(due, messages, sender, now):
                self.counts["refused"] += len(messages)
                replies += self._error(sender, now, lambda refusal=refusal: refusal)  # type: ignore[misc]
        return self._apply(at_once, sender, now) + replies

    def due(self, now: float) -> list[Reply]:
        """Applies the bundles whose time has come; their answers, and the feedback that is to be sent at `now`."""
        replies = []
        for messages, sender in self._schedule.due(now):
            replies += self._apply(messages, sender, now)
        return replies + self.feedback.due(now)

    def forget(self, sender: Address) -> None:
        """Ends what `sender` subscribed to: its connection is gone."""
        self.feedback.unsubscribe(source_of(sender))

    def announcement(self, name: str, *args: Any) -> list[Reply]:
        """`/riffsynth/NAME args` for everyone who subscribed."""
        return [Reply(to, PREFIX + name, args) for to in self.feedback.targets]

    def _apply(self, messages: list[OscMessage], sender: Address, now: float) -> list[Reply]:
        replies: list[Reply] = []
        with self._store.together():
            for message in messages:
                self.counts["messages"] += 1
                self._heard(message, sender, now)
                try:
                    replies += self._message(message, sender, now)
                except (_Refused, RiffsynthError) as refusal:
                    self.counts["refused"] += 1
                    replies += self._error(sender, now, self._explain(message, refusal))
        return replies

    def _message(self, message: OscMessage, sender: Address, now: float) -> list[Reply]:
        address = message.address
        if address in self._routes:
            return self._parameter(address, message.args, sender, now)
        if address in self._commands:
            return self._commands[address](message.args, sender)
        if address == PREFIX + "error":
            return []  # another instrument's complaint: an answer would be complained about in turn
        if not is_pattern(address):
            raise _Refused("there is no such address")
        replies = []
        refusals = []
        for matched in self._expand(address):
            if not message.args and self._routes[matched].parameter.kind is Kind.TRIGGER:
                continue  # a question to all must not stop the music
            try:
                replies += self._parameter(matched, message.args, sender, now)
            except ValueRefused as refusal:
                refusals.append(str(refusal))
        if refusals:
            self.counts["refused"] += 1
            replies += self._error(sender, now, lambda: f"{address}: {'; '.join(refusals[:3])}")
        return replies

    def _expand(self, pattern: str) -> list[str]:
        if pattern not in self._patterns:
            try:
                matched = [address for address in self._routes if matches(pattern, address)]
            except ValueError as error:
                raise _Refused(str(error)) from None
            if not matched:
                raise _Refused("matches no parameter")
            if len(self._patterns) >= CACHED_PATTERNS:
                self._patterns.clear()
            self._patterns[pattern] = matched
        return self._patterns[pattern]

    def _parameter(self, address: str, args: tuple[Any, ...], sender: Address, now: float) -> list[Reply]:
        parameter, norm = self._routes[address].parameter, self._routes[address].norm
        if not args and parameter.kind is not Kind.TRIGGER:
            value = self._store.get(parameter.name)
            return [Reply(self._target(sender), address, (parameter.to_unit(value) if norm else value,))]
        value = value_in_unit(parameter, args) if norm else value_of(parameter, args)
        if parameter.kind is Kind.TRIGGER and args and self._held(source_of(sender), parameter.name, bool(value), now):
            return []
        self._store.set(parameter.name, value, source_of(sender))
        return []

    def _held(self, source: str, name: str, pressed: bool, now: float) -> bool:
        """Is this one more report of a button that was reported pressed a moment ago?"""
        before = self._presses.pop((source, name), -HELD_S)
        if pressed:
            self._presses = {press: time for press, time in self._presses.items() if now - time < HELD_S}
            self._presses[source, name] = now
        return pressed and now - before < HELD_S

    def _notify(self, args: tuple[Any, ...], sender: Address) -> list[Reply]:
        port = args[0] if args else True
        if port in (0, False):
            reply = self._reply(sender, "notify", 0)
            self.feedback.unsubscribe(source_of(sender))
            return [reply]
        if port in (1, True) or sender[0].startswith(_CONNECTIONS):
            to = self._target(sender)
        elif isinstance(port, (int, float)) and 1 < port < 65536 and port == int(port):
            to = (sender[0], int(port))
        else:
            raise _Refused(f"takes the port to send to, 0 to end, or nothing; found {port!r}")
        self.feedback.subscribe(to, source_of(sender))
        return [Reply(to, PREFIX + "notify", (to[1],))]

    def _tell_status(self, args: tuple[Any, ...], sender: Address) -> list[Reply]:
        if args:
            return []  # another instrument's status
        status = dict(self._status()) | {f"osc_{name}": count for name, count in sorted(self.counts.items())}
        lines = [self._reply(sender, f"status/{name}", value) for name, value in status.items()]
        return [*lines, self._reply(sender, "status", json.dumps(status, default=str))]

    def _sync(self, args: tuple[Any, ...], sender: Address) -> list[Reply]:
        number = args[0] if args else 0
        if not isinstance(number, (int, float, str)):
            raise _Refused(f"takes a number or nothing, found {number!r}")
        return [self._reply(sender, "sync", number)]

    def _refresh(self, args: tuple[Any, ...], sender: Address) -> list[Reply]:
        to = self._target(sender)
        return [
            Reply(to, parameter.osc_address, (self._store.get(parameter.name),))
            for parameter in TABLE
            if parameter.kind is not Kind.TRIGGER
        ]

    def _run(self, name: str, command: Command, args: tuple[Any, ...], sender: Address) -> list[Reply]:
        return [self._reply(sender, name, *command(args))]

    def _target(self, sender: Address) -> Address:
        if sender[0].startswith(_CONNECTIONS):
            return sender
        return self.feedback.target(source_of(sender)) or (sender[0], self._reply_port or sender[1])

    def _reply(self, sender: Address, name: str, *args: Any) -> Reply:
        return Reply(self._target(sender), PREFIX + name, args)

    def _error(self, sender: Address, now: float, sentence: Callable[[], str]) -> list[Reply]:
        if self._error_second != int(now):
            self._error_second, self._errors = int(now), 0
        self._errors += 1
        return [] if self._errors > ERRORS_PER_SECOND else [self._reply(sender, "error", sentence())]

    def _explain(self, message: OscMessage, refusal: Exception) -> Callable[[], str]:
        def sentence() -> str:
            address = message.address if len(message.address) <= 80 else message.address[:77] + "..."
            text = f"{address}: {refusal}"
            if isinstance(refusal, _Refused) and not is_pattern(address) and address not in self._commands:
                near = difflib.get_close_matches(address, [*self._routes, *self._commands], 1)
                text += f"; did you mean {near[0]}?" if near else "; `riffsynth osc` lists them"
            return text

        return sentence


def source_of(sender: Address) -> str:
    """How changes made by `sender` are signed."""
    return f"osc:{sender[0]}:{sender[1]}"
