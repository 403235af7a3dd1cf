"""The file for SuperCollider: as text, and in the real language."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess

import pytest

from riffsynth.control.osc_codec import decode, encode
from riffsynth.parameters import TABLE, Kind
from riffsynth.patches.supercollider import environment, key_of

PATIENCE_S = 60.0
HEADLESS = {
    "QT_QPA_PLATFORM": "offscreen",
    "QTWEBENGINE_DISABLE_SANDBOX": "1",
    "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox",
}


def test_every_parameter_has_a_function_and_all_but_triggers_a_listener():
    text = environment(TABLE)
    for parameter in TABLE:
        assert f"~{key_of(parameter)} = {{" in text
        assert f"~target.sendMsg('{parameter.osc_address}'" in text
        assert (f"OSCdef('riffsynth_{key_of(parameter)}'" in text) is (parameter.kind is not Kind.TRIGGER)


def test_brackets_are_balanced():
    code = "\n".join(line.split(" //")[0] for line in environment(TABLE).splitlines() if not line.startswith("//"))
    for opening, closing in ("()", "{}", "[]"):
        assert code.count(opening) == code.count(closing) > 0


@pytest.mark.slow
def test_real_sclang_sends_and_hears(tmp_path):
    if shutil.which("sclang") is None:
        pytest.skip("there is no sclang (apt-get install supercollider-language)")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(PATIENCE_S)
        patch, script = tmp_path / "riffsynth.scd", tmp_path / "test.scd"
        patch.write_text(environment(TABLE).replace("9000", str(server.getsockname()[1])))
        script.write_text(
            f'"{patch}".load;\n'
            '~riffsynth[\\changed] = { |name, value| ~riffsynth.use { ~init.(name.asString ++ " " ++ value) } };\n'
            '~riffsynth.use { ~alpha.(0.5); ~a_prompt.("warm pads, no drums"); ~mute.(true); ~steps.(12); ~play.() };\n'
        )
        sclang = subprocess.Popen(
            ["sclang", "-D", str(script)],
            env=os.environ | HEADLESS,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            heard = []
            while len(heard) < 7:
                packet, sender = server.recvfrom(65536)
                message = decode(packet)
                heard.append((message.address.removeprefix("/riffsynth/"), message.args))
            server.sendto(encode("/riffsynth/tempo", 90.0), sender)
            answer = decode(server.recv(65536))
        finally:
            sclang.kill()
            sclang.wait(5)
    assert heard == [
        ("notify", (sender[1],)),
        ("refresh", ()),
        ("alpha", (0.5,)),
        ("a/prompt", ("warm pads, no drums",)),
        ("mute", (1,)),
        ("steps", (12,)),
        ("play", ()),
    ]
    assert (answer.address, answer.args) == ("/riffsynth/init", ("tempo 90.0",))
