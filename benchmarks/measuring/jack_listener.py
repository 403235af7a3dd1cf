"""A second process that hears what a sound card would: saves what comes out of ports on a JACK server.

`python jack_listener.py SERVER FILE.npz [PORT ...]`: connects, while it runs, to the ports named, to PortAudio's first
two where none is; writes `samples` (channels, frames), and the clock's readings `times` at the starts of periods
`starts` (frames since the first), when its input closes.
"""

from __future__ import annotations

import sys
import time

import jack
import numpy as np

CHANNELS = 2


def main(server: str, path: str, *ports: str) -> None:
    client = jack.Client("listener", servername=server, no_start_server=True)
    inputs = [client.inports.register(f"in_{number}") for number in range(len(ports) or CHANNELS)]
    periods: list[tuple[int, float, list[np.ndarray]]] = []

    @client.set_process_callback
    def listen(frames: int) -> None:
        periods.append((client.last_frame_time, time.perf_counter(), [port.get_array().copy() for port in inputs]))

    client.activate()
    print("ready", flush=True)
    for line in sys.stdin:  # any line: connect what is there now
        outputs = list(ports) or client.get_ports("PortAudio", is_audio=True, is_output=True)
        for source, target in zip(outputs, inputs, strict=False):
            client.connect(source, target)
        print(len(outputs), line.strip(), flush=True)
    client.deactivate()
    taken = list(periods)
    samples = np.array([np.concatenate([period[2][channel] for period in taken]) for channel in range(len(inputs))])
    starts = np.array([period[0] for period in taken]) - taken[0][0]
    np.savez(path, samples=samples, starts=starts, times=np.array([period[1] for period in taken]))
    print("saved", flush=True)
    client.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
