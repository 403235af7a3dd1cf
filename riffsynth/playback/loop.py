"""One clip as the sound of its loop, made by the player's own synthesis: what a file or a notebook plays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from riffsynth.parameters import PARAMETERS
from riffsynth.playback.core import PlayerCore
from riffsynth.playback.limiter import CEILING
from riffsynth.playback.messages import AddScore, Deck, Enter, PlaybackState, SetPlayback, SetTimeline, Warned
from riffsynth.spectrogram.clip import Clip, ClipError
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.spectrogram.loudness import playable
from riffsynth.timing.timeline import Timeline

LEAD_IN_S = 0.5
"""Heard before the first beat and thrown away: phases settle, and the loop's end knows what precedes its start."""
SEAM_S = 0.02
"""The loop's end fades into what was heard before its start, so that it goes round without a click."""
LOWEST_RATE, HIGHEST_RATE = 16000, 192000
"""Hz; lower, the long windows of the bass would have no room below half the rate that they are decimated to."""
_LONGEST_METER = int(PARAMETERS["meter"].maximum)


def loop_sound(clip: Clip, tempo: float, rate: int = 44100, pitch: float = 0.0) -> NDArray[np.float32]:
    """(samples,) mono, 1.0 full scale: the clip once round at `tempo` beats a minute and `rate` Hz, closed as a loop.

    `pitch` transposes by semitones; the tempo stays. A clip of 16 beats and more ends at its last whole beat.
    Raises ClipError for a tempo, rate or pitch out of range.
    """
    for name, value in (("tempo", tempo), ("pitch", pitch)):
        lowest, highest = PARAMETERS[name].minimum, PARAMETERS[name].maximum
        if not lowest <= value <= highest:
            raise ClipError(f"{name} lies in {lowest:g}..{highest:g} {PARAMETERS[name].unit}, found {value:g}")
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise ClipError(f"a sample rate lies in {LOWEST_RATE}..{HIGHEST_RATE} Hz, found {rate}")
    whole = clip.beats < _LONGEST_METER  # a clip that holds no whole bar is played as it is
    beats = clip.beats if whole else float(int(clip.beats))
    core = _playing(clip, tempo, rate, pitch, meter=_LONGEST_METER if whole else 1)
    lead = -(-round(LEAD_IN_S * rate) // core.block_size)
    frames = round(beats * 60.0 / tempo * rate)
    blocks = -(-frames // core.block_size)
    sound = np.concatenate([core.block(index * core.block_size / rate) for index in range(-lead, blocks)])
    for event in core.events():
        if isinstance(event, Warned):
            raise ClipError(event.text)
    start = lead * core.block_size
    return _closed(sound[start : start + frames], sound[:start], round(SEAM_S * rate))


def _playing(clip: Clip, tempo: float, rate: int, pitch: float, meter: int) -> PlayerCore:
    """A player whose song starts at time 0 and is nothing but the clip."""
    core = PlayerCore(SynthesisGrid.for_rate(rate))
    core.apply(SetTimeline(Timeline(beats_per_second=tempo / 60.0)))
    core.apply(SetPlayback(PlaybackState(pitch=pitch, meter=meter)))
    core.apply(AddScore(1, playable(clip, core.grid)))
    core.apply(Enter(Deck(1, ((0.0, 1),)), -np.inf, 0.0))
    return core


def _closed(loop: NDArray[np.float32], before: NDArray[np.float32], seam: int) -> NDArray[np.float32]:
    """`loop` with its last `seam` samples faded into those of `before`, in powers: their phases are strangers."""
    seam = min(seam, loop.size, before.size)
    rise = np.sin(np.linspace(0, np.pi / 2, seam, dtype=np.float32)) ** 2
    closed = loop.copy()
    end = np.sqrt(1 - rise) * loop[loop.size - seam :] + np.sqrt(rise) * before[before.size - seam :]
    closed[closed.size - seam :] = np.clip(end, -CEILING, CEILING)
    return closed
