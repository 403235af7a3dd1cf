"""A second process with a clock of its own: MIDI out and clicks out of a JACK client, both on the server's frames.

`python jack_drum_machine.py SERVER [late]`: reads one line of JSON, `{"midi": [[seconds, [bytes]]], "clicks":
[seconds]}`, seconds from a moment after the line, ascending; says `done` after the last of them, and ends when its
input closes. With `late` all of it waits for the next period's beginning, as messages do in programs that use RtMidi.
"""

from __future__ import annotations

import json
import sys
import threading

import jack

LEAD_S = 0.1


def main(server: str, *how: str) -> None:
    client = jack.Client("drum machine", servername=server, no_start_server=True)
    midi, clicks = client.midi_outports.register("out"), client.outports.register("clicks")
    late = "late" in how
    waiting_midi: list[tuple[int, list[int]]] = []
    waiting_clicks: list[int] = []
    done = threading.Event()

    @client.set_process_callback
    def play(frames: int) -> None:
        start = client.last_frame_time
        midi.clear_buffer()
        sound = clicks.get_array()
        sound[:] = 0.0
        while waiting_midi and waiting_midi[-1][0] < start + (0 if late else frames):
            frame, data = waiting_midi.pop()
            midi.write_midi_event(0 if late else max(0, frame - start), bytes(data))
        while waiting_clicks and waiting_clicks[-1] < start + (0 if late else frames):
            frame = waiting_clicks.pop()
            sound[0 if late else max(0, frame - start)] = 1.0
        if not waiting_midi and not waiting_clicks:
            done.set()

    client.activate()
    print("ready", flush=True)
    score = json.loads(sys.stdin.readline())
    begin = client.frame_time + LEAD_S * client.samplerate

    def frame(seconds: float) -> int:
        return round(begin + seconds * client.samplerate)

    done.clear()
    waiting_clicks += reversed([frame(seconds) for seconds in score["clicks"]])
    waiting_midi += reversed([(frame(seconds), data) for seconds, data in score["midi"]])
    done.clear()
    done.wait()
    print("done", flush=True)
    sys.stdin.read()
    client.deactivate()
    client.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
