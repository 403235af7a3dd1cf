"""MIDI devices that a test plugs in and turns."""

from __future__ import annotations


class Machine:
    """What the system's MIDI looks like to the instrument: inputs by the names in `plugged`, and no outputs."""

    def __init__(self, *names):
        self.plugged, self.turn = list(names), {}

    def names(self):
        return self.plugged

    def open(self, name, listener):
        self.turn[name] = listener
        return lambda: None

    def open_virtual(self, name, listener):
        raise OSError("none")

    def output_names(self):
        return []
