"""OSC over a real socket, with programs nobody here wrote on the other end."""

import os
import shutil
import socket
import subprocess
import threading
import time
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pythonosc.udp_client import SimpleUDPClient

from riffsynth.control.errors import ControlError
from riffsynth.control.osc import OscControl
from riffsynth.control.osc_codec import OscMessage, decode, encode
from riffsynth.control.osc_stream import StreamFraming
from riffsynth.control.store import ParameterStore
from riffsynth.parameters import PARAMETERS, TABLE, Kind

PATIENCE_S = 10.0


def need(program):
    """Skips where a real part is missing, or fails where all of them are required."""
    if shutil.which(program) is None:
        reason = f"{program} is not installed (apt-get install liblo-tools puredata-core)"
        if os.environ.get("RIFFSYNTH_REQUIRE_REAL_PARTS") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return program


class Instrument:
    """Store and OSC as the control loop runs them: woken by what arrives."""

    def __init__(self, **options):
        self.news = threading.Event()
        self.store = ParameterStore()
        self.osc = OscControl(self.store, port=0, wake=self.news.set, **options)
        self.port = self.osc.server.port

    def until(self, condition, patience_s=PATIENCE_S):
        deadline = time.monotonic() + patience_s
        while not condition():
            assert time.monotonic() < deadline, "it never came"
            self.news.wait(0.005)
            self.news.clear()
            self.osc.poll()

    def handled(self, count):
        self.until(lambda: self.osc.router.counts["messages"] + self.osc.router.counts["malformed"] >= count)


@pytest.fixture
def instrument():
    made = Instrument()
    yield made
    made.osc.close()


@pytest.fixture
def client():
    """A UDP socket that sends and hears answers."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.bind(("127.0.0.1", 0))
        made.settimeout(PATIENCE_S)
        yield made


def test_it_answers_the_sender(instrument, client):
    client.sendto(encode("/riffsynth/tempo"), ("127.0.0.1", instrument.port))
    instrument.handled(1)
    assert decode(client.recv(65536)) == OscMessage("/riffsynth/tempo", (120.0,))


def test_a_busy_port_is_named_with_what_to_do(instrument):
    with pytest.raises(ControlError, match=f"port {instrument.port} is in use.*--osc-port"):
        OscControl(ParameterStore(), port=instrument.port)


@pytest.mark.parametrize("host", ["no.such.host.invalid", "203.0.113.77"])
def test_a_host_that_is_not_ours_is_one_line(host):
    with pytest.raises(ControlError, match="OSC cannot listen on"):
        OscControl(ParameterStore(), host=host, port=0)


def test_closing_frees_the_port_and_the_thread():
    first = Instrument()
    first.osc.close()
    assert not [thread for thread in threading.enumerate() if thread is first.osc.server._thread]
    OscControl(ParameterStore(), port=first.port).close()


def test_10_000_messages_are_all_handled(instrument):
    """At 10,000 a second, sent by another process, with the control loop polling as it does on stage."""
    count = 10_000
    code = (
        "import socket, struct, sys, time\n"
        "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "head = b'/riffsynth/pitch\\0\\0\\0\\0,f\\0\\0'\n"
        "start = time.perf_counter()\n"
        f"for i in range({count}):\n"
        f"    s.sendto(head + struct.pack('>f', i % 48 / 2), ('127.0.0.1', {instrument.port}))\n"
        "    while time.perf_counter() - start < i / 10_000: pass\n"
    )
    sender = subprocess.Popen([os.environ.get("PYTHON", "python3"), "-c", code])
    instrument.handled(count)
    assert sender.wait() == 0
    assert instrument.osc.router.counts["messages"] == count
    assert instrument.osc.server.lost == 0


def tcp_client(instrument):
    return socket.create_connection(("127.0.0.1", instrument.port), timeout=PATIENCE_S)


def test_a_tcp_client_is_answered_and_told_of_changes(instrument):
    framing = StreamFraming()
    with tcp_client(instrument) as stream:
        stream.sendall(framing.framed(encode("/riffsynth/notify", 9001)) + framing.framed(encode("/riffsynth/tempo")))
        instrument.handled(2)
        instrument.store.set("pitch", 3, "midi")
        instrument.osc.poll()
        heard = []
        while len(heard) < 3:
            heard += framing.packets(stream.recv(65536))
        assert [decode(packet).address for packet in heard] == [f"/riffsynth/{x}" for x in ("notify", "tempo", "pitch")]
    instrument.until(lambda: not instrument.osc.router.feedback.targets)


def test_a_tcp_client_that_does_not_read_is_let_go(instrument):
    framing = StreamFraming()
    with tcp_client(instrument) as stream:
        stream.sendall(framing.framed(encode("/riffsynth/notify")))
        instrument.handled(1)
        prompt = "x" * 3900
        flips = 0
        while instrument.osc.router.feedback.targets:
            flips += 1
            assert flips < 20_000
            instrument.osc.announce("worker", prompt)
            instrument.osc.poll()


def test_a_taken_tcp_port_costs_a_note(client):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        osc = OscControl(ParameterStore(), port=taken.getsockname()[1])
        assert "TCP is off" in osc.notes[0]
        osc.close()


def test_opening_to_the_network_is_said():
    osc = OscControl(ParameterStore(), host="0.0.0.0", port=0)
    assert "open to the network" in osc.notes[0]
    osc.close()


def test_nobody_who_listens_no_more_disturbs(instrument):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as gone:
        gone.bind(("127.0.0.1", 0))
        gone.sendto(encode("/riffsynth/notify"), ("127.0.0.1", instrument.port))
        instrument.handled(1)
    for level in range(20):
        instrument.store.set("level", -level - 1, "test")
        instrument.osc.poll()
    instrument.osc.announce("worker", "ready")
    SimpleUDPClient("127.0.0.1", instrument.port).send_message("/riffsynth/alpha", 1.0)
    instrument.until(lambda: instrument.store.get("alpha") == 1)


@pytest.fixture(scope="module")
def fuzzed():
    made = Instrument()
    yield made
    made.osc.close()


PIECES = st.sampled_from(
    [
        b"#bundle\0",
        b"\0" * 7 + b"\1",
        b"/riffsynth/alpha\0\0\0\0",
        b",f\0\0",
        b",i\0\0",
        b"\0\0\0\x1c",
        b"\x7f\xf0\0\0",
        b"\xff" * 4,
    ]
)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(PIECES | st.binary(max_size=12), max_size=10).map(b"".join))
def test_any_packet_is_survived_and_no_value_leaves_its_range(fuzzed, packet):
    before = sum(fuzzed.osc.router.counts[name] for name in ("messages", "malformed"))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(packet, ("127.0.0.1", fuzzed.port))
        sender.sendto(encode("/riffsynth/sync"), ("127.0.0.1", fuzzed.port))
        fuzzed.handled(before + 1)
    for name, value in fuzzed.store.snapshot().items():
        if PARAMETERS[name].bounded:
            assert PARAMETERS[name].minimum <= value <= PARAMETERS[name].maximum


# liblo


def oscsend(port, address, types="", *args):
    # Without a type string oscsend sends none; some programs leave it out as well.
    command = [need("oscsend"), "localhost", str(port), address, *([types] if types else []), *map(str, args)]
    subprocess.run(command, check=True, timeout=PATIENCE_S)


@contextmanager
def oscdump(port, tmp_path):
    """The file that liblo prints into, a line for each message that arrives at `port`."""
    log = tmp_path / "oscdump.log"
    with log.open("wb") as out:
        process = subprocess.Popen(["stdbuf", "-oL", need("oscdump"), "-L", str(port)], stdout=out, stderr=out)
    try:
        yield log
    finally:
        process.kill()
        process.wait()


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


LIBLO_VALUES = {Kind.FLOAT: ("f", 0.5), Kind.INT: ("i", 3), Kind.BOOL: ("T", None), Kind.TEXT: ("s", "dub techno")}


def test_liblo_sets_every_address(instrument):
    need("oscsend")
    triggered = []
    instrument.store.listen(lambda change: triggered.append(change.name))
    for count, parameter in enumerate(TABLE, 1):
        types, value = LIBLO_VALUES.get(parameter.kind, ("s", (parameter.choices or ("bang",))[-1]))
        if parameter.name == "tempo":
            value = 90
        oscsend(instrument.port, parameter.osc_address, types, *([] if value is None else [value]))
        instrument.handled(count)
        if parameter.kind is Kind.TRIGGER:
            assert triggered[-1] == parameter.name
        else:
            assert instrument.store.get(parameter.name) == (True if value is None else value)


def test_liblo_reads_every_answer(tmp_path):
    port = free_port()
    made = Instrument(reply_port=port)
    try:
        with oscdump(port, tmp_path) as heard:
            while "/riffsynth/sync" not in heard.read_text():  # an answer is lost until oscdump listens
                made.osc.router.counts.clear()
                oscsend(made.port, "/riffsynth/sync", "i", 1)
                made.handled(1)
                time.sleep(0.02)
            oscsend(made.port, "/riffsynth/refresh")
            oscsend(made.port, "/riffsynth/sync", "s", "all told")
            made.until(lambda: "all told" in heard.read_text())
            text = heard.read_text()
    finally:
        made.osc.close()
    for parameter in TABLE:
        if parameter.kind is not Kind.TRIGGER:
            tag = {Kind.FLOAT: "f", Kind.INT: "i", Kind.BOOL: "i"}.get(parameter.kind, "s")
            assert f"{parameter.osc_address} {tag} " in text


def test_liblo_moves_every_twin_and_reads_where_it_is(tmp_path):
    port = free_port()
    made = Instrument(reply_port=port)
    twins = [row for row in TABLE if row.bounded or row.kind in (Kind.BOOL, Kind.CHOICE)]
    try:
        with oscdump(port, tmp_path) as heard:
            for row in twins:
                twin = row.osc_address.replace("/riffsynth/", "/riffsynth/norm/")
                oscsend(made.port, twin, "f", 1.0)
                made.handled(made.osc.router.counts["messages"] + 1)
                assert made.store.get(row.name) == row.from_unit(1.0)
                while f"{twin} f 1.0" not in heard.read_text():  # an answer is lost until oscdump listens
                    oscsend(made.port, twin)
                    made.handled(made.osc.router.counts["messages"] + 1)
                    time.sleep(0.005)
    finally:
        made.osc.close()
    assert made.osc.router.counts["refused"] == 0


def test_liblo_hears_what_was_wrong_and_how_the_instrument_is(tmp_path):
    port = free_port()
    made = Instrument(
        reply_port=port, status=lambda: {"beat": 1.5, "model": "x"}, commands={"learn": lambda args: args}
    )
    try:
        with oscdump(port, tmp_path) as heard:
            for words, answer in (
                (("/riffsynth/alpha", "f", 7), "/riffsynth/error s "),
                (("/riffsynth/status",), "/riffsynth/status/beat f 1.5"),
                (("/riffsynth/sync", "i", 3), "/riffsynth/sync i 3"),
                (("/riffsynth/learn", "s", "alpha"), '/riffsynth/learn s "alpha"'),
            ):
                while answer not in heard.read_text():
                    oscsend(made.port, *words)
                    made.handled(made.osc.router.counts["messages"] + 1)
                    time.sleep(0.01)
    finally:
        made.osc.close()


def test_liblo_plays_over_tcp(instrument):
    url = f"osc.tcp://localhost:{instrument.port}/"
    subprocess.run([need("oscsend"), url, "/riffsynth/alpha", "f", "0.5"], check=True, timeout=PATIENCE_S)
    instrument.until(lambda: instrument.store.get("alpha") == 0.5)
