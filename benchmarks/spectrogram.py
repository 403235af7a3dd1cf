"""A Riffusion image of 512 x 512 to sound on the CPU: riffsynth's way beside Riffusion's own settings, in one run.

Riffusion's way is written out here in plain torch from its parameters: mel bands inverted to 8821 bins by 200 steps of
gradient descent on a dense matrix, then 32 iterations of fast Griffin-Lim with n_fft 17640, window 4410 and hop 441, as
torchaudio does both. The two sounds are judged by one measure: each is measured as Riffusion measures sound, brought to
the image's level, and compared with the image's own magnitudes in dB.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from synthesis import music_like

from riffsynth.spectrogram.analysis import analyse_loop, from_image, to_image
from riffsynth.spectrogram.clip import Clip
from riffsynth.spectrogram.mel import triangles
from riffsynth.spectrogram.rendering import rendered
from riffsynth.spectrogram.spec import RIFFUSION

RATE, N_FFT, WINDOW, HOP = 44100, 17640, 4410, 441
COLUMNS = 512
DESCENT_STEPS, DESCENT_RATE, DESCENT_MOMENTUM = 200, 0.1, 0.9
GRIFFIN_LIM_ITERATIONS, ACCELERATION = 32, 0.99
REFERENCE = 30e6
"""The loudest magnitude of a Riffusion image."""
FLOOR_DB = -60.0
"""Below the image's loudest magnitude; what is softer counts as this."""
EDGE_COLUMNS = 12
"""Riffusion's sound has ends and is no loop: the columns that a window beyond them reaches are not judged."""
OURS_RUNS = 5


def run() -> dict[str, float]:
    """Seconds, distances in dB, and `ratio_to_riffusion`: how many times faster riffsynth is (its best of 5 runs)."""
    clip = image_of(music_like(COLUMNS * HOP / RATE))

    def ours() -> NDArray[np.float32]:
        return rendered((clip,), COLUMNS * HOP, RATE)[:, 0]

    ours()  # what depends on the measure alone is made once
    seconds, made = min((_timed(ours) for _ in range(OURS_RUNS)), key=lambda timed: timed[0])
    riffusion_seconds, theirs = _timed(lambda: riffusion_sound(clip.mel))
    return {
        "seconds": seconds,
        "riffusion_seconds": riffusion_seconds,
        "ratio_to_riffusion": riffusion_seconds / seconds,
        "distance_db": distance_db(made, clip.mel),
        "riffusion_distance_db": distance_db(theirs, clip.mel),
    }


def image_of(sound: NDArray[np.float32]) -> Clip:
    """What an image of 8 bits keeps of a sound."""
    loud = np.rint(255 * to_image(analyse_loop(sound, RATE, RIFFUSION), RIFFUSION)) / 255
    return Clip(from_image(loud.astype(np.float32), RIFFUSION), RIFFUSION)


@torch.no_grad()
def riffusion_sound(mel: NDArray[np.float32], device: str = "cpu") -> NDArray[np.float32]:
    """(511 * 441,) sound of (512, 512) mel magnitudes by Riffusion's settings."""
    generator = torch.Generator().manual_seed(0)
    bands = torch.from_numpy(mel.T / mel.max() * np.float32(REFERENCE)).to(device)
    frequencies = np.arange(N_FFT // 2 + 1) * RATE / N_FFT
    filters = torch.from_numpy(np.ascontiguousarray(triangles(RIFFUSION, frequencies).toarray().T)).to(device)
    magnitudes = torch.rand(COLUMNS, N_FFT // 2 + 1, generator=generator).to(device)
    speed = torch.zeros_like(magnitudes)
    for _ in range(DESCENT_STEPS):  # the loss is the mean over time of the squared differences of all bands
        slope = (2 / COLUMNS) * ((magnitudes @ filters - bands) @ filters.T)
        speed = DESCENT_MOMENTUM * speed + slope
        magnitudes = (magnitudes - DESCENT_RATE * speed).clamp_(min=0)
    return _griffin_lim(magnitudes.T.contiguous(), generator)


def _griffin_lim(magnitudes: torch.Tensor, generator: torch.Generator) -> NDArray[np.float32]:
    """Perraudin, Balazs and Sondergaard 2013, from random phases."""
    window = torch.hann_window(WINDOW, device=magnitudes.device)
    options = {"n_fft": N_FFT, "hop_length": HOP, "win_length": WINDOW, "window": window}
    chance = torch.rand(magnitudes.shape, generator=generator).to(magnitudes.device)
    phases = torch.polar(torch.ones_like(magnitudes), 2 * torch.pi * chance)
    before = torch.zeros_like(phases)
    for _ in range(GRIFFIN_LIM_ITERATIONS):
        sound = torch.istft(magnitudes * phases, **options)
        rebuilt = torch.stft(sound, return_complex=True, **options)
        phases = rebuilt - before * (ACCELERATION / (1 + ACCELERATION))
        phases = phases / (phases.abs() + 1e-16)
        before = rebuilt
    return torch.istft(magnitudes * phases, **options).cpu().numpy()


def distance_db(sound: NDArray[np.float32], mel: NDArray[np.float32]) -> float:
    """Log-spectral distance of a sound to (bands, columns) magnitudes: RMS over the bands, mean over the columns."""
    whole = np.zeros(COLUMNS * HOP, np.float32)
    whole[: sound.size] = sound / np.abs(sound).max()
    used = slice(EDGE_COLUMNS, -EDGE_COLUMNS)
    found, wanted = analyse_loop(whole, RATE, RIFFUSION)[:, used], mel[:, used]
    loud = wanted > wanted.max() * 10 ** (FLOOR_DB / 20)
    gain = np.exp(np.mean(np.log(wanted[loud]) - np.log(np.maximum(found[loud], 1e-12))))
    floor = wanted.max() * 10 ** (FLOOR_DB / 20)
    difference = 20 * np.log10(np.maximum(found * gain, floor) / np.maximum(wanted, floor))
    return float(np.sqrt(np.mean(difference**2, axis=0)).mean())


def _timed(make: Callable[[], NDArray[np.float32]]) -> tuple[float, NDArray[np.float32]]:
    start = time.perf_counter()
    made = make()
    return time.perf_counter() - start, made
