"""An OSCQuery client that nobody here wrote, in JavaScript; the value that it sees change is moved by real MIDI.

The package `oscquery` reads the tree, `ws` and `node-osc` listen: no package on npm or PyPI was found that does both.
"""

from __future__ import annotations

import subprocess

import pytest
from browser import until
from desk import Desk
from real_parts import Dj, node_packages

from riffsynth.control.mapping import Binding
from riffsynth.control.midi_ports import API_VARIABLE
from riffsynth.parameters import TABLE

CLIENT = """
const {{ OSCQueryDiscovery }} = require("oscquery");
const {{ WebSocket }} = require("ws");
const {{ Message, decode, encode }} = require("node-osc");
const say = (...words) => console.log(...words);

(async () => {{
  const service = await new OSCQueryDiscovery().queryNewService("127.0.0.1", {port});
  for (const method of service.flat()) {{
    const [argument] = method.arguments;
    say("method", method.full_path, argument.type, argument.range?.min ?? "-", argument.range?.max ?? "-");
  }}
  const {{ wsIp, wsPort }} = service.hostInfo;
  const socket = new WebSocket(`ws://${{wsIp}}:${{wsPort}}`);
  socket.on("open", () => {{
    for (const DATA of ["/riffsynth/alpha", "/riffsynth/norm/pitch"]) {{
      socket.send(JSON.stringify({{ COMMAND: "LISTEN", DATA }}));
    }}
    socket.send(encode(new Message("/riffsynth/tempo", 93)));
  }});
  socket.on("message", (data, binary) => {{
    if (!binary) return;
    const {{ address, args }} = decode(data);
    say("heard", address, ...args.map(({{ value }}) => value));
  }});
}})();
"""


@pytest.fixture
def dj(jack_server, monkeypatch):
    """A controller on the JACK server."""
    monkeypatch.setenv(API_VARIABLE, "jack")
    device = Dj()
    yield device
    device.unplug()


def test_it_walks_the_tree_listens_and_sees_what_a_controller_moves(dj, tmp_path, monkeypatch):
    monkeypatch.setenv("NODE_PATH", str(node_packages("oscquery", "ws", "node-osc")))
    bindings = [Binding(cc=1, to="alpha", takeover="jump"), Binding(bend=True, to="pitch", takeover="jump")]
    desk = Desk(midi=tmp_path / "maps", bindings=bindings)
    script, log = tmp_path / "client.cjs", tmp_path / "log"
    script.write_text(CLIENT.format(port=desk.port))
    with log.open("wb") as out:
        process = subprocess.Popen(["node", str(script)], stdout=out, stderr=out)
    said = lambda: log.read_text(errors="replace")  # noqa: E731
    try:
        until(lambda: "heard /riffsynth/norm/pitch 0.5" in said())
        walked = {line.split()[1] for line in said().splitlines() if line.startswith("method")}
        assert {parameter.osc_address for parameter in TABLE} <= walked
        assert "method /riffsynth/tempo f 20 400" in said()
        until(lambda: desk.get("tempo") == 93)

        dj.send("control_change control=1 value=127", "pitchwheel pitch=8191")
        until(lambda: "heard /riffsynth/alpha 1" in said())
        until(lambda: "heard /riffsynth/norm/pitch 1" in said())
    finally:
        process.kill()
        process.wait()
        desk.close()
