"""Clips as the player plays them, with its pitch, its crossfades and its ceiling: what a notebook hears.

`files.sounds` makes the sound of a file, for which there is more time.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from riffsynth.parameters import PARAMETERS
from riffsynth.playback.core import PlayerCore
from riffsynth.playback.limiter import CEILING
from riffsynth.playback.messages import AddScore, Deck, Enter, PlaybackState, SetPlayback, SetTimeline, Warned
from riffsynth.spectrogram.clip import Clip, ClipError
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.spectrogram.looping import closed_loop
from riffsynth.spectrogram.loudness import playable
from riffsynth.timing.timeline import Timeline

LEAD_IN_S = 0.5
"""Heard before the first beat and thrown away: phases settle, and the loop's end knows what precedes its start."""
FADE_S = 0.02
"""A sequence's end."""
LOWEST_RATE, HIGHEST_RATE = 16000, 192000
"""Hz; lower, the long windows of the bass would have no room below half the rate that they are decimated to."""
_LONGEST_METER = int(PARAMETERS["meter"].maximum)


def loop_as_played(clip: Clip, tempo: float, rate: int = 44100, pitch: float = 0.0) -> NDArray[np.float32]:
    """(samples,) mono, 1.0 full scale: the clip once round at `tempo` beats a minute and `rate` Hz, closed as a loop.

    `pitch` transposes by semitones; the tempo stays. A clip of 16 beats and more ends at its last whole beat.
    Raises ClipError for a tempo, rate or pitch out of range.
    """
    before, loop = _played([clip], tempo, rate, pitch, 0.0)
    return np.clip(closed_loop(before, loop, rate), -CEILING, CEILING)


def sequence_as_played(
    clips: Sequence[Clip], tempo: float, rate: int = 44100, crossfade: float = 1.0
) -> NDArray[np.float32]:
    """(samples,) mono: each clip once round, one after the other, `crossfade` beats from one to the next.

    Raises ClipError for no clips, for clips of different lengths, and for values out of range.
    """
    if not clips or len({clip.beats for clip in clips}) > 1:
        lengths = ", ".join(sorted({f"{clip.beats:g}" for clip in clips})) or "none"
        raise ClipError(f"clips of one length are needed, found {lengths} beats")
    _check("crossfade", crossfade)
    _, sound = _played(clips, tempo, rate, 0.0, crossfade)
    fade = min(round(FADE_S * rate), sound.size)
    sound[sound.size - fade :] *= np.cos(np.linspace(0, np.pi / 2, fade, dtype=np.float32)) ** 2
    return sound


def _played(
    clips: Sequence[Clip], tempo: float, rate: int, pitch: float, crossfade: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """What is heard before the first beat, and from it on: each clip once round."""
    _check("tempo", tempo)
    _check("pitch", pitch)
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise ClipError(f"a sample rate lies in {LOWEST_RATE}..{HIGHEST_RATE} Hz, found {rate}")
    beats = clips[0].beats
    whole = beats < _LONGEST_METER  # a clip that holds no whole bar is played as it is
    looped = beats if whole else float(int(beats))
    core = PlayerCore(SynthesisGrid.for_rate(rate))
    core.apply(SetTimeline(Timeline(beats_per_second=tempo / 60.0)))
    core.apply(SetPlayback(PlaybackState(pitch=pitch, meter=_LONGEST_METER if whole else 1)))
    lead = -(-round(LEAD_IN_S * rate) // core.block_size)
    frames = round(looped * len(clips) * 60.0 / tempo * rate)
    decks = enumerate(clips)
    _enter(core, next(decks), looped, crossfade)
    sound = []
    for index in range(-lead, -(-frames // core.block_size)):
        sound.append(core.block(index * core.block_size / rate))
        for event in core.events():
            if isinstance(event, Warned):
                raise ClipError(event.text)
            if following := next(decks, None):  # one has entered, so that the next one can wait
                _enter(core, following, looped, crossfade)
    start = lead * core.block_size
    heard = np.concatenate(sound)
    return heard[:start], heard[start : start + frames]


def _enter(core: PlayerCore, deck: tuple[int, Clip], beats: float, crossfade: float) -> None:
    number, clip = deck
    core.apply(AddScore(number, playable(clip, core.grid)))
    core.apply(Enter(Deck(number, ((0.0, number),)), number * beats, crossfade))


def _check(name: str, value: float) -> None:
    lowest, highest = PARAMETERS[name].minimum, PARAMETERS[name].maximum
    if not lowest <= value <= highest:
        raise ClipError(f"{name} lies in {lowest:g}..{highest:g} {PARAMETERS[name].unit}, found {value:g}")
