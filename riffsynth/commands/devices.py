"""`riffsynth devices`: the sound outputs, MIDI inputs and MIDI outputs of this machine."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Iterator
from typing import Any

from riffsynth.commands.printing import Row, show
from riffsynth.errors import RiffsynthError

RATES = (44100, 48000, 88200, 96000, 192000)
"""Sample rates (Hz) that an output is asked for, beside its own."""


def run(options: argparse.Namespace) -> int:
    """Lists what there is; what cannot be listed is told on standard error, for nothing here needs it to play."""
    rows: list[Row] = []
    for kind, found in (("sound output", outputs), ("MIDI input", midi_inputs)):
        try:
            devices = found()
        except RiffsynthError as error:
            print(f"riffsynth: {error}", file=sys.stderr)
            continue
        if not devices:
            print(f"riffsynth: there is no {kind}", file=sys.stderr)
        rows += devices
    with contextlib.suppress(RiffsynthError):  # the same as was said of the inputs
        rows += midi_outputs()
    show(rows, options.json, _line)
    return 0


def outputs(sounddevice: Any = None) -> list[Row]:
    """Every output that PortAudio knows, with its channels and the rates (Hz) that it takes. Raises OutputError."""
    with stderr_closed():
        if sounddevice is None:
            sounddevice = portaudio()
        systems = sounddevice.query_hostapis()
        default = sounddevice.default.device[1]
        return [
            {
                "kind": "output",
                "number": number,
                "name": device["name"],
                "system": systems[device["hostapi"]]["name"],
                "channels": device["max_output_channels"],
                "rates": _rates(sounddevice, number, device),
                "default": number == default,
            }
            for number, device in enumerate(sounddevice.query_devices())
            if device["max_output_channels"] > 0
        ]


def midi_inputs() -> list[Row]:
    """The MIDI ports that can be listened to. Raises ControlError where the machine has no MIDI."""
    from riffsynth.control.midi_ports import rtmidi_system

    with stderr_closed():
        return [{"kind": "midi", "name": name} for name in rtmidi_system().names()]


def midi_outputs() -> list[Row]:
    """The MIDI ports that the clock can go out to. Raises ControlError where the machine has no MIDI."""
    from riffsynth.control.midi_ports import rtmidi_system

    with stderr_closed():
        return [{"kind": "midi out", "name": name} for name in rtmidi_system().output_names()]


def portaudio() -> Any:
    """The library. Raises OutputError with what to install."""
    os.environ.setdefault("JACK_NO_START_SERVER", "1")  # looking must not start a sound server
    try:
        import sounddevice
    except OSError as error:
        from riffsynth.playback.output import OutputError  # brings numpy, which the doctor may find missing

        raise OutputError(f"PortAudio is missing ({error}); on Debian: apt-get install libportaudio2") from error
    return sounddevice


@contextlib.contextmanager
def stderr_closed() -> Iterator[None]:
    """Keeps what ALSA and JACK print from C, a page for each device that is not there, out of the answer."""
    sys.stderr.flush()
    before = os.dup(2)
    try:
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(before, 2)
        os.close(before)


def _rates(sounddevice: Any, number: int, device: dict[str, Any]) -> list[int]:
    own = round(device["default_samplerate"])
    channels = min(2, device["max_output_channels"])
    rates = []
    for rate in sorted({own, *RATES}):
        with contextlib.suppress(sounddevice.PortAudioError):
            sounddevice.check_output_settings(device=number, channels=channels, samplerate=rate)
            rates.append(rate)
    return rates


def _line(row: Row) -> str:
    if row["kind"] in ("midi", "midi out"):
        return f"{row['kind']:8} {row['name']}"
    rates = ", ".join(map(str, row["rates"])) or "no rate just now"
    default = " (default)" if row["default"] else ""
    channels = f"{row['channels']} channel{'s' if row['channels'] > 1 else ''}"
    return f"output {row['number']} {row['name']} [{row['system']}]{default}: {channels}, {rates} Hz"
