"""What the player knows, kept a second time from what passes to and from it: for the page, and for a new one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from riffsynth.playback.messages import (
    AddScore,
    Deck,
    Enter,
    Entered,
    ForgetScores,
    Opened,
    SetPlayback,
    SetTimeline,
    Silence,
)
from riffsynth.spectrogram.clip import Score

T = TypeVar("T")


class Mirror(Generic[T]):
    """Which deck sounds, which one waits, and the scores that they and others may need, each as `keep` makes it."""

    def __init__(self, keep: Callable[[Score], T]) -> None:
        self.opened: Opened | None = None
        self.timeline: SetTimeline | None = None
        self.playback: SetPlayback | None = None
        self.waiting: Enter | None = None
        self.sounding: Enter | None = None
        self.scores: dict[int, T] = {}
        self._forgotten: set[int] = set()
        """Keys that are to go as soon as no deck needs their scores."""
        self._keep = keep

    def apply(self, message: Any) -> bool:
        """Takes a message to or from the player; true if what is known of the time ahead has changed."""
        changed = self._take(message)
        if self._forgotten:
            gone = self._forgotten - self.needed()
            self._forgotten -= gone
            for key in gone:
                self.scores.pop(key, None)
        return changed

    def _take(self, message: Any) -> bool:
        match message:
            case AddScore(key, score):
                self.scores[key] = self._keep(score)
                return False
            case ForgetScores(keys):
                self._forgotten |= set(keys)
                return False
            case Opened():
                self.opened = message
            case SetTimeline():
                self.timeline = message
            case SetPlayback():
                self.playback = message
            case Enter():
                self.waiting = message
            case Entered(deck_id, _):
                if self.waiting and self.waiting.deck.id == deck_id:
                    self.sounding, self.waiting = self.waiting, None
            case Silence():
                self.sounding = self.waiting = None
            case _:
                return False
        return True

    def needed(self) -> set[int]:
        """The keys of the scores that sound or wait."""
        return {key for deck in self._decks() for _, key in deck.anchors}

    def _decks(self) -> list[Deck]:
        return [entry.deck for entry in (self.sounding, self.waiting) if entry]


def retold(mirror: Mirror[Score]) -> list[Any]:
    """The messages that make another mirror the same."""
    entered = [mirror.sounding, Entered(mirror.sounding.deck.id, mirror.sounding.at_beat)] if mirror.sounding else []
    messages = [
        mirror.opened,
        mirror.timeline,
        mirror.playback,
        *(AddScore(key, score) for key, score in mirror.scores.items()),
        *entered,
        mirror.waiting,
    ]
    return [message for message in messages if message is not None]
