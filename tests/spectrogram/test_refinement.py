"""Sound for files comes nearer to its clip and stays a loop; Riffusion's loops keep time and pitch at every tempo."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from riffsynth.playback.core import PlayerCore
from riffsynth.playback.messages import AddScore, Deck, Enter, SetTimeline
from riffsynth.spectrogram.analysis import analyse_loop
from riffsynth.spectrogram.clip import Clip, Score
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.spectrogram.image import read_image
from riffsynth.spectrogram.inversion import score_of
from riffsynth.spectrogram.looping import long_sound, loop_sound
from riffsynth.spectrogram.loudness import playable
from riffsynth.spectrogram.refinement import refined
from riffsynth.spectrogram.spec import EMBEDDED, RIFFUSION
from riffsynth.timing.timeline import Timeline

RATE = 44100
GRID = SynthesisGrid.for_rate(RATE)
SEEDS = Path(__file__).resolve().parents[2].parent / "shared" / "riffusion-seeds"
SPEC = RIFFUSION.with_columns(128)
SAMPLES = round(1.28 * RATE)
BEATS = 17
TEMPI = (80.0, 93.75, 120.0, 174.0)


def music() -> NDArray[np.float32]:
    time = np.arange(SAMPLES) / RATE
    since = time % 0.32
    kick = np.sin(2 * np.pi * (50 * since + 2 * (1 - np.exp(-30 * since)))) * np.exp(-9 * since)
    chord = sum(0.1 / h * np.sin(2 * np.pi * f * h * time) for f in (220.3, 276.6, 330.5) for h in range(1, 9))
    hat = np.random.default_rng(0).normal(0, 0.05, SAMPLES) * np.exp(-60 * (time % 0.16))
    return (0.4 * kick + chord + hat).astype(np.float32)


def distance_db(sound: NDArray[np.float32], clip: Clip) -> float:
    floor = clip.mel.max() * 1e-3
    found = np.maximum(analyse_loop(sound, RATE, clip.spec), floor)
    return float(np.sqrt(np.mean((20 * np.log10(found / np.maximum(clip.mel, floor))) ** 2)))


def test_a_loop_comes_nearer_to_its_clip_and_has_no_seam() -> None:
    clip = Clip(analyse_loop(music(), RATE, SPEC), SPEC)
    plain = loop_sound(score_of(clip, GRID), GRID, SAMPLES)
    sound = refined(plain, clip, RATE)
    assert sound.shape == (SAMPLES,)
    assert distance_db(sound, clip) < 0.6 * distance_db(plain, clip)
    assert sound.std() == pytest.approx(music().std(), rel=0.1)
    bend = np.abs(np.diff(np.concatenate([sound, sound]), 2))
    assert bend[SAMPLES - 30 : SAMPLES + 30].max() < bend[: SAMPLES - 30].max()


def test_what_it_cannot_help_it_leaves_alone() -> None:
    clip = Clip(np.full((EMBEDDED.bands, EMBEDDED.columns), 0.01, np.float32), EMBEDDED)
    sound = np.ones(4 * RATE, np.float32)
    assert refined(sound, clip, RATE) is sound


def test_a_long_sound_goes_on_across_its_pieces() -> None:
    """The same in one piece and in four, to the sample."""
    mel = analyse_loop(np.tile(music(), 2), RATE, RIFFUSION.with_columns(256))
    whole = score_of(Clip(mel, RIFFUSION.with_columns(256)), GRID)
    pieces = [Score(whole.magnitudes[i : i + 64], 1.0) for i in range(0, 256, 64)]
    one, four = (np.concatenate(list(long_sound(scores, GRID, 100.0))) for scores in ([whole], pieces))
    assert one.size == pytest.approx(2.56 * RATE, abs=GRID.hop) and four.size == one.size
    assert np.abs(one - four).max() < 1e-5


def played(image: Path, tempo: float, beats: float) -> NDArray[np.float32]:
    """What the instrument's player makes of a clip."""
    core = PlayerCore(GRID)
    core.apply(SetTimeline(Timeline(0.0, 0.0, tempo / 60)))
    core.apply(AddScore(1, playable(read_image(image), GRID)))
    core.apply(Enter(Deck(1, ((0.0, 1),)), 0.0, 0.0))
    blocks = round(beats * 60 / tempo * RATE / core.block_size)
    return np.concatenate([core.block(i * core.block_size / RATE) for i in range(blocks)])


def onset_curve(sound: NDArray[np.float32], tempo: float, places: int = 768) -> NDArray[np.float64]:
    """How much each of `places` places of eight beats rises, the mean over the passes but the first."""
    size, hop = 512, 64
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(sound, size // 2), size)[::hop] * np.hanning(size)
    level = np.log1p(300 * np.abs(np.fft.rfft(frames, axis=1)))
    rises = np.maximum(0, np.diff(level, axis=0)).mean(axis=1)
    beat = (np.arange(rises.size) + 0.5) * hop / RATE * tempo / 60
    passes = int(beat[-1] // 8)
    at = np.arange(places) * 8 / places
    return np.mean([np.interp(at + 8 * n, beat, rises) for n in range(1, passes)], axis=0)


def lag_s(curve: NDArray[np.float64], reference: NDArray[np.float64], tempo: float) -> float:
    """How much later than in `reference` the onsets of `curve` come, in seconds at `tempo`."""
    fine = 16
    spectra = [np.fft.rfft(c - c.mean()) for c in (curve, reference)]
    likeness = np.fft.irfft(spectra[0] * spectra[1].conj(), fine * curve.size)
    lag = int(likeness.argmax())
    lag = lag - likeness.size if lag > likeness.size // 2 else lag
    return lag / likeness.size * 8 * 60 / tempo


def partials(sound: NDArray[np.float32]) -> NDArray[np.float64]:
    """The long-time spectrum between 100 and 1500 Hz, in cents."""
    size = 1 << 16
    frames = np.lib.stride_tricks.sliding_window_view(sound, size)[:: size // 4] * np.hanning(size)
    power = np.square(np.abs(np.fft.rfft(frames, axis=1))).mean(axis=0)
    cents = np.arange(0, 4600)
    return np.log(np.interp(100 * 2 ** (cents / 1200), np.arange(power.size) * RATE / size, power) + 1e-12)


def strokes(samples: int, rate: int) -> NDArray[np.float32]:
    """A short stroke of drum and noise on each of eight beats."""
    since = np.arange(samples) % (samples / 8) / rate
    noise = np.random.default_rng(0).standard_normal(samples)
    return (0.5 * (np.sin(2 * np.pi * 200 * since) + 0.5 * noise) * np.exp(-since / 0.02)).astype(np.float32)


def stroke_times_s(sound: NDArray[np.float32], rate: int) -> NDArray[np.float64]:
    """(8, 2) where each stroke has risen to a third of its height, and where it is loudest, from its beat on."""
    level = np.convolve(np.abs(np.tile(sound, 3)), np.hanning(round(0.004 * rate)), "same")
    found, reach = [], round(0.1 * rate)
    for beat in range(8):
        near = level[sound.size + round(beat * sound.size / 8) - reach :][: 2 * reach]
        loudest = int(near.argmax())
        risen = int(np.flatnonzero(near[: loudest + 1] < near[loudest] / 3)[-1])
        found.append(((risen - reach) / rate, (loudest - reach) / rate))
    return np.array(found)


@pytest.mark.parametrize("tempo", TEMPI)
def test_what_is_played_in_riffusions_measure_lies_on_the_grid(tempo: float) -> None:
    """Against the sound itself, and not against an image whose window of 100 ms shows a stroke before it comes."""
    source = strokes(round(8 * 0.64 * RATE), RATE)
    heard = Clip(analyse_loop(source, RATE, RIFFUSION), RIFFUSION).sound(tempo)
    off = stroke_times_s(heard, RATE) - np.median(stroke_times_s(source, RATE), axis=0)
    assert np.abs(np.median(off, axis=0)).max() < 0.010


@pytest.mark.skipif(not SEEDS.is_dir(), reason="Riffusion's seed images are not beside the project")
@pytest.mark.parametrize(
    "name", ["og_beat", pytest.param("agile", marks=pytest.mark.slow), pytest.param("vibes", marks=pytest.mark.slow)]
)
def test_riffusions_loops_keep_the_grid_and_their_pitch_at_every_tempo(name: str) -> None:
    """Onsets within 10 ms of where the loop at its own tempo has them in the beat, its partials within 10 cents."""
    own = played(SEEDS / f"{name}.png", 93.75, BEATS)
    curve, spectrum = onset_curve(own, 93.75), partials(own[RATE:])
    for tempo in TEMPI:
        sound = played(SEEDS / f"{name}.png", tempo, BEATS)
        assert abs(lag_s(onset_curve(sound, tempo), curve, tempo)) < 0.010, tempo
        found = partials(sound[RATE:])
        shifts = np.arange(-60, 61)
        inner = slice(60, -60)
        likeness = [np.corrcoef(np.roll(found, -shift)[inner], spectrum[inner])[0, 1] for shift in shifts]
        assert abs(int(shifts[int(np.argmax(likeness))])) < 10, tempo
