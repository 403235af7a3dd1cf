"""Keys that play: they transpose the clip that sounds, or a held chord becomes the harmony of the next one."""

from __future__ import annotations

import math

import mido

from riffsynth.control.harmony import chord_name
from riffsynth.control.midi_gesture import Controller
from riffsynth.control.midi_mapper import Assignment
from riffsynth.parameters import PARAMETERS

OFF, TRANSPOSE, HARMONY = PARAMETERS["notes"].choices
UNTRANSPOSED = 60
"""Middle C leaves the clip as it is."""
SETTLE_S = 0.08
"""Fingers do not land at once: a chord counts when no key has come for this long."""
DRUMS = 9
"""Channel 10, counted from 0: a drum machine on it plays its drums and not the clip (General MIDI 1)."""

_Key = tuple[str, int, int]
"""Device, channel, note."""


class Keyboard:
    """Remembers which keys are held. The last one pressed transposes; the harmony stays when the keys are let go."""

    def __init__(self) -> None:
        self._held: dict[_Key, None] = {}
        """In the order in which they were pressed."""
        self._settled_at = math.inf

    def handle(self, mode: str, message: mido.Message, device: str, now: float) -> list[Assignment]:
        """What a message sets in a mode of the parameter `notes`."""
        if message.type == "reset" or (message.type == "control_change" and message.control in Controller.LET_GO):
            return self.let_go(device)
        if message.type not in ("note_on", "note_off") or message.channel == DRUMS:
            return []
        key = (device, message.channel, message.note)
        if mode == OFF:
            self._held.clear()
        elif message.type == "note_on" and message.velocity:
            self._held.pop(key, None)
            self._held[key] = None
            self._settled_at = now + SETTLE_S
        elif key in self._held:
            was_last = key == next(reversed(self._held))
            del self._held[key]
            if not was_last:
                return []
        return self._transposition() if mode == TRANSPOSE else []

    def due(self, mode: str, now: float) -> list[Assignment]:
        """The harmony, once the fingers have settled."""
        if now < self._settled_at:
            return []
        self._settled_at = math.inf
        chord = chord_name(note for _, _, note in self._held) if mode == HARMONY else None
        return [("harmony", chord)] if chord else []

    def let_go(self, device: str) -> list[Assignment]:
        """Nobody holds a key of `device` any more."""
        self._held = {key: None for key in self._held if key[0] != device}
        return []

    def _transposition(self) -> list[Assignment]:
        if not self._held:
            return []
        _, _, note = next(reversed(self._held))
        return [("pitch", float(transposition(note)))]


def transposition(note: int) -> int:
    """Semitones that a key transposes by; beyond the range of `pitch` it is the same note in the nearest octave."""
    row, semitones = PARAMETERS["pitch"], note - UNTRANSPOSED
    while semitones > row.maximum:
        semitones -= 12
    while semitones < row.minimum:
        semitones += 12
    return semitones
