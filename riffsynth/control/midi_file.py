"""A MIDI file as the performer: what it plays and when, its tempo map as the clock."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import mido

from riffsynth.control.errors import ControlError
from riffsynth.parameters import PARAMETERS
from riffsynth.timing.tempo_map import TempoMap

MOST_TICKS = 2**31


@dataclass(frozen=True, slots=True)
class Played:
    """One message of the file at its moment, in seconds from the song's beginning."""

    time_s: float
    message: mido.Message


@dataclass(frozen=True)
class MidiPerformance:
    """A whole file."""

    name: str
    played: tuple[Played, ...]
    """In order of time."""
    tempo_map: TempoMap
    meter: int | None
    """Beats a bar, as the file says at its beginning; a beat is a quarter note."""
    beats: float
    """Where its last event is."""


def read_midi_file(path: Path) -> MidiPerformance:
    """Raises ControlError, in one line, for what is no MIDI file, or OSError."""
    try:
        file = mido.MidiFile(str(path), clip=True)
    except OSError as error:
        if error.errno is not None:
            raise
        raise ControlError(f"{path} is no MIDI file: {error}") from None
    except (EOFError, ValueError, IndexError, KeyError, TypeError, LookupError) as error:
        raise ControlError(f"{path} is no MIDI file, or a broken one: {error or 'it ends too soon'}") from None
    if file.type == 2 or not 0 < file.ticks_per_beat < 0x8000:
        raise ControlError(f"{path} holds songs side by side, or counts in film frames; export it as type 0 or 1")
    placed, ticks = [], 0
    for message in mido.merge_tracks(file.tracks):
        ticks = min(MOST_TICKS, ticks + message.time)
        placed.append((ticks / file.ticks_per_beat, message))
    tempos = [(beat, mido.tempo2bpm(message.tempo)) for beat, message in placed if _sets_tempo(message)]
    tempo_map = TempoMap(tempos)
    meters = [message for beat, message in placed if message.type == "time_signature" and beat == 0]
    return MidiPerformance(
        path.stem,
        tuple(Played(tempo_map.time_at(beat), message) for beat, message in placed if not message.is_meta),
        tempo_map,
        _meter(meters[-1]) if meters else None,
        placed[-1][0] if placed else 0.0,
    )


def _sets_tempo(message: mido.Message) -> bool:
    return message.type == "set_tempo" and message.tempo > 0


def _meter(signature: mido.MetaMessage) -> int | None:
    """Quarter notes a bar; None where they are not whole or too many."""
    quarters, row = 4 * signature.numerator / signature.denominator, PARAMETERS["meter"]
    return int(quarters) if quarters == int(quarters) and row.minimum <= quarters <= row.maximum else None
