"""The null output: as punctual as its clock, and honest about silence."""

from __future__ import annotations

import numpy as np
import pytest

from riffsynth.playback.output import NullOutput, OutputError, open_output
from riffsynth.playback.rtmixer_output import find_device
from riffsynth.timing.clock import ManualClock

RATE = 44100
BLOCK = 128


def fill(output: NullOutput) -> int:
    written = 0
    while output.room() >= BLOCK:
        output.write(np.zeros(BLOCK, np.float32))
        written += BLOCK
    return written


def test_it_takes_as_much_as_has_been_played() -> None:
    clock = ManualClock(5.0)
    output = NullOutput(clock, BLOCK, RATE, sleep=clock.advance)
    start = output.start()
    assert start == pytest.approx(5.0 + output.latency_s)
    written = fill(output)
    assert written / RATE == pytest.approx(0.025, abs=BLOCK / RATE)
    while clock.now() < 15.0:
        output.wait()
        assert output.lost() == 0
        written += fill(output)
    assert written / RATE == pytest.approx(10.0, abs=0.01)
    assert output.underruns == 0


def test_what_comes_too_late_is_counted_as_silence_in_whole_blocks() -> None:
    clock = ManualClock()
    output = NullOutput(clock, BLOCK, RATE, sleep=clock.advance)
    start = output.start()
    written = fill(output)
    clock.advance(0.5)
    lost = output.lost()
    assert lost % BLOCK == 0
    assert clock.now() < start + (written + lost) / RATE < clock.now() + 0.02
    assert output.lost() == 0
    assert output.underruns == 1
    assert output.latency_s == pytest.approx(0.05, abs=0.001)  # a deeper ring from now on


def test_null_can_be_asked_for_at_any_rate() -> None:
    output, line = open_output("null", 2, 96000, None, ManualClock())
    assert (output.name, output.sample_rate, line) == ("null", 96000, None)


class Library:
    """What `sounddevice` answers on a machine with these devices."""

    class default:
        device = (0, 1)

    def __init__(self, *names: str) -> None:
        self._devices = [{"name": name, "max_output_channels": 0 if name == "Microphone" else 2} for name in names]

    def query_devices(self) -> list[dict]:
        return self._devices


CARDS = Library("Microphone", "Built-in", "Scarlett 2i2 USB", "Scarlett")


@pytest.mark.parametrize(
    "wanted, index", [(None, 1), ("scarlett", 3), ("2i2", 2), ("3", 3), ("BUILT", 1), ("Scarlett 2i2 USB", 2)]
)
def test_a_device_is_found_by_number_name_or_part_of_it(wanted: str | None, index: int) -> None:
    assert find_device(CARDS, wanted)[0] == index


@pytest.mark.parametrize("wanted", ["Microphone", "0", "9", "Fireface"])
def test_a_device_that_is_not_there_is_refused_with_what_is(wanted: str) -> None:
    with pytest.raises(OutputError, match="2 Scarlett 2i2 USB"):
        find_device(CARDS, wanted)


def test_without_any_card_it_says_so() -> None:
    with pytest.raises(OutputError, match="no sound card"):
        find_device(Library("Microphone"), None)
