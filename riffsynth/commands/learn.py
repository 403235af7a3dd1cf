"""`riffsynth learn`: tells a running instrument to listen for a parameter's control, and waits for what comes of it."""

from __future__ import annotations

import argparse
import contextlib
import socket
import sys
import time
from collections.abc import Iterator

from riffsynth.commands.send import ERROR, EXIT_NO_ANSWER, EXIT_REFUSED, NOTIFY, connected, nobody
from riffsynth.control.errors import ControlError
from riffsynth.control.learning import PATIENCE_S, WINDOW_S
from riffsynth.control.midi_learn import ENDED, LEARNED, WAITING
from riffsynth.control.osc_codec import OscMessage, decode, encode
from riffsynth.control.osc_router import PREFIX

LEARN, UNLEARN = PREFIX + "learn", PREFIX + "unlearn"
ANSWER_S = 1.0


def run(options: argparse.Namespace) -> int:
    """0 when a control was learned, 1 when nothing answered or nothing was moved, 2 when it was refused."""
    args = [options.parameter] if options.value is None else [options.parameter, options.value]
    try:
        with connected(options.host, options.port) as asking:
            asking.send(encode(NOTIFY))
            asking.send(encode(LEARN, *args))
            try:
                return _follow(_messages(asking), nobody(options.host, options.port))
            finally:
                with contextlib.suppress(OSError):
                    asking.send(encode(UNLEARN))  # does nothing once it has been learned
                    asking.send(encode(NOTIFY, 0))
    except ConnectionRefusedError:
        return _failed(nobody(options.host, options.port), EXIT_NO_ANSWER)
    except (OSError, UnicodeError) as error:
        raise ControlError(f"cannot send to {options.host} port {options.port}: {error}") from None


def _follow(messages: Iterator[OscMessage], nobody_there: str) -> int:
    waiting = False
    for message in messages:
        if message.address == ERROR and not waiting:  # later ones tell of other things
            return _failed(str(message.args[0]), EXIT_REFUSED)
        if message.address == LEARN and len(message.args) > 2:
            state, sentence, *gave_way = map(str, message.args[1:])
            if state == ENDED:
                return _failed(sentence, EXIT_NO_ANSWER)
            waiting = True
            print("\n".join([sentence, *gave_way]), flush=True)
            if state == LEARNED:
                return 0
    return _failed(nobody_there, EXIT_NO_ANSWER)


def _messages(asking: socket.socket) -> Iterator[OscMessage]:
    """What arrives until nothing more is to be expected."""
    until = time.monotonic() + ANSWER_S
    while (left := until - time.monotonic()) > 0:
        asking.settimeout(left)
        try:
            message = decode(asking.recv(65536))
        except (TimeoutError, ConnectionRefusedError):
            return
        if isinstance(message, OscMessage):
            if message.address == LEARN and WAITING in message.args:
                until = time.monotonic() + PATIENCE_S + WINDOW_S + ANSWER_S
            yield message


def _failed(sentence: str, code: int) -> int:
    print(f"riffsynth: {sentence}", file=sys.stderr)
    return code
