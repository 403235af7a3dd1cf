"""Recordings: exact, whole at every moment, and never in the way of the sound."""

from __future__ import annotations

import subprocess
import sys
import threading
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from riffsynth.playback.recorder import Recorder, WavParts, WavWriter, compress, from_24_bit, read_wav, to_24_bit
from riffsynth.playback.writer import BackgroundWriter


@given(st.lists(st.integers(-(2**23), 2**23 - 1)))
def test_24_bit_samples_survive_exactly(values: list[int]) -> None:
    samples = (np.array(values, np.float64) / 2**23).astype(np.float32)
    assert np.array_equal(from_24_bit(to_24_bit(samples)), samples)


def test_full_scale_does_not_wrap() -> None:
    assert from_24_bit(to_24_bit(np.array([1.0, 2.0, -1.0, -2.0], np.float32))) == pytest.approx(
        [1, 1, -1, -1], abs=1e-6
    )


def test_a_recording_holds_what_was_put(tmp_path: Path) -> None:
    samples = np.rint(np.random.default_rng(0).uniform(-1, 1, 128 * 50) * 2**23) / 2**23
    recorder = Recorder(tmp_path / "a.wav", 48000)
    for block in samples.astype(np.float32).reshape(50, 128):
        recorder.put(block)
    recorder.close()
    read, rate = read_wav(tmp_path / "a.wav")
    assert rate == 48000
    assert np.array_equal(read, samples.astype(np.float32))
    assert recorder.failure is None


def test_a_file_is_whole_after_every_write(tmp_path: Path) -> None:
    with WavWriter(tmp_path / "a.wav", 44100) as wav:
        for count in (0, 1, 2, 3):
            assert read_wav(tmp_path / "a.wav")[0].size == 100 * count
            wav.write(np.zeros(100, np.float32))


def test_what_is_too_long_for_one_file_goes_on_in_the_next(tmp_path: Path) -> None:
    samples = from_24_bit(np.random.default_rng(1).bytes(3 * 1000))
    with WavParts(tmp_path / "a.wav", 44100, largest_bytes=3 * 300) as wav:
        for first in range(0, 1000, 130):
            wav.write(samples[first : first + 130])
    names = ["a.wav", "a-part2.wav", "a-part3.wav", "a-part4.wav"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)
    parts = [read_wav(tmp_path / name)[0] for name in names]
    assert [part.size for part in parts] == [300, 300, 300, 100]
    assert np.array_equal(np.concatenate(parts), samples)


def test_a_killed_process_leaves_a_file_that_opens(tmp_path: Path) -> None:
    code = (
        "import numpy, sys, pathlib, time\n"
        "from riffsynth.playback.recorder import Recorder\n"
        "recorder = Recorder(pathlib.Path(sys.argv[1]), 44100)\n"
        "while True: recorder.put(numpy.full(128, 0.25, numpy.float32)), print(flush=True), time.sleep(0.001)\n"
    )
    path = tmp_path / "a.wav"
    process = subprocess.Popen([sys.executable, "-c", code, path], stdout=subprocess.PIPE)
    assert process.stdout is not None
    while not path.exists() or path.stat().st_size < 3 * 128 * 100:
        assert process.stdout.readline()
    process.kill()
    process.wait()
    process.stdout.close()
    samples, _ = read_wav(path)
    assert samples.size > 0 and (samples == 0.25).all()


def test_compressed_it_holds_the_same_samples(tmp_path: Path) -> None:
    samples = from_24_bit(np.random.default_rng(2).bytes(3 * 100_000))
    with WavWriter(tmp_path / "a.wav", 48000) as wav:
        wav.write(samples)
    read, rate = soundfile.read(compress(tmp_path / "a.wav"), dtype="float32")
    assert rate == 48000
    assert np.array_equal(read, samples)


def test_a_full_disk_ends_the_recording_and_nothing_else() -> None:
    written: list[int] = []

    def write(items: list[int]) -> None:
        written.extend(items)
        if 2 in items:
            raise OSError(28, "No space left on device")

    writer = BackgroundWriter[int](write, lambda: None, 100, "test")
    for item in range(5):
        writer.put(item)
    writer.close()
    assert "No space left" in (writer.failure or "")
    writer.put(6)
    assert 6 not in written


def test_a_slow_disk_never_makes_put_wait() -> None:
    release = threading.Event()
    writer = BackgroundWriter[int](lambda items: bool(release.wait(10)), lambda: None, 10, "test")
    for item in range(50):
        writer.put(item)
    assert writer.failure == "the disk is too slow"
    release.set()
    writer.close()


def test_other_wave_files_are_refused(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "b.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(44100)
    with pytest.raises(wave.Error, match="24 bit"):
        read_wav(tmp_path / "b.wav")
