"""The parameters of time: what a hand sets goes to the transport, and what became of the time shows in the values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from riffsynth.control.store import Change, ParameterStore
from riffsynth.parameters import MOMENTARY, PARAMETERS
from riffsynth.timing.link import LinkMissing
from riffsynth.timing.musical import Quantize
from riffsynth.timing.transport import Transport

CLOCK = "clock"
"""Who made a change that follows from the time."""
SAME_TEMPO = 1e-6


class TimeKeeping:
    """Keeps the store's values of time and the transport the same. `now` is always the caller's (s)."""

    def __init__(self, store: ParameterStore, transport: Transport, announce: Callable[[str], Any]) -> None:
        self._store = store
        self._transport = transport
        self._announce = announce
        self._quantize = self._quantize_now()

    def on_change(self, change: Change, now: float) -> None:
        """A parameter that acts on time has taken a value."""
        transport, name = self._transport, change.name
        if name == "tempo" and change.source != CLOCK:
            transport.set_tempo(now, float(change.value))
        elif name == "tap":
            self._store.set("tempo", transport.tap(now), source="tap")
        elif name == "play":
            transport.play(now)
        elif name == "stop":
            transport.stop(now)
        elif name == "clock":
            self._choose_clock(str(change.value), now)
        elif name == "clock_in":
            transport.choose_midi(str(change.value))
        elif name == "meter":
            transport.set_quantum(float(change.value))
        elif name in MOMENTARY and change.value != PARAMETERS[name].default:
            self._move(name, float(change.value), now)
            self._store.set(name, PARAMETERS[name].default, source=CLOCK)

    def step(self, now: float) -> None:
        """Lets the transport act, and shows what the clock, others on Link and the meter have made of the values."""
        self._transport.poll(now)
        self._settle_quantize()
        self._show_tempo()

    def _choose_clock(self, source: str, now: float) -> None:
        try:
            self._transport.choose(now, source, float(self._store.get("meter")))
        except LinkMissing as error:
            self._announce(str(error))
            self._store.set("clock", self._transport.source, source=CLOCK)

    def _move(self, name: str, value: float, now: float) -> None:
        if name == "jump":
            self._transport.jump(now, value)
        elif name == "locate":
            self._transport.locate(now, value)
        elif not self._transport.nudge(now, value):
            offset = PARAMETERS["clock_offset"]
            moved = float(self._store.get("clock_offset")) + value
            self._store.set("clock_offset", min(offset.maximum, max(offset.minimum, moved)), source="nudge")

    def _show_tempo(self) -> None:
        """What others on Link, or a clock that was followed until now, have made of the tempo."""
        if abs(self._transport.tempo - float(self._store.get("tempo"))) > SAME_TEMPO:
            self._store.set("tempo", self._transport.tempo, source=CLOCK)

    def _quantize_now(self) -> Quantize:
        get = self._store.get
        return Quantize(str(get("quantize_to")), int(get("meter")), float(get("quantize")))

    def _settle_quantize(self) -> None:
        now = self._quantize_now()
        if now != self._quantize:
            self._quantize = now.after(self._quantize)
            self._store.set("quantize", self._quantize.beats, source="meter")
            self._store.set("quantize_to", self._quantize.name, source="meter")
