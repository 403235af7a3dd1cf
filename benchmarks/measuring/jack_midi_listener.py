"""A second process that hears MIDI on a JACK server.

`python jack_midi_listener.py SERVER FILE.json PORT`: a line connects it to PORT; when its input closes it writes
`messages` ([[seconds of the system's clock, [bytes]]]). A message's time is that of its frame; frames are mapped to the
clock where the server's calls were soonest.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import jack
import numpy as np

NEAR_PERIODS = 400
"""Calls around a message among which the soonest is looked for."""


def main(server: str, path: str, port: str) -> None:
    client = jack.Client("midi listener", servername=server, no_start_server=True)
    heard = client.midi_inports.register("in")
    calls: list[tuple[int, float]] = []
    messages: list[tuple[int, list[int]]] = []

    @client.set_process_callback
    def listen(frames: int) -> None:
        start = client.last_frame_time
        calls.append((start, time.perf_counter()))
        messages.extend((start + offset, list(bytes(data))) for offset, data in heard.incoming_midi_events())

    client.activate()
    print("ready", flush=True)
    for _ in sys.stdin:
        client.connect(port, heard)
        print("connected", flush=True)
    client.deactivate()
    frames, times = np.array(calls).T
    late = times - frames / client.samplerate

    def clock(frame: int) -> float:
        middle = int(np.searchsorted(frames, frame))
        near = late[max(0, middle - NEAR_PERIODS) : middle + NEAR_PERIODS]
        return float(frame / client.samplerate + near.min())

    Path(path).write_text(json.dumps({"messages": [(clock(frame), data) for frame, data in messages]}))
    client.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
