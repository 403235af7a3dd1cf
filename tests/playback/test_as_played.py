"""A clip as a file or a notebook plays it: at any tempo, in tune, on the beat, round without a click."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_clips import tone_clip

import riffsynth
from riffsynth.spectrogram.clip import Clip, ClipError


def loudest_hz(sound, rate=44100):
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(sound.size), 4 * sound.size))
    return spectrum.argmax() * rate / (4 * sound.size)


@pytest.mark.parametrize(("tempo", "rate"), [(60, 44100), (174, 48000)])
def test_another_tempo_stretches_and_bends_no_pitch(tempo, rate):
    sound = tone_clip(440.0).sound(tempo, rate)
    assert sound.size == round(8 * 60 / tempo * rate)
    assert 1200 * abs(np.log2(loudest_hz(sound, rate) / 440)) < 5


def test_pitch_transposes_and_keeps_the_tempo():
    sound = tone_clip(440.0).sound(120, pitch=-12)
    assert sound.size == 4 * 44100
    assert 1200 * abs(np.log2(loudest_hz(sound) / 220)) < 5


def test_the_first_sample_is_the_first_beat():
    sound = tone_clip(1000.0, ticks_a_beat=1).sound(100)
    beat = round(0.6 * 44100)
    energy = np.array([(sound[start : start + 2205] ** 2).sum() for start in range(0, sound.size - 2205, 441)])
    loud = np.flatnonzero(energy > 0.6 * energy.max()) * 441
    off = (loud + beat // 2) % beat - beat // 2
    assert np.abs(off).max() < 0.06 * 44100
    assert len({round(start / beat) % 8 for start in loud}) == 8


def test_the_loop_goes_round_without_a_click():
    sound = tone_clip(440.0).sound(97)
    bend = np.abs(np.diff(np.concatenate([sound, sound]), 2))
    seam = bend[sound.size - 50 : sound.size + 50].max()
    assert seam < 2 * np.quantile(bend, 0.99)
    around = np.concatenate([sound[-2205:], sound[:2205]])
    assert around.std() == pytest.approx(sound.std(), rel=0.3)


@pytest.mark.parametrize(("beats", "heard"), [(6.0, 6), (8.5, 8.5), (16.0, 16), (20.5, 20)])
def test_clips_of_any_length_are_heard_whole(beats, heard):
    clip = tone_clip(440.0)
    assert Clip(clip.mel, replace(clip.spec, beats=beats)).sound(400, 16000).size == round(heard * 60 / 400 * 16000)


def test_the_same_clip_gives_the_same_samples():
    clip = tone_clip(330.0)
    np.testing.assert_array_equal(clip.sound(240, 16000), clip.sound(240, 16000))


@pytest.mark.parametrize("settings", [{"tempo": 5}, {"tempo": float("nan")}, {"rate": 0}, {"pitch": 99}])
def test_values_out_of_range_are_refused_with_the_range(settings):
    with pytest.raises(ClipError, match=r"lies in .*\.\."):
        tone_clip(440.0).sound(**settings)


def test_a_sequence_plays_each_clip_once_and_crossfades_on_the_beat():
    low, high = tone_clip(330.0), tone_clip(990.0)
    sound = riffsynth.sequence([low, high, low], tempo=240, rate=32000, crossfade=1)
    assert sound.size == 3 * 2 * 32000
    quarter = 32000 // 2
    heard = [loudest_hz(sound[start : start + quarter], 32000) for start in (16000, 80000, 144000)]
    assert heard == pytest.approx([330, 990, 330], rel=0.01)
    bend = np.abs(np.diff(sound, 2))
    assert bend.max() < 4 * np.quantile(bend, 0.99)
    assert abs(sound[-1]) < 1e-3


def test_a_sequence_of_nothing_or_of_different_lengths_is_refused():
    clip = tone_clip(440.0)
    short = Clip(clip.mel, replace(clip.spec, beats=4.0))
    for clips in ([], [clip, short]):
        with pytest.raises(ClipError, match="one length"):
            riffsynth.sequence(clips)
