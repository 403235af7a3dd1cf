"""Who sets the time, and the performer's hands on it, the same for every source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from riffsynth.timing.internal import InternalClock
from riffsynth.timing.link import LinkClock, LinkPeer, RealLinkPeer
from riffsynth.timing.midi_clock import ClockMessage, MidiClockFollower
from riffsynth.timing.musical import TEMPO_RANGE
from riffsynth.timing.status import ClockStatus
from riffsynth.timing.timeline import Timeline

PLACING = ("start", "continue", "songpos")
"""Messages of a MIDI clock that say where the song is."""


class Transport:
    """Owns the clocks, of which one sets the time. Every method takes `now` (s); `poll` is called each turn."""

    def __init__(self, now: float, link_peer: Callable[[float], LinkPeer] = RealLinkPeer) -> None:
        """`link_peer` joins Link's network with a tempo."""
        self.source = "internal"
        self._internal = InternalClock(now)
        self._follower = MidiClockFollower(now)
        self._link: LinkClock | None = None
        self._link_peer = link_peer
        self._shift = 0.0
        """Beats that the performer has jumped away from a clock that is not ours."""

    @property
    def memory(self) -> tuple[Timeline, MidiClockFollower]:
        """What a new transport goes on with: the internal clock's line, and all that is known of a MIDI clock."""
        return self._internal.timeline, self._follower

    def take_over(self, memory: tuple[Timeline, MidiClockFollower]) -> None:
        self._internal.timeline, self._follower = memory

    # Who sets the time

    @property
    def timeline(self) -> Timeline:
        """The timeline that holds now, whoever sets it."""
        if self.source == "internal":
            return self._internal.timeline
        timeline = self._link.timeline if self._link else self._follower.timeline
        return replace(timeline, beat=timeline.beat + self._shift) if self._shift else timeline

    @property
    def tempo(self) -> float:
        """The tempo that `set_tempo` and its peers have set; the internal clock's while a MIDI clock is followed."""
        return self._link.tempo if self._link else self._internal.timeline.tempo

    def choose(self, now: float, source: str, quantum: float) -> None:
        """One of the choices of `clock` sets the time from now on; `quantum` is beats a bar.

        The internal clock and Link go on from where the song is. Raises LinkMissing, changing nothing.
        """
        if source == self.source:
            return
        before = self.timeline
        link = None
        if source == "link":
            link = LinkClock(now, self._link_peer(before.tempo), before, quantum)
        if self._link:
            self._link.close()
        self._link, self.source, self._shift = link, source, 0.0
        if source == "internal" and before.playing:
            low, high = TEMPO_RANGE
            tempo = min(high, max(low, before.tempo))
            self._internal.timeline = before.with_tempo(now, tempo)

    def choose_midi(self, source: str) -> None:
        """Part of the name of the MIDI clock to follow; empty: the first one heard."""
        self._follower.choose(source)

    def on_clock(self, message: ClockMessage) -> None:
        """A MIDI clock's message: heard all the time, followed when chosen."""
        self._follower.feed(message)
        if message.kind in PLACING and self.source == "midi":
            self._shift = 0.0

    def poll(self, now: float) -> None:
        self._follower.poll(now)
        if self._link:
            self._link.poll(now)

    def status(self, now: float) -> ClockStatus:
        if self._link:
            return self._link.status()
        return self._follower.status(now) if self.source == "midi" else self._internal.status()

    def close(self) -> None:
        if self._link:
            self._link.close()

    # The performer's hands

    def set_tempo(self, now: float, tempo: float) -> None:
        """Ours, and that of everybody on Link; a MIDI clock keeps its own."""
        if self._link:
            self._link.set_tempo(now, tempo)
        self._internal.set_tempo(now, tempo)

    def tap(self, now: float) -> float:
        """A tap; returns the tempo."""
        tempo = self._internal.tap(now).tempo
        if self._link:
            self._link.set_tempo(now, tempo)
        return tempo

    def set_quantum(self, beats: float) -> None:
        """Beats a bar, on which Link starts."""
        if self._link:
            self._link.quantum = beats

    def play(self, now: float) -> None:
        if self._link:
            self._link.play(now)
        self._internal.resume(now)

    def stop(self, now: float) -> None:
        if self._link:
            self._link.stop(now)
        self._internal.stop(now)

    def nudge(self, now: float, milliseconds: float) -> bool:
        """Moves the beat of the internal clock, positive is later; false where the time is not ours to move."""
        if self.source != "internal":
            return False
        self._internal.nudge(now, milliseconds)
        return True

    def jump(self, now: float, beats: float) -> None:
        """So many beats on, or back; while another clock is followed, away from its position until it gives one."""
        if self.source == "internal":
            self._internal.locate(now, self.timeline.beat_at(now) + beats)
        else:
            self._shift += beats

    def locate(self, now: float, beat: float) -> None:
        """To `beat` of the song; in another clock's phase, to the nearest place that is in it."""
        if self.source == "internal":
            self._internal.locate(now, beat)
        else:
            self._shift += round(beat - self.timeline.beat_at(now))
