"""Recordings that the page offers: takes that a viewer started, and what was heard in the last minutes."""

from __future__ import annotations

import io
import wave
from collections import deque
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from riffsynth.playback.messages import Heard
from riffsynth.playback.recorder import Recorder, to_24_bit

KEPT_S = 180.0
"""Seconds of sound that can be saved after they were heard: 32 MB at 44.1 kHz."""


class Takes:
    """Owns the recordings in `folder`. One runs at a time; it holds exactly what was sent to the sound card."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._recorder: Recorder | None = None
        self._frames = 0
        self._rate = 44100
        self._recent: deque[NDArray[np.float32]] = deque()
        self._recent_frames = 0

    @property
    def recording(self) -> float | None:
        """Seconds that the running take has; None where none runs."""
        return self._frames / self._rate if self._recorder else None

    def names(self) -> list[str]:
        """The finished takes, oldest first."""
        running = self._recorder.path if self._recorder else None
        return [path.name for path in sorted(self.folder.glob("take-*.wav")) if path != running]

    def start(self) -> None:
        """Raises OSError where no file can be made."""
        if self._recorder is None:
            number = len(list(self.folder.glob("take-*.wav"))) + 1
            self._recorder, self._frames = Recorder(self.folder / f"take-{number:02}.wav", self._rate), 0

    def stop(self) -> None:
        if self._recorder:
            self._recorder.close()
            self._recorder = None

    def feed(self, heard: Heard) -> None:
        if heard.sample_rate != self._rate:
            self.stop()
            self._recent.clear()
            self._recent_frames, self._rate = 0, heard.sample_rate
        if self._recorder:
            self._recorder.put(heard.samples)
            self._frames += heard.samples.size
            if self._recorder.failure:
                self.stop()
        self._recent.append(heard.samples)
        self._recent_frames += heard.samples.size
        while self._recent_frames - self._recent[0].size > KEPT_S * self._rate:
            self._recent_frames -= self._recent.popleft().size

    def recent(self, seconds: float) -> bytes:
        """The last `seconds` that were heard, or as many as are kept, as a 24-bit WAV file."""
        pieces: deque[NDArray[np.float32]] = deque()
        wanted = round(min(seconds, KEPT_S) * self._rate)
        for piece in reversed(self._recent):
            if wanted <= 0:
                break
            pieces.appendleft(piece[-wanted:])
            wanted -= piece.size
        file = io.BytesIO()
        with wave.open(file, "wb") as wav:
            wav.setnchannels(1)
            wav.setsampwidth(3)
            wav.setframerate(self._rate)
            wav.writeframes(b"".join(to_24_bit(piece) for piece in pieces))
        return file.getvalue()
