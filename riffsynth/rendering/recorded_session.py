"""`riffsynth render --session`: the recording of a live session, made again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from riffsynth.errors import RiffsynthError
from riffsynth.performance.session_log import numbered
from riffsynth.playback.log import replay_to_wav


class SessionError(RiffsynthError):
    """A file that is no session's log, or lacks what it names; the message says so."""


def read_session(path: Path) -> Iterator[dict[str, Any]]:
    """The events of a session's log; a line that a crash cut off is its end. Raises SessionError or OSError."""
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file):
            try:
                event = json.loads(line)
            except ValueError:
                event = None
            if number == 0 and (not isinstance(event, dict) or event.get("event") != "session"):
                raise SessionError(f"{path} is no log of a session: `riffsynth play --session FILE` writes one")
            if event is None:
                return
            yield event


def player_logs(path: Path) -> list[Path]:
    """The logs of the players that a session had, in order. Raises SessionError or OSError."""
    logs = [path.parent / event["log"] for event in read_session(path) if event["event"] == "player"]
    if not logs:
        raise SessionError(f"{path}: no player had begun")
    for log in logs:
        if not log.is_file():
            raise SessionError(f"{path} needs {log} beside it, which holds the clips, and it is not there")
    return logs


def render_session(path: Path, output: Path) -> list[Path]:
    """Makes a session's recording again; where its player was started anew, each one's in a file of its own.

    The files that were written. Raises SessionError, LogError or OSError.
    """
    written = []
    for nth, log in enumerate(player_logs(path), 1):
        written.append(numbered(output, nth))
        replay_to_wav(log, written[-1])
    return written
