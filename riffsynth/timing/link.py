"""Ableton Link: the tempo, the beat's phase and the transport of everybody on the network."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Protocol

from riffsynth.errors import RiffsynthError
from riffsynth.timing.musical import TEMPO_RANGE
from riffsynth.timing.status import ClockStatus, LockState
from riffsynth.timing.steering import steered
from riffsynth.timing.timeline import Timeline

NEGLIGIBLE_S = 1e-4
"""Less than this is the noise of comparing two of the machine's clocks."""
NEGLIGIBLE_TEMPO = 1e-6
QUICK_S = 20e-6
TRIES = 8
"""Readings of Link's clock that took longer than QUICK_S were interrupted, and are taken again."""


class LinkMissing(RiffsynthError):
    """The library is not installed; the message says how to."""


@dataclass(frozen=True, slots=True)
class LinkState:
    """The session at one moment."""

    beat: float
    """Its phase in the bar is everybody's; its size is our own. Negative while a start waits for the bar."""
    tempo: float
    playing: bool
    peers: int


class LinkPeer(Protocol):
    """Our place in the session. Moments are seconds of the program's clock, `quantum` is beats a bar."""

    def state(self, now: float, quantum: float) -> LinkState: ...
    def join(self, now: float, beat: float, quantum: float) -> None:
        """We are at `beat`: kept where we are alone, else moved to the nearest place in everybody's phase."""

    def set_tempo(self, now: float, tempo: float) -> None: ...
    def set_playing(self, now: float, playing: bool, quantum: float) -> None:
        """Starts with beat 0 at the next bar, at once where we are alone; or stops."""

    def follow_start(self, quantum: float) -> None:
        """Somebody else has started: beat 0 is at the bar that they start with."""

    def close(self) -> None: ...


class LinkClock:
    """Follows a session: `timeline` is where the song is. Call `poll` some 50 times a second."""

    def __init__(self, now: float, peer: LinkPeer, timeline: Timeline, quantum: float) -> None:
        """The song goes on from `timeline` until there are others to meet."""
        self.timeline = timeline.anchored(now)
        self.quantum = quantum
        self._peer = peer
        self._running = timeline.playing
        peer.join(now, self.timeline.beat, quantum)
        self._state = peer.state(now, quantum)
        self._session_playing = self._state.playing

    @property
    def tempo(self) -> float:
        """The session's, held inside TEMPO_RANGE."""
        low, high = TEMPO_RANGE
        return min(high, max(low, self._state.tempo))

    @property
    def peers(self) -> int:
        """How many others there are."""
        return self._state.peers

    def poll(self, now: float) -> Timeline:
        self._state = self._peer.state(now, self.quantum)
        if self._state.playing != self._session_playing:
            self._session_playing = self._running = self._state.playing
            if self._running:
                self._peer.follow_start(self.quantum)
                self._state = self._peer.state(now, self.quantum)
        self.timeline = self._next(now, self._state.beat, self.tempo / 60.0)
        return self.timeline

    def set_tempo(self, now: float, tempo: float) -> None:
        """Everybody's."""
        self._peer.set_tempo(now, tempo)

    def play(self, now: float) -> None:
        """Everybody's start, on the bar; nothing happens to a song that plays."""
        if not self._running:
            self._running = self._session_playing = True
            self._peer.set_playing(now, True, self.quantum)

    def stop(self, now: float) -> None:
        self._running = self._session_playing = False
        self._peer.set_playing(now, False, self.quantum)

    def close(self) -> None:
        self._peer.close()

    def status(self) -> ClockStatus:
        peers = self._state.peers
        state: LockState = "stopped"
        if self._running:
            state = "locked" if peers and self.timeline.playing else "waiting"
        problem = "" if peers else "nobody else on the network"
        return ClockStatus(f"link with {peers}" if peers else "link", state, self.tempo, problem=problem)

    def _next(self, now: float, beat: float, speed: float) -> Timeline:
        here = self.timeline
        same_speed = abs(here.beats_per_second / speed - 1.0) < NEGLIGIBLE_TEMPO
        starts_later = not here.playing and beat < 0
        if not self._running or starts_later:
            if not here.playing and same_speed:
                return here
            return Timeline(now, here.beat_at(now), speed, playing=False)
        if not here.playing:
            return Timeline(now, beat, speed)
        if abs(beat - here.beat_at(now)) < NEGLIGIBLE_S * speed:
            return here if same_speed else Timeline(now, here.beat_at(now), speed)
        return steered(here, Timeline(now, beat, speed), now)[0]


class RealLinkPeer:
    """The library's peer. Its calls wait for nobody: threads of its own do the talking."""

    def __init__(self, tempo: float) -> None:
        """Joins the network. Raises LinkMissing."""
        try:
            import link
        except ImportError:
            raise LinkMissing("Ableton Link needs a library: pip install 'riffsynth[link]'") from None
        self._link: Any = link.Link(tempo)
        self._link.startStopSyncEnabled = True
        self._link.enabled = True

    def state(self, now: float, quantum: float) -> LinkState:
        session, at = self._link.captureSessionState(), self._micros(now)
        return LinkState(session.beatAtTime(at, quantum), session.tempo(), session.isPlaying(), self._link.numPeers())

    def join(self, now: float, beat: float, quantum: float) -> None:
        session = self._link.captureSessionState()
        session.requestBeatAtTime(beat, self._micros(now), quantum)
        self._link.commitSessionState(session)

    def set_tempo(self, now: float, tempo: float) -> None:
        session = self._link.captureSessionState()
        session.setTempo(tempo, self._micros(now))
        self._link.commitSessionState(session)

    def set_playing(self, now: float, playing: bool, quantum: float) -> None:
        session = self._link.captureSessionState()
        if playing:
            session.setIsPlayingAndRequestBeatAtTime(True, self._micros(now), 0.0, quantum)
        else:
            session.setIsPlaying(False, self._micros(now))
        self._link.commitSessionState(session)

    def follow_start(self, quantum: float) -> None:
        session = self._link.captureSessionState()
        session.requestBeatAtStartPlayingTime(0.0, quantum)
        self._link.commitSessionState(session)

    def close(self) -> None:
        self._link.enabled = False

    def _micros(self, now: float) -> int:
        """Link's clock (microseconds, another one of the machine's) at `now`."""
        clock = self._link.clock()
        for _ in range(TRIES):
            before = time.perf_counter()
            micros = clock.micros()
            after = time.perf_counter()
            if after - before < QUICK_S:
                break
        return round(micros + 1e6 * (now - (before + after) / 2))
