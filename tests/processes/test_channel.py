"""Values cross a channel whole and in order, and its end is noticed on both sides."""

from __future__ import annotations

import multiprocessing
import threading

from riffsynth.processes.channel import Channel

TIMEOUT_S = 10.0


def pair() -> tuple[Channel, Channel]:
    ours, theirs = multiprocessing.Pipe()
    return Channel(ours, "ours"), Channel(theirs, "theirs")


def ended(channel: Channel) -> bool:
    for _ in range(1000):
        if channel.closed:
            return True
        channel.wait(TIMEOUT_S / 1000)
        threading.Event().wait(0.001)
    return False


def test_the_peer_learns_that_a_channel_was_closed() -> None:
    ours, theirs = pair()
    ours.send("last words")
    ours.close()
    assert ended(theirs)
    assert theirs.receive() == ["last words"]


def test_values_arrive_in_order_before_the_end() -> None:
    ours, theirs = pair()
    for number in range(100):
        ours.send(number)
    ours.close()
    assert ended(theirs)
    theirs.close()
    assert theirs.receive() == list(range(100))


def test_both_may_close_and_close_again() -> None:
    ours, theirs = pair()
    for channel in (ours, theirs, ours):
        channel.close()
    assert ours.closed and theirs.closed
    ours.send("nobody hears it")
