"""How loud an audio input is: a process of its own that listens and tells. No sound is kept.

PortAudio can hang with its sound server, so it runs neither in control nor in the player.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from riffsynth.playback.messages import Warned
from riffsynth.processes.channel import Channel
from riffsynth.processes.spawning import spawn

BLOCK_S = 0.02
ATTACK_S, RELEASE_S = 0.01, 0.25
DEFAULT = "default"
QUIETEST_DB = -120.0


@dataclass(frozen=True, slots=True)
class Level:
    """How loud it is now."""

    db: float
    """RMS, dB full scale, risen and fallen as `Follower` does."""


@dataclass(frozen=True, slots=True)
class Leave:
    """To the listener: nobody follows it any more."""


class Follower:
    """Follows loudness: up at once, down slowly, so that what it moves does not flutter."""

    def __init__(self) -> None:
        self._power = 0.0

    def follow(self, power: float, seconds: float) -> float:
        """dB after another `seconds` of mean `power`."""
        time_s = ATTACK_S if power > self._power else RELEASE_S
        self._power += (1 - math.exp(-seconds / time_s)) * (power - self._power)
        return max(QUIETEST_DB, 10 * math.log10(self._power)) if self._power > 0 else QUIETEST_DB


def start_input(device: str, on_news: Callable[[], object] = lambda: None) -> tuple[BaseProcess, Channel]:
    """Starts listening to the input whose name has `device` in it. It tells `Level`s, or `Warned` and ends."""
    return spawn("input", input_main, device, on_news)


def input_main(connection: Connection, device: str) -> None:
    """The child process: listens until it is told to leave, or the connection closes."""
    channel = Channel(connection, "control")
    try:
        _listen(channel, device)
    except Exception as error:  # whatever a sound system can raise, it is one line for the performer
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        channel.send(Warned(f"the audio input {device!r} cannot be heard: {reason}"))
        channel.close()
        sys.exit(2)
    channel.close(0.0)


def _listen(channel: Channel, device: str) -> None:
    import sounddevice

    follower = Follower()
    power = frames = 0.0

    def hear(block: Any, count: int, _time: Any, _status: Any) -> None:
        """Late is no harm here: what is missed is not kept anyway. (PortAudio's blocking read crashes over JACK.)"""
        nonlocal power, frames
        power, frames = power + float(block[:, 0] @ block[:, 0]), frames + count
        if frames >= BLOCK_S * stream.samplerate:
            channel.send(Level(follower.follow(power / frames, frames / stream.samplerate)))
            power = frames = 0.0

    stream = sounddevice.InputStream(
        device=_found(sounddevice, device), channels=1, dtype="float32", callback=hear, latency="high"
    )
    with stream:
        while not channel.closed and not channel.receive():
            channel.wait(1.0)


def _found(sounddevice: Any, name: str) -> int | None:
    """The input's number; None for the system's default. Raises ValueError."""
    if name == DEFAULT:
        return None
    inputs = [
        (index, device["name"])
        for index, device in enumerate(sounddevice.query_devices())
        if device["max_input_channels"] > 0
    ]
    for index, found in inputs:
        if name.lower() in found.lower():
            return index
    raise ValueError("there is " + (", ".join(found for _, found in inputs) or "none"))
