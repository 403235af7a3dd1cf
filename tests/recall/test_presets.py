"""The presets that ship: each loads, sounds, sounds like no other, and morphs to its neighbour without a click."""

from __future__ import annotations

from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from measuring.listening import Sound, loudness_db, spectrum_db
from numpy.typing import NDArray
from virtual_show import RATE

from riffsynth.recall.preset import load_preset
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.spectrogram.image import read_image
from riffsynth.spectrogram.loudness import playable

FILES = sorted((Path(__file__).parents[2] / "presets").glob("*.yaml"))
NEIGHBOURS = [file for file in FILES if file.stem in ("four-on-the-floor", "garage-door")]
"""What the short suite plays; the rest takes minutes."""
SOUNDING_DB = -35.0
DIFFERENT_DB = 1.5
"""Mean difference of third octaves between two presets."""
BEYOND_HZ = 17500.0
"""No model's clip reaches it: what is there was made by a step in the samples."""
CLICK_DB = 10.0
"""Above what the same music has there without a morph."""
FLOOR_DB = -85.0


def ids(file: Path) -> str:
    return file.stem


def beyond_db(sound: Sound) -> NDArray[np.float64]:
    """Level above `BEYOND_HZ` in steps of 1.5 ms, dB full scale."""
    frames = np.lib.stride_tricks.sliding_window_view(sound, 256)[::64] * np.hanning(256)
    power = np.square(np.abs(np.fft.rfft(frames, axis=1))) / 256**2
    return 10 * np.log10(power[:, round(BEYOND_HZ * 256 / RATE) :].sum(axis=1) + 1e-14)


def apart_db(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    return float(np.abs(one - other).mean())


def test_there_are_twenty_and_each_names_what_it_is_for_and_a_clip_of_its_own():
    assert len(FILES) >= 20
    loaded = [load_preset(file) for file in FILES]
    assert len({preset.name for preset in loaded}) == len(FILES)
    assert all(preset.description and preset.values["a.prompt"] and preset.values["b.prompt"] for preset in loaded)
    assert [preset.clip for preset in loaded] == [file.with_suffix(".png") for file in FILES]


def test_first_clips_sound_and_no_two_are_alike():
    grid = SynthesisGrid.for_rate(RATE)
    bands = {}
    for file in FILES:
        score = playable(read_image(file.with_suffix(".png")), grid)
        power = np.square(score.magnitudes, dtype=np.float32)
        assert power.sum() > 0, file.stem
        # Level of a sixth octave each, over time: clips count the same beats in the same columns.
        edges = np.searchsorted(grid.frequencies[: power.shape[1]], 60.0 * 2.0 ** (np.arange(48) / 6))
        level = np.stack([power[:, a : max(a + 1, b)].sum(axis=1) for a, b in pairwise(edges)])
        bands[file.stem] = np.maximum(10 * np.log10(level + 1e-12), 10 * np.log10(level.max()) - 60)
    for one, other in combinations(bands, 2):
        assert np.abs(bands[one] - bands[other]).mean() > 3.0, f"{one} and {other}"


def morphed_without_a_click(show, one: Path, other: Path, folder: Path) -> tuple[Sound, Sound]:
    """What is heard before and after a walk of a bar, from the first to the second of a set of two."""
    evening = folder / "evening.yaml"
    evening.write_text(f"- {one}\n- {other}\n")
    performance = show(one)
    performance.set("setlist", str(evening))
    before = performance.play(6)
    performance.set("morph_beats", 4.0)
    performance.set("next")
    morph = performance.play(8)
    store, values = performance.session.store, load_preset(other).values
    assert all(store.get(name) == values[name] for name in ("a.prompt", "b.prompt"))
    after = performance.play(4)
    usual = max(beyond_db(before).max(), beyond_db(after).max(), FLOOR_DB)
    assert beyond_db(morph).max() < usual + CLICK_DB
    assert min(loudness_db(sound) for sound in (before, morph, after)) > SOUNDING_DB
    assert performance.said == []
    return before, after


def test_a_preset_sounds_from_the_first_beat_and_morphs_to_its_neighbour(show, tmp_path):
    before, after = (spectrum_db(sound, RATE) for sound in morphed_without_a_click(show, *NEIGHBOURS, tmp_path))
    assert apart_db(before, after) > DIFFERENT_DB


def heard(show, file: Path, beats: float) -> NDArray[np.float32]:
    performance = show(file)
    sound = performance.play(beats)
    assert performance.said == []
    assert loudness_db(sound) > SOUNDING_DB
    assert loudness_db(sound[-RATE:]) > SOUNDING_DB - 10
    return sound


@pytest.mark.slow
def test_all_of_them_play_eight_bars_and_no_two_are_alike(show):
    heard_of = {file.stem: spectrum_db(heard(show, file, 32), RATE) for file in FILES}
    for one, other in combinations(heard_of, 2):
        assert apart_db(heard_of[one], heard_of[other]) > DIFFERENT_DB, f"{one} and {other}"


@pytest.mark.slow
@pytest.mark.parametrize("index", range(len(FILES) - 1), ids=lambda index: FILES[index].stem)
def test_each_morphs_to_its_neighbour_without_a_click(index, show, tmp_path):
    morphed_without_a_click(show, FILES[index], FILES[index + 1], tmp_path)
