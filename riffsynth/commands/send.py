"""`riffsynth send`: one OSC message to a running instrument, and what it answers."""

from __future__ import annotations

import argparse
import re
import socket
import sys
import time
from collections.abc import Sequence

from riffsynth.commands.printing import show
from riffsynth.control.errors import ControlError
from riffsynth.control.osc_codec import OscError, OscMessage, decode, encode
from riffsynth.control.osc_router import PREFIX
from riffsynth.parameters import TABLE, Kind

ANSWER_S = 1.0
EXIT_NO_ANSWER = 1
EXIT_REFUSED = 2
ERROR, NOTIFY, STATUS, SYNC = (PREFIX + name for name in ("error", "notify", "status", "sync"))
TOKEN = "riffsynth send"
"""Sent with `sync` after the message: when it comes back, everything else has been said."""
_INT = re.compile(r"[+-]?[0-9]{1,18}")
_FLOAT = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_TEXTS = {parameter.osc_address for parameter in TABLE if parameter.kind is Kind.TEXT}


def run(options: argparse.Namespace) -> int:
    """0 when the instrument took the message, 1 when nothing answered, 2 when it refused it."""
    address = full_address(options.address)
    if address == NOTIFY:
        raise ControlError("send ends at once, so it cannot be notified: subscribe from the program that listens")
    answers, heard_all = exchange(options.host, options.port, address, arguments(address, options.args))
    refusals = [str(answer.args[0]) for answer in answers if answer.address == ERROR and answer.args]
    told = [answer for answer in answers if answer.address != ERROR]
    if address == STATUS and len(told) > 1:
        told = [answer for answer in told if answer.address != STATUS]  # the same once more, as JSON
    one = len(told) == 1 and told[0].address == address
    show(
        [{"address": answer.address, "args": list(answer.args)} for answer in told],
        options.json,
        lambda row: " ".join(map(_shown, row["args"] if one else [row["address"], *row["args"]])),
    )
    for refusal in refusals:
        print(f"riffsynth: {refusal}", file=sys.stderr)
    if not heard_all and not answers:
        print(f"riffsynth: {nobody(options.host, options.port)}", file=sys.stderr)
        return EXIT_NO_ANSWER
    return EXIT_REFUSED if refusals else 0


def nobody(host: str, port: int) -> str:
    return f"nothing answers on {host} port {port}: is riffsynth playing there?"


def full_address(text: str) -> str:
    """`a/prompt` and `a.prompt` are /riffsynth/a/prompt; what begins with a slash stays what it is."""
    return text if text.startswith("/") else PREFIX + text.replace(".", "/")


def arguments(address: str, texts: Sequence[str]) -> list[int | float | str]:
    """Ints, floats and strings told apart by their look; what a text parameter gets is text, whatever it looks like."""
    return [text if address in _TEXTS else _value(text) for text in texts]


def connected(host: str, port: int) -> socket.socket:
    """A socket that sends to an instrument and hears its answers. Raises OSError or UnicodeError."""
    family, kind, protocol, _, target = min(
        socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM), key=lambda found: found[0] != socket.AF_INET
    )
    asking = socket.socket(family, kind, protocol)
    asking.connect(target)
    return asking


def exchange(host: str, port: int, address: str, args: Sequence[int | float | str]) -> tuple[list[OscMessage], bool]:
    """Sends a message; what came back within a second, and whether that is known to be all.

    Raises ControlError for an address or host that cannot be sent to.
    """
    answers: list[OscMessage] = []
    deadline = time.monotonic() + ANSWER_S
    try:
        packets = [encode(address, *args), encode(SYNC, TOKEN)]
        with connected(host, port) as asking:
            for packet in packets:
                asking.send(packet)
            while (left := deadline - time.monotonic()) > 0:
                asking.settimeout(left)
                answer = decode(asking.recv(65536))
                if answer == OscMessage(SYNC, (TOKEN,)):
                    return answers, True
                if isinstance(answer, OscMessage):
                    answers.append(answer)
    except (ConnectionRefusedError, TimeoutError):
        pass  # nobody is there, or nobody who answers
    except OscError as error:
        raise ControlError(str(error)) from None
    except (OSError, UnicodeError) as error:
        raise ControlError(f"cannot send to {host} port {port}: {error}") from None
    return answers, False


def _value(text: str) -> int | float | str:
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _shown(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
