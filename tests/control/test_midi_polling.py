"""Messages out of RtMidi's queues."""

from __future__ import annotations

import threading
from collections import deque

from riffsynth.control.midi_polling import Polling

WAIT_S = 20.0


class Queue:
    """Filled by a test in place of a driver's thread."""

    def __init__(self) -> None:
        self.waiting: deque[tuple[list[int], float]] = deque()
        self.asked = threading.Event()

    def get_message(self) -> tuple[list[int], float] | None:
        self.asked.set()
        return self.waiting.popleft() if self.waiting else None

    def was_asked(self) -> bool:
        self.asked.clear()
        return self.asked.wait(WAIT_S)


class Ear:
    def __init__(self, wanted: int) -> None:
        self.heard: list[tuple[list[int], float]] = []
        self._wanted, self._done = wanted, threading.Event()

    def __call__(self, data: list[int], delta_s: float, time_s: float | None = None) -> None:
        self.heard.append((data, delta_s))
        if len(self.heard) == self._wanted:
            self._done.set()

    def wait(self) -> None:
        assert self._done.wait(WAIT_S)


def test_all_that_waits_is_fetched_in_order_with_the_drivers_intervals() -> None:
    messages = [([0xF8], 0.02 + number / 1e6) for number in range(1000)]
    queue, ear, polling = Queue(), Ear(1000), Polling()
    queue.waiting.extend(messages)
    leave_off = polling.add(queue, ear)
    ear.wait()
    leave_off()
    assert ear.heard == messages


def test_a_queue_left_off_is_not_touched_and_others_are() -> None:
    first, second, polling = Queue(), Queue(), Polling()
    leave_first, leave_second = polling.add(first, Ear(1)), polling.add(second, Ear(1))
    assert first.was_asked()
    leave_first()
    first.asked.clear()
    assert second.was_asked() and second.was_asked()
    assert not first.asked.is_set()
    leave_second()


def test_it_starts_again_after_the_last_one_has_gone() -> None:
    polling = Polling()
    polling.add(Queue(), Ear(1))()
    queue, ear = Queue(), Ear(1)
    queue.waiting.append(([0xFA], 0.0))
    leave_off = polling.add(queue, ear)
    ear.wait()
    leave_off()
