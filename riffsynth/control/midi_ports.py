"""python-rtmidi: the thin edge to the machine's MIDI ports."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from riffsynth.control.errors import ControlError
from riffsynth.control.jack_ports import JackSystem
from riffsynth.control.midi_devices import RawListener
from riffsynth.control.midi_polling import QUEUED, Polling

API_VARIABLE = "RIFFSYNTH_MIDI"
"""Set to `jack` or `alsa` it chooses the system; otherwise it is what the machine has, ALSA before JACK."""
CLIENT_NAME = "riffsynth"
VIRTUAL_NAME = "riffsynth" if sys.platform == "darwin" else "in"
"""ALSA and JACK show the client's name before it, macOS nothing else."""
_ALSA_SEQUENCER = Path("/dev/snd/seq")


class RtMidiSystem:
    """The ports of one of RtMidi's systems. One client stays open for looking; each port opened has one of its own.

    A client that has closed a port never hears another one over JACK (RtMidi 5), and a new client for each look would
    run ALSA out of clients.
    """

    def __init__(self, rtmidi: Any, api: int) -> None:
        """Raises OSError where the system is not there."""
        self._rtmidi = rtmidi
        self._api = api
        self._looking = rtmidi.MidiIn(rtapi=api, name=CLIENT_NAME + " looking")
        self._looking_out: Any = None
        self._polling = Polling() if api == rtmidi.API_UNIX_JACK else None
        """Where messages are not called back."""

    def names(self) -> list[str]:
        return list(self._looking.get_ports())

    def open(self, name: str, listener: RawListener) -> Callable[[], None]:
        client, close = self._client(listener)
        try:
            # Ports may have come and gone since they were listed: the number counts in this client's list.
            client.open_port(client.get_ports().index(name), name)
        except (ValueError, OSError) as error:
            close()
            raise OSError(f"it is gone or taken ({error})") from None
        return close

    def output_names(self) -> list[str]:
        if self._looking_out is None:
            self._looking_out = self._rtmidi.MidiOut(rtapi=self._api, name=CLIENT_NAME + " looking out")
        return list(self._looking_out.get_ports())

    def open_output(self, name: str) -> RtMidiOutput:
        client = self._rtmidi.MidiOut(rtapi=self._api, name=CLIENT_NAME + " feedback")
        try:
            client.open_port(client.get_ports().index(name))
        except (ValueError, OSError) as error:
            client.delete()
            raise OSError(f"it is gone or taken ({error})") from None
        return RtMidiOutput(client)

    def open_virtual_output(self) -> RtMidiOutput:
        """An output that other programs can connect to. Raises OSError where the system has no such thing."""
        client = self._rtmidi.MidiOut(rtapi=self._api, name=CLIENT_NAME + " clock")
        try:
            client.open_virtual_port("out")
        except (OSError, NotImplementedError) as error:
            client.delete()
            raise OSError(f"no virtual port here ({error})") from None
        return RtMidiOutput(client)

    def open_virtual(self, name: str, listener: RawListener) -> Callable[[], None]:
        client, close = self._client(listener)
        try:
            client.open_virtual_port(VIRTUAL_NAME)
        except (OSError, NotImplementedError) as error:
            close()
            raise OSError(f"no virtual port here ({error})") from None
        return close

    def _client(self, listener: RawListener) -> tuple[Any, Callable[[], None]]:
        """An input, and what closes it."""
        client = self._rtmidi.MidiIn(rtapi=self._api, name=CLIENT_NAME, queue_size_limit=QUEUED)
        client.ignore_types(sysex=True, timing=False, active_sense=True)
        if self._polling:
            hush = self._polling.add(client, listener)
        else:
            client.set_callback(lambda event, _data: listener(*event))
            hush = client.cancel_callback

        def close() -> None:
            hush()
            client.close_port()
            client.delete()

        return client, close


class RtMidiOutput:
    """One output."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def send(self, data: Sequence[int]) -> None:
        self._client.send_message(list(data))

    def close(self) -> None:
        self._client.close_port()
        self._client.delete()


def rtmidi_system() -> RtMidiSystem | JackSystem:
    """The machine's MIDI, over JACK with the help of JACK-Client where that is installed.

    Raises ControlError, in one line, where it has none.
    """
    try:
        import rtmidi
    except ImportError:
        raise ControlError("no MIDI: python-rtmidi is not installed (pip install 'riffsynth[midi]')") from None
    choice = os.environ.get(API_VARIABLE, "").lower()
    if choice not in ("", "alsa", "jack"):
        raise ControlError(f"no MIDI: {API_VARIABLE} is alsa or jack, found {choice!r}")
    reasons = []
    for api in rtmidi.get_compiled_api():
        is_jack = api == rtmidi.API_UNIX_JACK
        if choice and is_jack != (choice == "jack"):
            continue
        if api == rtmidi.API_LINUX_ALSA and not _ALSA_SEQUENCER.exists():
            reasons.append("ALSA has no sequencer (modprobe snd-seq)")
            continue
        if is_jack:
            _hush_jack(rtmidi)
        try:
            system = RtMidiSystem(rtmidi, api)
        except OSError as error:
            reasons.append("no JACK server runs" if is_jack else str(error))
        else:
            return JackSystem(system, CLIENT_NAME, VIRTUAL_NAME) if is_jack and find_spec("jack") else system
    raise ControlError("no MIDI: " + (", and ".join(reasons) or "this system has none"))


@ctypes.CFUNCTYPE(None, ctypes.c_char_p)
def _hushed(_text: bytes) -> None:
    """libjack keeps a pointer to it, so it lives as long as the module."""


def _hush_jack(rtmidi: Any) -> None:
    """Keeps libjack from printing half a dozen lines where no server runs: we say it in one."""
    os.environ.setdefault("JACK_NO_START_SERVER", "1")
    folder = Path(rtmidi.__file__).parent.parent
    inside = sorted(folder.glob("python_rtmidi*/libjack*")) if sys.platform == "linux" else []
    for library in (*map(str, inside), "libjack.so.0"):
        try:
            jack = ctypes.CDLL(library)
            jack.jack_set_error_function(_hushed)
            jack.jack_set_info_function(_hushed)
        except (OSError, AttributeError):
            continue
        return
