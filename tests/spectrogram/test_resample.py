import numpy as np
import pytest

from riffsynth.spectrogram.resample import PitchResampler

HOP = 512


def hops_of(signal):
    starts = iter(range(0, signal.size - HOP, HOP))
    return lambda ahead: signal[(start := next(starts)) : start + HOP]


def resampled(signal, ratio, block, samples):
    resampler, source = PitchResampler(), hops_of(signal)
    blocks = [resampler.pull(min(block, samples - start), ratio, source) for start in range(0, samples, block)]
    return np.concatenate(blocks)


def sine(frequency, samples=1 << 15, rate=44100):
    return np.sin(2 * np.pi * frequency * np.arange(samples) / rate).astype(np.float32)


NOISE = np.random.default_rng(0).normal(0, 0.1, 1 << 15).astype(np.float32)


def test_ratio_one_passes_samples_untouched_and_undelayed():
    assert np.array_equal(resampled(NOISE, 1.0, 128, 8192), NOISE[:8192])


@pytest.mark.parametrize("ratio", [0.25, 0.5, 0.97, 1.0, 1.2599, 2.0, 4.0])
@pytest.mark.parametrize("block", [1, 7, 128, 1000])
def test_every_block_size_gives_the_same_samples(ratio, block):
    samples = 2000
    assert np.array_equal(resampled(NOISE, ratio, block, samples), resampled(NOISE, ratio, samples, samples))


@pytest.mark.parametrize("ratio", [0.5, 0.75, 1.5, 2.0])
@pytest.mark.parametrize("frequency", [100.0, 997.0, 9000.0])
def test_a_tone_is_transposed_and_its_images_lie_60_db_down(ratio, frequency):
    out = resampled(sine(frequency), ratio, 128, 12000)[1000:]
    position = 2 * np.pi * frequency * ratio * np.arange(out.size) / 44100
    basis = np.stack([np.sin(position), np.cos(position)], axis=1)
    fit, *_ = np.linalg.lstsq(basis, out, rcond=None)
    assert np.hypot(*fit) == pytest.approx(1.0, abs=0.01)
    assert np.abs(out - basis @ fit).max() < 1e-3


def test_a_glide_leaves_no_step_and_ends_on_untouched_samples():
    signal = sine(400)
    resampler, source = PitchResampler(), hops_of(signal)
    ratios = [*np.linspace(1, 1.5, 20), *np.linspace(1.5, 1, 20), *[1.0] * 40]
    out = np.concatenate([resampler.pull(128, ratio, source) for ratio in ratios])
    assert np.abs(np.diff(out, 2)).max() < 1.1 * (2 * np.pi * 400 * 1.5 / 44100) ** 2
    tail = out[-512:]
    assert any(np.array_equal(tail, signal[start : start + 512]) for start in range(5000, 15000))


@pytest.mark.parametrize("ratio", [0.5, 1.0, 1.9])
@pytest.mark.parametrize("block", [32, 128, 500])
def test_it_tells_when_the_asked_hop_will_sound(ratio, block):
    """Hop k's first sample sounds at k HOP / ratio, whatever the block in which it was asked for."""
    resampler = PitchResampler()
    told = []
    for start in range(0, 6000, block):
        resampler.pull(block, ratio, lambda ahead, start=start: (told.append(start + ahead), np.zeros(HOP))[1])
    assert told == pytest.approx(np.arange(len(told)) * HOP / ratio, abs=1e-3)
