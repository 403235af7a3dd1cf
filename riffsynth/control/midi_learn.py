"""MIDI learn as the instrument offers it: `learn` and `unlearn` from any client, and what came of it told to all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import mido

from riffsynth.control.errors import ControlError
from riffsynth.control.learned_maps import LearnedMaps
from riffsynth.control.learning import Learner, merged, named, same_control
from riffsynth.control.mapping import Binding
from riffsynth.control.midi_gesture import GestureReader
from riffsynth.parameters import PARAMETERS

LEARN = "learn"
WAITING, LEARNED, ENDED = "waiting", "learned", "ended"
"""The second argument of what is told."""
HOW = "move its control; an endless encoder up first, then down"


class MidiLearn:
    """Owns what was learned. `tell(name, *args)` reaches every client that subscribed.

    Told are `learn PARAMETER learned SENTENCE [WHAT GAVE WAY ...]` and `learn PARAMETER ended SENTENCE`.
    """

    def __init__(self, maps: LearnedMaps, gestures: GestureReader, tell: Callable[..., Any]) -> None:
        self._maps = maps
        self._gestures = gestures
        self._tell = tell
        self._learner: Learner | None = None

    @property
    def bindings(self) -> tuple[Binding, ...]:
        return self._maps.bindings

    @property
    def listening(self) -> bool:
        """The devices teach now: what they send moves nothing."""
        return self._learner is not None

    def learn(self, args: Sequence[Any], now: float) -> tuple[Any, ...]:
        """`PARAMETER [VALUE]`: listens for its control. Without arguments: which parameter is being learned.

        The answer's arguments. Raises ControlError for what cannot be learned.
        """
        if not args:
            return (self._learner.to, WAITING, HOW) if self._learner else ("", ENDED, "nothing is being learned")
        if len(args) > 2 or not isinstance(args[0], str):
            raise ControlError("learn takes a parameter, and what the control sets it to where that is one value")
        to = _name(args[0])
        self._learner = Learner(to, self._gestures, now, str(args[1]) if len(args) > 1 else None)
        return (to, WAITING, HOW)

    def unlearn(self, args: Sequence[Any]) -> tuple[Any, ...]:
        """`PARAMETER`: forgets its learned controls, and answers how many. Without arguments: ends learning."""
        if not args:
            self._learner = None
            return ("", 0)
        if len(args) > 1 or not isinstance(args[0], str) or _name(args[0]) not in PARAMETERS:
            raise ControlError(f"unlearn takes a parameter, found {' '.join(map(str, args))[:60]!r}")
        to = _name(args[0])
        forgotten = 0
        for device in self._maps.devices:
            count = sum(binding.to == to for binding in self._maps.of(device))
            if count:
                self._maps.change(device, lambda before: tuple(binding for binding in before if binding.to != to))
            forgotten += count
        return (to, forgotten)

    def hear(self, message: mido.Message, device: str, now: float) -> None:
        if self._learner:
            self._learner.hear(message, device, now)

    def poll(self, now: float, preset: Iterable[Binding]) -> None:
        """Tells what has been learned; `preset` says what controls do otherwise."""
        self._maps.poll()
        learner = self._learner
        if learner is None:
            return
        try:
            binding = learner.learned(now)
        except ControlError as error:
            self._end(learner.to, str(error))
            return
        if binding:
            self._learner = None
            self._keep(binding, preset)
        elif learner.expired(now):
            self._end(learner.to, "nothing was moved")

    def close(self) -> None:
        self._maps.close()

    def _keep(self, new: Binding, preset: Iterable[Binding]) -> None:
        before = self._maps.of(new.device)
        after = merged(before, new)
        gone = [f"{named(binding)}, no longer moves {binding.to}" for binding in before if binding not in after]
        gone += [
            f"what the preset says of it does not count: {binding.to}"
            for binding in preset
            if same_control(binding, new)
        ]
        self._maps.change(new.device, lambda bindings: merged(bindings, new))
        self._tell(LEARN, new.to, LEARNED, f"{named(new)}{_kind(new)}, moves {new.to}", *gone)

    def _end(self, to: str, sentence: str) -> None:
        self._learner = None
        self._tell(LEARN, to, ENDED, sentence)


def _name(text: str) -> str:
    """A parameter as any client writes it: a.prompt, a/prompt or its address."""
    return text.removeprefix("/riffsynth/").replace("/", ".")


def _kind(binding: Binding) -> str:
    if binding.relative != "absolute":
        return f" (an endless encoder, {binding.relative})"
    return " (a button)" if binding.mode else ""
