"""The listener: a process that keeps what the input hears and makes clips of it. It delays neither clock nor player."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Any

from riffsynth.listening.messages import Deaf, Early, Heard, Listen
from riffsynth.processes.channel import Channel
from riffsynth.processes.spawning import spawn

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from riffsynth.listening.memory import SoundMemory

KEPT_S = 45.0
"""Eight beats at 11 beats a minute."""
PATIENCE_S = 1.0
"""For samples that are still on their way."""
POLL_S = 0.05
QUIET = 1e-4
"""A peak below this is no sound."""


@dataclass(frozen=True, slots=True)
class ListenerConfig:
    """What a listener is started with."""

    device: str | None = None
    """An input's name or part of it; None is the system's default."""
    sample_rate: int = 44100
    """Of the session's synthesis grid."""


def start_listener(config: ListenerConfig, on_news: Callable[[], object]) -> tuple[BaseProcess, Channel]:
    """Starts a listener, which ends when the channel is closed."""
    return spawn("listener", listener_main, config, on_news)


def listener_main(connection: Connection, config: ListenerConfig) -> None:
    """The child process."""
    channel = Channel(connection, "control")
    blocks: deque[tuple[NDArray[np.float32], float]] = deque(maxlen=10_000)
    try:
        stream, memory = open_input(config.device, blocks)
    except Exception as error:  # PortAudio's errors, and what drivers raise
        channel.send(Deaf(f"the input does not open ({' '.join(str(error).split())}); name another with --input"))
        channel.close()
        return
    with stream:
        while not channel.closed:
            channel.wait(POLL_S)
            waiting = [message for message in channel.receive() if isinstance(message, Listen)]
            take_in(memory, blocks)
            if waiting:
                until = time.perf_counter() + PATIENCE_S
                while memory.heard_until < waiting[-1].end and time.perf_counter() < until and not channel.closed:
                    time.sleep(POLL_S / 5)
                    take_in(memory, blocks)
                channel.send(answered(memory, waiting[-1], config.sample_rate))
    channel.close()


def open_input(device: str | None, blocks: deque[tuple[NDArray[np.float32], float]]) -> tuple[Any, SoundMemory]:
    """A stream that puts blocks with their times into `blocks`, and the memory for them. Raises PortAudio's errors."""
    from riffsynth.commands.devices import portaudio
    from riffsynth.listening.memory import SoundMemory

    sounddevice = portaudio()
    info = sounddevice.query_devices(device, "input")
    rate = round(info["default_samplerate"])

    def heard(samples: Any, frames: int, times: Any, status: Any) -> None:
        # Some hosts report zero: then the block has just ended.
        ago = times.currentTime - times.inputBufferAdcTime
        if not 0 < ago < 2.0:
            ago = frames / rate
        blocks.append((samples.mean(axis=1), time.perf_counter() - ago))

    channels = min(2, info["max_input_channels"])
    stream = sounddevice.InputStream(device=device, samplerate=rate, channels=channels, dtype="float32", callback=heard)
    return stream, SoundMemory(rate, KEPT_S)


def take_in(memory: SoundMemory, blocks: deque[tuple[NDArray[np.float32], float]]) -> None:
    """Moves what the callback has left into the memory."""
    while blocks:
        memory.put(*blocks.popleft())


def answered(memory: SoundMemory, asked: Listen, sample_rate: int) -> Heard | Early | Deaf:
    """The loop that was asked for, or why there is none."""
    import numpy as np

    from riffsynth.spectrogram.analysis import analyse_loop
    from riffsynth.spectrogram.clip import Clip
    from riffsynth.spectrogram.grid import SynthesisGrid
    from riffsynth.spectrogram.loudness import playable
    from riffsynth.spectrogram.spec import EMBEDDED

    sound = memory.between(asked.start, asked.end)
    if sound is None:
        return _missed(memory, asked)
    if np.abs(sound).max() < QUIET:
        return Deaf("the input is silent: is it connected?")
    mel = analyse_loop(sound, memory.sample_rate, EMBEDDED)
    clip = Clip(np.roll(mel, round(asked.phase * EMBEDDED.columns), axis=1), EMBEDDED)
    return Heard(clip, playable(clip, SynthesisGrid.for_rate(sample_rate)))


def _missed(memory: SoundMemory, asked: Listen) -> Early | Deaf:
    """Why it does not remember what was asked for."""
    if memory.heard_until < asked.end:
        return Deaf("the input brings no sound any more: is its device still there?")
    if memory.full:
        return Deaf(f"eight beats last longer than the {KEPT_S:g} s that the input remembers: play faster")
    return Early()
