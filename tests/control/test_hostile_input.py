"""Whatever arrives over OSC and MIDI: nothing is raised, and no value leaves its range."""

from __future__ import annotations

import random

import mido
import pytest
from pythonosc.osc_message_builder import OscMessageBuilder

from riffsynth.control.mapping import Binding
from riffsynth.control.midi_mapper import MidiMapper
from riffsynth.control.osc_codec import decoded
from riffsynth.control.osc_router import OscRouter, Received
from riffsynth.control.store import ParameterStore
from riffsynth.parameters import PARAMETERS, TABLE, Kind, coerce

SENDER = ("127.0.0.1", 5000)
VALUES = (0, 1, -1, 0.5, 3e38, -3e38, float("nan"), float("inf"), 2**31 - 1, "", "x" * 300, "\u0000", b"\0\1", True)


def assert_in_range(store: ParameterStore) -> None:
    for name, value in store.snapshot().items():
        assert coerce(PARAMETERS[name], value) == value


def packets(chance: random.Random) -> bytes:
    """One that makes sense, one with bytes changed, cut off or doubled, or nothing but chance."""
    if chance.random() < 0.1:
        return chance.randbytes(chance.randrange(200))
    builder = OscMessageBuilder(chance.choice(TABLE).osc_address)
    for _ in range(chance.randrange(3)):
        builder.add_arg(chance.choice(VALUES))
    packet = bytearray(builder.build().dgram)
    if chance.random() < 0.3:
        inner = len(packet).to_bytes(4, "big") + packet
        packet = bytearray(b"#bundle\0" + chance.randbytes(8) + inner)
    for _ in range(chance.choice((0, 0, 1, 3, 20))):
        packet[chance.randrange(len(packet))] = chance.randrange(256)
    if chance.random() < 0.1:
        packet = packet[: chance.randrange(len(packet))]
    return bytes(packet)


@pytest.mark.parametrize("count", [10_000, pytest.param(1_000_000, marks=pytest.mark.slow)])
def test_any_osc_packet(count: int) -> None:
    chance, store = random.Random(count), ParameterStore()
    router = OscRouter(store)
    for number in range(count):
        now = number / 1000
        router.handle(Received(decoded(packets(chance)), SENDER, now, 1.7e9 + now))
        router.due(now)
        if number % 1000 == 0:
            assert_in_range(store)
    assert_in_range(store)
    assert router.counts["malformed"] and router.counts["refused"] and router.counts["messages"]


@pytest.mark.parametrize("count", [5_000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_any_midi_message(count: int) -> None:
    chance, store = random.Random(count), ParameterStore()
    moved = [parameter.name for parameter in TABLE if parameter.bounded or parameter.kind is Kind.BOOL]
    mapper = MidiMapper(
        [Binding.model_validate({"cc": cc, "to": name}) for cc, name in enumerate(moved[:100])], store.get
    )
    parser = mido.Parser()
    handled = 0
    while handled < count:
        parser.feed(
            chance.randbytes(3) if chance.random() < 0.3 else [0xB0 | chance.randrange(16), *chance.randbytes(2)]
        )
        for message in parser:
            handled += 1
            for name, value in mapper.handle(message, "keys"):
                store.set(name, value, "midi:keys")
        if handled % 1000 == 0:
            assert_in_range(store)
    assert_in_range(store)
