"""The patch for Pure Data in real Pd."""

from __future__ import annotations

import itertools
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager

import pytest
from real_parts import missing

from riffsynth.control.osc_codec import decode, encode
from riffsynth.parameters import TABLE
from riffsynth.patches.pure_data import patch, receiver_of

PATIENCE_S = 20.0


@pytest.fixture
def riffsynth_socket():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.bind(("127.0.0.1", 0))
        made.settimeout(PATIENCE_S)
        yield made


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def pd(folder, *files, sends=()):
    if shutil.which("pd") is None:
        missing("there is no pd (apt-get install puredata-core)")
    words = [word for send in sends for word in ("-send", send)]
    log = folder / "pd.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            ["pd", "-nrt", "-nogui", "-noaudio", "-nomidi", "-stderr", *words, *map(str, files)],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        yield log
    finally:
        process.kill()
        process.wait(5)


def heard(server, count):
    """The next `count` messages: (address, arguments)."""
    messages = [decode(server.recv(65536)) for _ in range(count)]
    return [(message.address, message.args) for message in messages]


def test_real_pd_loads_it_without_a_word_and_every_control_sends(tmp_path, riffsynth_socket):
    file = tmp_path / "riffsynth.pd"
    port = free_port()
    file.write_text(patch(TABLE, riffsynth_socket.getsockname()[1], port))
    moves = {
        "alpha": ("0.25", (0.25,)),
        "a.prompt": ("symbol deep-dub", ("deep-dub",)),
        "mute": ("1", (1.0,)),
        "steps": ("12", (12.0,)),
        "tempo": ("90", (90.0,)),
        "clock": ("symbol midi", ("midi",)),
        "tap": ("bang", ()),
        "preset": ("symbol dub", ("dub",)),
        "morph": ("1.5", (1.5,)),
        "snapshot": ("3", (3.0,)),
        "undo": ("bang", ()),
    }
    rows = {parameter.name: parameter for parameter in TABLE}
    sends = [f"{receiver_of(rows[name])} {word}" for name, (word, _) in moves.items()]
    with pd(tmp_path, file, sends=sends) as log:
        messages = heard(riffsynth_socket, 2 + len(moves))
        assert log.read_text() == ""
    assert messages[:2] == [("/riffsynth/notify", (float(port),)), ("/riffsynth/refresh", ())]
    assert messages[2:] == [(rows[name].osc_address, args) for name, (_, args) in moves.items()]


def test_what_riffsynth_tells_moves_the_control_without_sending(tmp_path, riffsynth_socket):
    """A second patch asks two controls in turn for their values, by a bang to their names."""
    file, asking = tmp_path / "riffsynth.pd", tmp_path / "asking.pd"
    port = free_port()
    file.write_text(patch(TABLE, riffsynth_socket.getsockname()[1], port))
    lines = ["#N canvas 0 0 200 200 12;", "#X obj 0 0 loadbang;", "#X obj 0 20 metro 50;", "#X obj 0 40 t b b;"]
    lines += ["#X obj 0 60 send riffsynth-alpha;", "#X obj 90 60 send riffsynth-a-prompt;"]
    lines += [f"#X connect {line};" for line in ("0 0 1 0", "1 0 2 0", "2 0 3 0", "2 1 4 0")]
    asking.write_text("\n".join(lines) + "\n")
    answers = []
    with pd(tmp_path, file, asking):
        assert heard(riffsynth_socket, 2)[0][0] == "/riffsynth/notify"
        deadline = time.monotonic() + PATIENCE_S
        for address, value in (("/riffsynth/alpha", 0.75), ("/riffsynth/a/prompt", "warm pads, no drums")):
            while (address, (value,)) not in answers:
                assert time.monotonic() < deadline, f"only {answers[-4:]}"
                riffsynth_socket.sendto(encode(address, value), ("127.0.0.1", port))
                answers += heard(riffsynth_socket, 2)
    addresses = [address for address, _ in answers]
    assert all(one != next_one for one, next_one in itertools.pairwise(addresses))  # each answer, and no echo between
